package dev.llmlifecycle.core.validation.legal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * Notices sentences that give advice on medicine, law, money or taxes, and adds a disclaimer where the answer has none.
 *
 * <p>A sentence is advice where it tells the reader what to do, or judges the reader's case, and has words of a topic;
 * see {@link AdviceLexicon}. A disclaimer of that topic anywhere in the answer, such as "not medical advice" or "ask
 * your doctor", lets it pass. The code of a finding is {@code advice-} and the topic; there is one for each topic, with
 * the first sentence as its place. How often it notices and how often it is wrong stands in the documentation of legal
 * rules; the confidence is not calibrated. A disclaimer makes no advice lawful; this is not legal advice.
 *
 * <p>Thread-safe; linear in the length of its input.
 *
 * @since 0.1
 */
public final class DisclaimerValidator implements Validator {

    /** What the codes of findings begin with. */
    public static final String ADVICE = "advice-";

    private static final String NAME = "disclaimer";
    private static final String VERSION = "1";
    private static final double CONFIDENCE = 0.8;
    private static final Set<String> JOINERS = Set.of("and", "but", "or", "so", "then");

    private final List<AdviceLexicon> lexicons;
    private final Map<String, String> notices;
    private final Set<String> topics;
    private final boolean askAgain;
    private final boolean sensitive;
    private final Identity identity;

    private DisclaimerValidator(Builder builder) {
        this.lexicons = List.copyOf(builder.lexicons.values());
        this.notices = Map.copyOf(builder.notices);
        this.topics = new TreeSet<>(builder.topics);
        this.askAgain = builder.askAgain;
        this.sensitive = builder.sensitive;
        this.identity = Identity.of(
                NAME,
                VERSION,
                Map.of(
                        "lexicons",
                        lexicons.stream().map(lexicon -> lexicon.hash().hex()).toList(),
                        "notices",
                        notices,
                        "topics",
                        topics,
                        "askAgain",
                        askAgain,
                        "sensitive",
                        sensitive));
    }

    static Builder builder() {
        return new Builder();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        WordSequence words = WordSequence.of(text);
        Map<String, Found> found = new LinkedHashMap<>();
        for (TextSpan sentence : Sentences.split(text)) {
            int from = words.firstFrom(sentence.start());
            int to = words.firstFrom(sentence.end());
            List<Integer> starts = starts(text, words, from, to);
            for (AdviceLexicon lexicon : lexicons) {
                lexicon.judge(words, from, to, starts, sensitive)
                        .filter(advice -> topics.isEmpty() || topics.contains(advice.topic()))
                        .ifPresent(advice -> found.putIfAbsent(advice.topic(), new Found(advice, lexicon, sentence)));
            }
        }
        found.values()
                .removeIf(each -> lexicons.stream()
                        .anyMatch(lexicon -> lexicon.hasDisclaimer(each.advice().topic(), words)));
        found.values().removeIf(each -> text.contains(notice(each)));
        if (found.isEmpty()) {
            return ValidationOutcome.pass();
        }
        Remedy remedy = remedy(text, List.copyOf(found.values()));
        return ValidationOutcome.following(
                text, found.values().stream().map(each -> finding(each, remedy)).toList());
    }

    /** Imperatives begin a sentence, or follow a comma and perhaps a word that joins. */
    private static List<Integer> starts(String text, WordSequence words, int from, int to) {
        List<Integer> starts = new ArrayList<>();
        for (int i = from; i < to; i++) {
            boolean first = i == from || ",;:".indexOf(text.charAt(words.end(i - 1))) >= 0;
            if (first) {
                starts.add(i);
                if (i + 1 < to && JOINERS.contains(words.word(i))) {
                    starts.add(i + 1);
                }
            }
        }
        return starts;
    }

    private String notice(Found found) {
        String topic = found.advice().topic();
        return Optional.ofNullable(notices.get(topic))
                .orElseGet(() -> found.lexicon().notice(topic).orElseThrow());
    }

    private Remedy remedy(String text, List<Found> found) {
        if (askAgain) {
            return new Remedy.AskAgain("Your answer gives advice on "
                    + found.stream().map(each -> each.advice().topic()).collect(Collectors.joining(", "))
                    + " matters. Answer again with general information only, and say that it is not professional"
                    + " advice.");
        }
        return new Remedy.Rewrite(text.stripTrailing() + "\n\n"
                + found.stream().map(this::notice).distinct().collect(Collectors.joining("\n")));
    }

    private static Finding finding(Found found, Remedy remedy) {
        AdviceLexicon.Advice advice = found.advice();
        return Finding.of(
                        NAME,
                        ADVICE + advice.topic(),
                        Finding.Severity.ERROR,
                        "The answer gives " + advice.topic() + " advice and has no disclaimer")
                .withSpan(found.sentence())
                .withConfidence(CONFIDENCE)
                .withEvidence(String.join(", ", advice.words()))
                .withRemedy(remedy);
    }

    /** Advice of a sentence, and the lexicon that knew it. */
    private record Found(AdviceLexicon.Advice advice, AdviceLexicon lexicon, TextSpan sentence) {}

    /** Builds a {@link DisclaimerValidator}. Not thread-safe. */
    public static final class Builder {

        private final Map<String, AdviceLexicon> lexicons = new TreeMap<>();
        private final Map<String, String> notices = new TreeMap<>();
        private final Set<String> topics = new TreeSet<>();
        private boolean askAgain;
        private boolean sensitive;

        private Builder() {
            lexicon(AdviceLexicon.english());
        }

        /**
         * Adds a language, or replaces its lexicon. Default: English. Every answer is judged in all of them.
         *
         * @param lexicon its words
         * @return this builder
         */
        public Builder lexicon(AdviceLexicon lexicon) {
            lexicons.put(lexicon.language(), lexicon);
            return this;
        }

        /**
         * Sets the text that is appended for a topic. Default: that of the lexicon.
         *
         * @param topic a topic of a lexicon
         * @param text the text, never blank
         * @return this builder
         */
        public Builder notice(String topic, String text) {
            if (text.isBlank()) {
                throw new IllegalArgumentException(
                        "the notice of topic '" + topic + "' is blank; write what answers say");
            }
            notices.put(Objects.requireNonNull(topic, "topic"), text.strip());
            return this;
        }

        /**
         * Judges these topics only. Default: all.
         *
         * @param names topics of the lexicons
         * @return this builder
         */
        public Builder topics(String... names) {
            topics.addAll(List.of(names));
            return this;
        }

        /**
         * Asks the model again instead of appending a text, as answers in JSON need it.
         *
         * @return this builder
         */
        public Builder askAgain() {
            this.askAgain = true;
            return this;
        }

        /**
         * Takes one hint of a topic for enough, as an application on health or money may want it: it misses less advice
         * and raises more false alarms. Default: one term, or two hints.
         *
         * @return this builder
         */
        public Builder sensitive() {
            this.sensitive = true;
            return this;
        }

        /**
         * Builds the validator.
         *
         * @return the validator
         * @throws IllegalStateException when a notice or topic is set that no lexicon has
         */
        public DisclaimerValidator build() {
            Set<String> known = lexicons.values().stream()
                    .flatMap(lexicon -> lexicon.topics().stream())
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> named = new TreeSet<>(topics);
            named.addAll(notices.keySet());
            named.removeAll(known);
            if (!named.isEmpty()) {
                throw new IllegalStateException("no lexicon of the disclaimer validator has the topics " + named
                        + "; use some of " + known + " or add a lexicon");
            }
            return new DisclaimerValidator(this);
        }
    }
}
