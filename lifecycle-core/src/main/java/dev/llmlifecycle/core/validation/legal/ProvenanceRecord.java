package dev.llmlifecycle.core.validation.legal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.identity.CanonicalJson;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.text.CitationMarks;
import dev.llmlifecycle.core.internal.text.Words;

/**
 * Where an answer comes from: which passage with which licence made which sentence, the models, the release, the prompt
 * version, and what a person then changed.
 *
 * <p>A sentence is given to the passage that has the most of it: first by its words in runs of at least five that stand
 * in the passage, then by the share of its content words that do. With half of its words copied it is
 * {@link Origin#QUOTED}, with 0.6 of its content words aligned {@link Origin#DERIVED}, else {@link Origin#MODEL}. That
 * is a measurement of texts: it does not prove what the model drew on, and says nothing about authorship in law.
 *
 * <p>A host can store it ({@link #toJson()}), show it ({@link #toText()}) and find it again by its {@link #hash()}.
 * Lone surrogates of the texts are recorded as U+FFFD. The form in JSON has a version and the hash, which is checked
 * when it is read.
 *
 * <p>Immutable; making one takes time linear in the answer times the number of passages.
 *
 * @param interactionId the interaction that was recorded
 * @param startedAt when it was asked
 * @param outcome how it ended, as in {@link Interaction#outcome()}
 * @param answer what the user was given
 * @param release the release that answered, if one did
 * @param prompt the prompt version, if one was rendered
 * @param models the names the models gave themselves, in order of the alphabet; none where no model was called
 * @param snapshotId the state of the index, if one was searched
 * @param sources the passages, best first
 * @param sentences the sentences of the answer
 * @param edit what a person changed, if one did
 * @since 0.1
 */
public record ProvenanceRecord(
        String interactionId,
        Instant startedAt,
        String outcome,
        String answer,
        Optional<Hash> release,
        Optional<PinnedPrompt> prompt,
        List<String> models,
        Optional<String> snapshotId,
        List<Source> sources,
        List<Sentence> sentences,
        Optional<HumanEdit> edit) {

    /** The version of the form in JSON. */
    public static final int FORMAT = 1;

    private static final int NGRAM = 5;
    private static final int LEAST_RUN = 3;
    private static final double LEAST_COPIED = 0.5;
    private static final double LEAST_ALIGNED = 0.6;

    /** Copies. */
    public ProvenanceRecord {
        Objects.requireNonNull(interactionId, "interactionId");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(answer, "answer");
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(prompt, "prompt");
        models = List.copyOf(models);
        Objects.requireNonNull(snapshotId, "snapshotId");
        sources = List.copyOf(sources);
        sentences = List.copyOf(sentences);
        Objects.requireNonNull(edit, "edit");
    }

    /**
     * Records an answer.
     *
     * @param answer the answer
     * @return its record, without an edit
     */
    public static ProvenanceRecord of(Answer answer) {
        return of(answer.interaction());
    }

    /**
     * Records the answer of an interaction.
     *
     * @param interaction the interaction
     * @return its record, without an edit
     */
    public static ProvenanceRecord of(Interaction interaction) {
        String answer = whole(interaction.answer());
        Set<String> models = new TreeSet<>();
        for (Step step : interaction.steps()) {
            Optional.ofNullable(step.attributes().get("model"))
                    .filter(model -> step.type().equals(Step.MODEL))
                    .ifPresent(model -> models.add(whole(model)));
        }
        return new ProvenanceRecord(
                whole(interaction.id()),
                interaction.startedAt(),
                whole(interaction.outcome()),
                answer,
                interaction.release(),
                interaction.prompt(),
                List.copyOf(models),
                interaction.snapshotId().map(ProvenanceRecord::whole),
                interaction.passages().stream().map(Source::of).toList(),
                attribute(answer, interaction.passages()),
                Optional.empty());
    }

    /**
     * Adds what a person made of the answer, in the place of an earlier edit. Words are compared in order, without
     * regard to case and punctuation; of texts with more than 2,000 words between the first difference and the last,
     * sentences are compared first.
     *
     * @param editedText the text after the edit; may be empty
     * @return a record with the edit
     */
    public ProvenanceRecord withHumanEdit(String editedText) {
        String text = whole(editedText);
        int before = WordSequence.of(answer).size();
        int after = WordSequence.of(text).size();
        int kept = WordDiff.kept(answer, text);
        HumanEdit human = new HumanEdit(text, kept, after - kept, before - kept);
        return new ProvenanceRecord(
                interactionId,
                startedAt,
                outcome,
                answer,
                release,
                prompt,
                models,
                snapshotId,
                sources,
                sentences,
                Optional.of(human));
    }

    /**
     * Returns the hash of all that is recorded.
     *
     * @return the SHA-256 of the canonical JSON
     */
    public Hash hash() {
        return Hash.ofCanonicalJson(toCanonical());
    }

    /**
     * Writes the record as canonical JSON on one line, with its hash.
     *
     * @return the text
     */
    public String toJson() {
        Map<String, Object> json = toCanonical();
        json.put("hash", hash().hex());
        return CanonicalJson.write(json);
    }

    /**
     * Reads a record.
     *
     * @param json what {@link #toJson()} wrote
     * @return the record
     * @throws DamagedDataException when it is not a record, or not the one that its hash was made of
     */
    public static ProvenanceRecord fromJson(String json) {
        try {
            JsonObject object = JsonObject.parse(json);
            object.requireFormat(FORMAT);
            ProvenanceRecord record = read(object);
            if (!record.hash().equals(object.hash("hash"))) {
                throw new IllegalArgumentException("its hash does not fit its content");
            }
            return record;
        } catch (IllegalArgumentException e) {
            throw new DamagedDataException(
                    "provenance record",
                    "the whole text",
                    String.valueOf(e.getMessage()),
                    "take it again from where it was stored",
                    e);
        }
    }

    private static ProvenanceRecord read(JsonObject json) {
        return new ProvenanceRecord(
                json.text("interactionId"),
                json.instant("startedAt"),
                json.text("outcome"),
                json.text("answer"),
                json.optional("release", json::hash),
                json.optional("prompt", json::object)
                        .map(prompt ->
                                new PinnedPrompt(prompt.text("name"), prompt.integer("number"), prompt.hash("hash"))),
                json.texts("models"),
                json.optionalText("snapshotId"),
                json.objects("sources").stream().map(Source::read).toList(),
                json.objects("sentences").stream().map(Sentence::read).toList(),
                json.optional("edit", json::object).map(HumanEdit::read));
    }

    private Map<String, Object> toCanonical() {
        Map<String, Object> json = new TreeMap<>();
        json.put("format", FORMAT);
        json.put("interactionId", interactionId);
        json.put("startedAt", startedAt.toString());
        json.put("outcome", outcome);
        json.put("answer", answer);
        release.ifPresent(hash -> json.put("release", hash.hex()));
        prompt.ifPresent(pin -> json.put("prompt", pin.toCanonical()));
        json.put("models", models);
        snapshotId.ifPresent(id -> json.put("snapshotId", id));
        json.put("sources", sources.stream().map(Source::toCanonical).toList());
        json.put("sentences", sentences.stream().map(Sentence::toCanonical).toList());
        edit.ifPresent(human -> json.put("edit", human.toCanonical()));
        return json;
    }

    /**
     * Writes the record for people: the sentences with the numbers of their sources, the sources with their licences,
     * and what made the answer.
     *
     * @return plain text of several lines
     */
    public String toText() {
        StringBuilder text = new StringBuilder();
        for (Sentence sentence : sentences) {
            text.append(sentence.span().of(answer))
                    .append("\n    ")
                    .append(describe(sentence))
                    .append('\n');
        }
        if (!sources.isEmpty()) {
            text.append("\nSources\n");
        }
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            text.append("  [").append(i + 1).append("] ");
            source.title().ifPresent(title -> text.append(title).append(", "));
            source.author().ifPresent(author -> text.append(author).append(", "));
            text.append(source.source())
                    .append(", licence ")
                    .append(source.licence().orElse("not known"))
                    .append('\n');
        }
        text.append("\nMade by\n");
        text.append("  model ")
                .append(models.isEmpty() ? "none named" : String.join(", ", models))
                .append('\n');
        text.append("  release ").append(release.map(Hash::hex).orElse("none")).append('\n');
        text.append("  prompt ")
                .append(prompt.map(PinnedPrompt::toString).orElse("none"))
                .append('\n');
        text.append("  asked at ")
                .append(startedAt)
                .append(", interaction ")
                .append(interactionId)
                .append('\n');
        edit.ifPresent(human -> text.append("  then edited by a person: ")
                .append(human.kept())
                .append(" words kept, ")
                .append(human.inserted())
                .append(" inserted, ")
                .append(human.deleted())
                .append(" deleted; ")
                .append(percent(human.humanShare()))
                .append(" of the words are the person's\n"));
        return text.append("Record ").append(hash().hex()).append('\n').toString();
    }

    private String describe(Sentence sentence) {
        if (sentence.origin() == Origin.MODEL) {
            return "the model's own words";
        }
        int number = 1;
        for (Source source : sources) {
            if (source.passageId().equals(sentence.passageId().orElse(""))) {
                break;
            }
            number++;
        }
        return sentence.origin() == Origin.QUOTED
                ? "quoted from [" + number + "], " + percent(sentence.copied()) + " word for word"
                : "after [" + number + "], " + percent(sentence.aligned()) + " of its content words";
    }

    private static String percent(double share) {
        return Math.round(share * 100) + " %";
    }

    private static List<Sentence> attribute(String answer, List<Passage> passages) {
        WordSequence words = WordSequence.of(answer);
        CommonRuns runs = CommonRuns.of(words);
        List<TextSpan> spans = Sentences.split(answer);
        List<List<String>> contents = spans.stream()
                .map(span -> Words.content(CitationMarks.remove(span.of(answer))))
                .toList();
        List<Sentence> sentences =
                new ArrayList<>(spans.stream().map(Sentence::model).toList());
        for (Passage passage : passages) {
            int[] lengths = runs.lengths(WordSequence.of(passage.text()));
            Set<String> known = new HashSet<>(Words.content(passage.text()));
            for (int i = 0; i < spans.size(); i++) {
                TextSpan span = spans.get(i);
                double copied = copied(lengths, words.firstFrom(span.start()), words.firstFrom(span.end()));
                double aligned = aligned(contents.get(i), known);
                sentences.set(i, sentences.get(i).better(Sentence.of(span, whole(passage.id()), copied, aligned)));
            }
        }
        return sentences;
    }

    /** The share of the words from one to another that stand in runs; a whole sentence of three words is one, too. */
    private static double copied(int[] lengths, int from, int to) {
        if (from >= to) {
            return 0;
        }
        int least = Math.max(LEAST_RUN, Math.min(NGRAM, to - from));
        int covered = 0;
        int coveredFrom = to;
        for (int i = to - 1; i >= from; i--) {
            int inside = Math.min(lengths[i], i - from + 1);
            if (inside >= least) {
                coveredFrom = Math.min(coveredFrom, i - inside + 1);
            }
            covered += i >= coveredFrom ? 1 : 0;
        }
        return covered / (double) (to - from);
    }

    private static double aligned(List<String> content, Set<String> known) {
        return content.isEmpty() ? 0 : content.stream().filter(known::contains).count() / (double) content.size();
    }

    /** Replaces lone surrogates, which have no place in JSON, and keeps all offsets. */
    private static String whole(String text) {
        StringBuilder whole = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                whole.setCharAt(i, '\uFFFD');
            }
        }
        return whole.toString();
    }

    /** Where a sentence comes from, as far as its words tell. */
    public enum Origin {
        /** At least half of its words stand in the passage word for word. */
        QUOTED,
        /** Most of its content words stand in the passage. */
        DERIVED,
        /** No passage has enough of it. */
        MODEL
    }

    /**
     * A passage that the model was shown.
     *
     * @param passageId its id
     * @param source its document
     * @param title the document's title, if known
     * @param author the document's author, from the metadata {@code author}, if known
     * @param licence the document's licence, from the metadata {@code licence}, if known
     * @param text the hash of the passage's text in UTF-8
     */
    public record Source(
            String passageId,
            String source,
            Optional<String> title,
            Optional<String> author,
            Optional<String> licence,
            Hash text) {

        /** Checks that nothing is missing. */
        public Source {
            Objects.requireNonNull(passageId, "passageId");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(author, "author");
            Objects.requireNonNull(licence, "licence");
            Objects.requireNonNull(text, "text");
        }

        private static Source of(Passage passage) {
            return new Source(
                    whole(passage.id()),
                    whole(PassageTags.source(passage)),
                    PassageTags.text(passage, Passage.TITLE).map(ProvenanceRecord::whole),
                    PassageTags.text(passage, PassageTags.AUTHOR).map(ProvenanceRecord::whole),
                    PassageTags.text(passage, PassageTags.LICENCE).map(ProvenanceRecord::whole),
                    Hash.ofUtf8(passage.text()));
        }

        private static Source read(JsonObject json) {
            return new Source(
                    json.text("passageId"),
                    json.text("source"),
                    json.optionalText("title"),
                    json.optionalText("author"),
                    json.optionalText("licence"),
                    json.hash("text"));
        }

        private Map<String, Object> toCanonical() {
            Map<String, Object> json = new HashMap<>();
            json.put("passageId", passageId);
            json.put("source", source);
            title.ifPresent(value -> json.put("title", value));
            author.ifPresent(value -> json.put("author", value));
            licence.ifPresent(value -> json.put("licence", value));
            json.put("text", text.hex());
            return json;
        }
    }

    /**
     * A sentence of the answer and the passage that has most of it.
     *
     * @param span where in the answer
     * @param origin where it comes from
     * @param passageId the passage; nothing where the origin is the model
     * @param copied the share of its words that stand in the passage in runs of at least five, in [0, 1]
     * @param aligned the share of its content words that stand in the passage, in [0, 1]
     */
    public record Sentence(TextSpan span, Origin origin, Optional<String> passageId, double copied, double aligned) {

        /** Checks that nothing is missing. */
        public Sentence {
            Objects.requireNonNull(span, "span");
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(passageId, "passageId");
        }

        private static Sentence model(TextSpan span) {
            return new Sentence(span, Origin.MODEL, Optional.empty(), 0, 0);
        }

        private static Sentence of(TextSpan span, String passageId, double copied, double aligned) {
            if (copied < LEAST_COPIED && aligned < LEAST_ALIGNED) {
                return new Sentence(span, Origin.MODEL, Optional.empty(), copied, aligned);
            }
            Origin origin = copied >= LEAST_COPIED ? Origin.QUOTED : Origin.DERIVED;
            return new Sentence(span, origin, Optional.of(passageId), copied, aligned);
        }

        private Sentence better(Sentence other) {
            if (origin != other.origin()) {
                return origin.compareTo(other.origin()) < 0 ? this : other;
            }
            int more = Double.compare(other.copied(), copied);
            return more > 0 || (more == 0 && other.aligned() > aligned) ? other : this;
        }

        private static Sentence read(JsonObject json) {
            return new Sentence(
                    new TextSpan(json.integer("start"), json.integer("end")),
                    json.constant("origin", Origin.class),
                    json.optionalText("passageId"),
                    json.number("copied"),
                    json.number("aligned"));
        }

        private Map<String, Object> toCanonical() {
            Map<String, Object> json = new HashMap<>();
            json.put("start", span.start());
            json.put("end", span.end());
            json.put("origin", origin.name());
            passageId.ifPresent(id -> json.put("passageId", id));
            json.put("copied", copied);
            json.put("aligned", aligned);
            return json;
        }
    }

    /**
     * What a person made of the answer, in words.
     *
     * @param text the text after the edit
     * @param kept how many of the answer's words are still there, in order
     * @param inserted how many words the person added
     * @param deleted how many of the answer's words are gone
     */
    public record HumanEdit(String text, int kept, int inserted, int deleted) {

        /** Checks the counts. */
        public HumanEdit {
            Objects.requireNonNull(text, "text");
            if (kept < 0 || inserted < 0 || deleted < 0) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "an edit counts words from 0 on but has kept %d, inserted %d, deleted %d; use withHumanEdit",
                        kept,
                        inserted,
                        deleted));
            }
        }

        /**
         * Returns the share of the edited text's words that are the person's.
         *
         * @return in [0, 1]; 0 for a text without words
         */
        public double humanShare() {
            return share(inserted, kept + inserted);
        }

        /**
         * Returns the share of the answer's words that were kept.
         *
         * @return in [0, 1]; 0 for an answer without words
         */
        public double keptShare() {
            return share(kept, kept + deleted);
        }

        private static double share(int part, int all) {
            return all == 0 ? 0 : part / (double) all;
        }

        private static HumanEdit read(JsonObject json) {
            return new HumanEdit(
                    json.text("text"), json.integer("kept"), json.integer("inserted"), json.integer("deleted"));
        }

        private Map<String, Object> toCanonical() {
            return Map.of("text", text, "kept", kept, "inserted", inserted, "deleted", deleted);
        }
    }
}
