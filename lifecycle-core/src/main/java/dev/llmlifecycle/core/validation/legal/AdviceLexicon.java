package dev.llmlifecycle.core.validation.legal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.LineProblem;
import dev.llmlifecycle.core.internal.YamlTree;

/**
 * The words by which advice is known in one language, read from YAML or JSON.
 *
 * <pre>{@code
 * language: de
 * directives: [Sie sollten, ich empfehle]     # tell the reader what to do, anywhere
 * assertions: [Sie haben Anspruch]            # judge the reader's case, anywhere
 * openers: [nehmen Sie, kaufen Sie]           # imperatives that begin a sentence
 * topics:
 *   medical:
 *     terms: [Ibuprofen, Antibiotik*]         # one is enough beside any of the above
 *     hints: [Dosis, Tablette*]               # of these two different ones are
 *     disclaimers: [ersetzt keinen Arztbesuch]
 *     notice: Das ist keine medizinische Beratung.
 * }</pre>
 *
 * <p>Phrases have up to 12 words, whatever their case; a word that ends in {@code *} stands for all that begin so.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class AdviceLexicon {

    private static final int ENOUGH = 2;
    private static final String ENGLISH = "advice-en.yaml";

    private final String language;
    private final Hash hash;
    private final PhraseTrie<Boolean> telling = new PhraseTrie<>();
    private final PhraseTrie<Boolean> openers = new PhraseTrie<>();
    private final Map<String, Topic> topics = new TreeMap<>();

    private AdviceLexicon(JsonObject lexicon) {
        this.language = lexicon.text("language");
        this.hash = Hash.ofCanonicalJson(lexicon.toMap());
        telling.add(lexicon.texts("directives"), true).add(lexicon.texts("assertions"), true);
        openers.add(lexicon.texts("openers"), true);
        lexicon.objectsByName("topics").forEach((name, topic) -> topics.put(name, new Topic(topic)));
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("the field 'topics' has no topic; give it one with its terms");
        }
    }

    /**
     * Returns the lexicon of English that comes with the library, with the topics {@code medical}, {@code legal},
     * {@code financial} and {@code tax}.
     *
     * @return the lexicon
     */
    public static AdviceLexicon english() {
        try (InputStream in = AdviceLexicon.class.getResourceAsStream(ENGLISH)) {
            return parse(new String(Objects.requireNonNull(in, ENGLISH).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Reading " + ENGLISH + " from the library failed; repair its jar", e);
        }
    }

    /**
     * Reads a lexicon.
     *
     * @param yaml YAML 1.2 or JSON
     * @return the lexicon
     * @throws IllegalArgumentException when it is neither, or a field is missing or wrong; the message names the line
     *     where it is known
     */
    public static AdviceLexicon parse(String yaml) {
        YamlTree tree = YamlTree.parse(yaml, 1);
        try {
            return new AdviceLexicon(JsonObject.of(tree.values()));
        } catch (IllegalArgumentException e) {
            String problem = String.valueOf(e.getMessage());
            throw tree.lineNamedIn(problem)
                    .<IllegalArgumentException>map(line -> new LineProblem(line, problem))
                    .orElse(e);
        }
    }

    /**
     * Returns the language.
     *
     * @return a tag such as {@code en}
     */
    public String language() {
        return language;
    }

    /**
     * Returns the topics.
     *
     * @return their names, in order
     */
    public List<String> topics() {
        return List.copyOf(topics.keySet());
    }

    Hash hash() {
        return hash;
    }

    Optional<String> notice(String topic) {
        return Optional.ofNullable(topics.get(topic)).map(each -> each.notice);
    }

    boolean hasDisclaimer(String topic, WordSequence text) {
        Topic of = topics.get(topic);
        return of != null && of.disclaimers.first(text, 0, text.size()).isPresent();
    }

    /** Returns the topic that a sentence gives advice on; of several the one with most words of it. */
    Optional<Advice> judge(WordSequence text, int from, int to, List<Integer> starts, boolean sensitive) {
        int least = sensitive ? 1 : ENOUGH;
        boolean tells = telling.first(text, from, to).isPresent()
                || starts.stream().anyMatch(start -> openers.at(text, start, to).isPresent());
        if (!tells) {
            return Optional.empty();
        }
        Advice best = null;
        for (Map.Entry<String, Topic> each : topics.entrySet()) {
            Topic topic = each.getValue();
            List<String> words = new ArrayList<>();
            int weight = topic.weigh(text, from, to, words);
            boolean more = weight >= least && (best == null || weight > best.weight());
            if (more && topic.disclaimers.first(text, from, to).isEmpty()) {
                best = new Advice(each.getKey(), weight, words);
            }
        }
        return Optional.ofNullable(best);
    }

    /** A phrase of a topic, and how much of what is enough it is. */
    private record Sign(String phrase, int weight) {}

    /** Advice, with the words that show its topic. */
    record Advice(String topic, int weight, List<String> words) {}

    private static final class Topic {

        private final PhraseTrie<Sign> words = new PhraseTrie<>();
        private final PhraseTrie<Boolean> disclaimers = new PhraseTrie<>();
        private final String notice;

        Topic(JsonObject topic) {
            topic.texts("hints").forEach(hint -> words.add(hint, new Sign(hint, 1)));
            topic.texts("terms").forEach(term -> words.add(term, new Sign(term, ENOUGH)));
            disclaimers.add(topic.texts("disclaimers"), true);
            this.notice = topic.text("notice");
            if (notice.isBlank()) {
                throw new IllegalArgumentException("a topic has a blank notice; write what answers say");
            }
        }

        /** Adds up the phrases between two words; one that comes again counts once. */
        int weigh(WordSequence text, int from, int to, List<String> found) {
            Set<Sign> signs = new LinkedHashSet<>();
            for (int i = from; i < to; ) {
                Optional<PhraseTrie.Match<Sign>> match = words.at(text, i, to);
                if (match.isPresent()) {
                    if (signs.add(match.get().value())) {
                        found.add(text.word(i));
                    }
                    i = match.get().to();
                } else {
                    i++;
                }
            }
            return signs.stream().mapToInt(Sign::weight).sum();
        }
    }
}
