package dev.llmlifecycle.retrieval.hybrid;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

import dev.langchain4j.model.chat.ChatModel;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.retrieval.lexical.SpellingVocabulary;

/**
 * The transformations of a {@link QueryExpansion}.
 *
 * <p>All are immutable and thread-safe, as long as the models they are given are.
 *
 * @since 0.1
 */
public final class QueryTransformations {

    private record Simple(
            Identity identity,
            Kind kind,
            Optional<Duration> timeout,
            Optional<String> contentId,
            Function<String, Transformed> transformation)
            implements QueryTransformation {

        @Override
        public Transformed apply(String question) {
            return transformation.apply(question);
        }
    }

    private QueryTransformations() {}

    /**
     * Corrects words that the corpus does not have to words that it has. What is corrected and what is left alone is
     * said at {@link SpellingVocabulary}. The vocabulary is content: it is in the snapshot id, not in the identity.
     *
     * @param vocabulary the words of the corpus, such as {@code index.vocabulary()}
     * @return the transformation, which rewrites
     */
    public static QueryTransformation spelling(SpellingVocabulary vocabulary) {
        return new Simple(
                Identity.of("spelling", "1"),
                QueryTransformation.Kind.REWRITES,
                Optional.empty(),
                Optional.of(vocabulary.id()),
                question -> {
                    SpellingVocabulary.Correction correction = vocabulary.correct(question);
                    return correction.replaced() == 0
                            ? nothing()
                            : new QueryTransformation.Transformed(
                                    List.of(correction.text()), correction.replaced() + " words corrected");
                });
    }

    /**
     * Writes what an abbreviation stands for behind it, in brackets: {@code SLA (service level agreement)}. An
     * abbreviation is found as a word of its own, in the letters of the map.
     *
     * @param meanings what each abbreviation stands for, neither blank; at least one; an abbreviation has letters and
     *     digits only
     * @return the transformation, which rewrites
     * @throws IllegalArgumentException when something is blank, or there is nothing
     */
    public static QueryTransformation abbreviations(Map<String, String> meanings) {
        Map<String, String> known = Map.copyOf(meanings);
        known.forEach((abbreviation, meaning) -> {
            if (meaning.isBlank()
                    || abbreviation.isEmpty()
                    || !abbreviation.codePoints().allMatch(Character::isLetterOrDigit)) {
                throw new IllegalArgumentException("the abbreviation '" + abbreviation + "' stands for '" + meaning
                        + "'; give letters and digits, and a meaning that is not blank");
            }
        });
        if (known.isEmpty()) {
            throw new IllegalArgumentException("there are no abbreviations; give at least one, or leave this out");
        }
        return new Simple(
                Identity.of("abbreviations", "1", Map.of("meanings", new TreeMap<>(known))),
                QueryTransformation.Kind.REWRITES,
                Optional.empty(),
                Optional.empty(),
                question -> expanded(question, known));
    }

    private static QueryTransformation.Transformed expanded(String question, Map<String, String> meanings) {
        StringBuilder expanded = new StringBuilder();
        int start = -1;
        int count = 0;
        int next;
        for (int i = 0; i <= question.length(); i = next) {
            int character = i < question.length() ? question.codePointAt(i) : ' ';
            next = i + Character.charCount(character);
            boolean inside = i < question.length() && Character.isLetterOrDigit(character);
            if (inside && start < 0) {
                start = i;
            } else if (!inside && start >= 0) {
                String meaning = meanings.getOrDefault(question.substring(start, i), "");
                if (!meaning.isEmpty()) {
                    expanded.append(" (").append(meaning).append(')');
                    count++;
                }
                start = -1;
            }
            if (i < question.length()) {
                expanded.appendCodePoint(character);
            }
        }
        return count == 0
                ? nothing()
                : new QueryTransformation.Transformed(
                        List.of(expanded.toString()), count + " abbreviations written out");
    }

    /**
     * Takes a compound question apart by rules: at marks of question, and at "and" (also German, Spanish, French)
     * before a word that begins a question, where each part has at least three words. Of a question of more than 2,000
     * characters or 8 parts nothing is made. A part is asked as it stands: what "it" means is not resolved.
     *
     * @return the transformation, which adds the parts
     */
    public static QueryTransformation decomposition() {
        return new Simple(
                Identity.of("decomposition", "1"),
                QueryTransformation.Kind.ADDS,
                Optional.empty(),
                Optional.empty(),
                question -> new QueryTransformation.Transformed(
                        Decomposition.parts(question), "part of a compound question"));
    }

    /**
     * Has a chat model word the question in other ways. The answer must be a JSON array of questions and nothing else;
     * otherwise, or when the model is late or fails, the transformation is dropped and named. A model sees the first
     * 4,000 characters of a question.
     *
     * @param model words questions
     * @param identity names the model
     * @param count how many questions it may give, from 1 to 7
     * @param timeout how long it is waited for, from 1 millisecond to 1 day
     * @return the transformation, which adds the questions
     * @throws IllegalArgumentException when a value is out of its range
     */
    public static QueryTransformation multiQuery(ChatModel model, Identity identity, int count, Duration timeout) {
        if (count < 1 || count > 7) {
            throw new IllegalArgumentException("a model is to word a question in " + count + " ways; give 1 to 7");
        }
        ModelQuestions questions = new ModelQuestions(Objects.requireNonNull(model, "model"), identity);
        return byModel(
                "multi-query",
                identity,
                ModelQuestions.REWORD,
                Map.of("count", count),
                timeout,
                question -> new QueryTransformation.Transformed(
                        questions.reworded(question, count), "worded by " + identity.name()));
    }

    /**
     * Has a chat model write a passage that could answer the question, and looks for passages like it (HyDE). When the
     * model is late or fails, or writes nothing or more than 4,000 characters, the transformation is dropped and named.
     * What it writes is only looked for, never shown. A model sees the first 4,000 characters of a question.
     *
     * <p>Source: L. Gao, X. Ma, J. Lin and J. Callan, "Precise Zero-Shot Dense Retrieval without Relevance Labels", ACL
     * 2023. They average the embeddings of several passages; here one passage is a question of its own, whose ranking
     * is fused with that of the question.
     *
     * @param model writes passages
     * @param identity names the model
     * @param timeout how long it is waited for, from 1 millisecond to 1 day
     * @return the transformation, which adds the passage as a question
     * @throws IllegalArgumentException when the timeout is out of its range
     */
    public static QueryTransformation hyde(ChatModel model, Identity identity, Duration timeout) {
        ModelQuestions questions = new ModelQuestions(Objects.requireNonNull(model, "model"), identity);
        return byModel(
                "hyde",
                identity,
                ModelQuestions.PASSAGE,
                Map.of(),
                timeout,
                question -> new QueryTransformation.Transformed(
                        List.of(questions.passage(question)), "written by " + identity.name()));
    }

    private static QueryTransformation byModel(
            String name,
            Identity model,
            String instruction,
            Map<String, ?> settings,
            Duration timeout,
            Function<String, QueryTransformation.Transformed> transformation) {
        Map<String, Object> configuration = new HashMap<>(settings);
        configuration.put("model", model.toCanonical());
        configuration.put("instruction", Hash.ofUtf8(instruction).hex());
        return new Simple(
                Identity.of(name, "1", configuration),
                QueryTransformation.Kind.ADDS,
                Optional.of(TimedCall.requireTimeout(timeout, "the transformation '" + name + "'")),
                Optional.empty(),
                transformation);
    }

    private static QueryTransformation.Transformed nothing() {
        return new QueryTransformation.Transformed(List.of(), "nothing to change");
    }
}
