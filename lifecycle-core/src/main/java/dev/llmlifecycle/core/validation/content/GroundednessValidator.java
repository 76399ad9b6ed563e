package dev.llmlifecycle.core.validation.content;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.internal.text.CitationMarks;
import dev.llmlifecycle.core.internal.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * Checks that each sentence of an answer stands on the retrieved passages.
 *
 * <p>The score of a sentence is the share of its content words that occur in the passages; a number that occurs in no
 * passage (nor in the question) is refused whatever the score. That is a strong check for answers that quote or stay
 * close to their sources and a weak one for free paraphrase: a paraphrase may be refused, and a sentence built from the
 * passages' words in another sense may pass. A sentence that fails asks the model again. Without passages every answer
 * passes. Thread-safe; linear in the length of its input.
 *
 * @since 0.1
 */
public final class GroundednessValidator implements Validator {

    private static final String NAME = "groundedness";
    private static final Pattern LIST_NUMBER = Pattern.compile("(?m)^[ \\t]*+\\d{1,3}+[.)](?=\\s)");
    private static final String INSTRUCTION =
            "A statement of your answer is not supported by the passages. Answer again with"
                    + " statements from the passages only, or say that the documents do not answer.";

    private final double minimumShare;
    private final Identity identity;

    /** The sentences of one answer come one after the other with the same passages, so their words are kept. */
    private volatile @Nullable KnownWords last;

    private GroundednessValidator(Builder builder) {
        this.minimumShare = builder.minimumShare;
        this.identity = Identity.of(NAME, "1", Map.of("minimumShare", minimumShare));
    }

    /**
     * Starts a validator.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /** Returns {@link Validator.Scope#SENTENCE}: an unsupported sentence of a streamed answer never goes out. */
    @Override
    public Scope scope() {
        return Scope.SENTENCE;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        if (context.passages().isEmpty()) {
            return ValidationOutcome.pass();
        }
        List<String> words =
                Words.content(LIST_NUMBER.matcher(CitationMarks.remove(text)).replaceAll(" "));
        if (words.isEmpty()) {
            return ValidationOutcome.pass();
        }
        Set<String> known = knownWords(context.passages());
        Set<String> asked = new HashSet<>(Words.content(context.question()));
        Optional<String> strange = words.stream()
                .filter(Words::isNumber)
                .filter(number -> !known.contains(number) && !asked.contains(number))
                .findFirst();
        if (strange.isPresent()) {
            return refused("ungrounded-number", "The number " + strange.get() + " stands in no passage");
        }
        long supported = words.stream().filter(known::contains).count();
        double share = supported / (double) words.size();
        return share >= minimumShare
                ? ValidationOutcome.pass()
                : refused(
                        "ungrounded-sentence",
                        "Of " + words.size() + " content words " + supported + " stand in the passages");
    }

    private static ValidationOutcome refused(String code, String message) {
        Finding finding = new Finding(NAME, code, Finding.Severity.ERROR, message, Optional.empty());
        return new ValidationOutcome.Retry(INSTRUCTION, List.of(finding));
    }

    private Set<String> knownWords(List<Passage> passages) {
        KnownWords kept = last;
        if (kept != null && kept.passages() == passages) {
            return kept.words();
        }
        Set<String> known = new HashSet<>();
        for (Passage passage : passages) {
            known.addAll(Words.all(passage.text()));
            passage.heading().ifPresent(heading -> known.addAll(Words.all(heading)));
            passage.title().ifPresent(title -> known.addAll(Words.all(title)));
        }
        last = new KnownWords(passages, known);
        return known;
    }

    private record KnownWords(List<Passage> passages, Set<String> words) {}

    /** Builds a {@link GroundednessValidator}. Not thread-safe. */
    public static final class Builder {

        private double minimumShare = 0.6;

        private Builder() {}

        /**
         * Sets the share of a sentence's content words that must occur in the passages. Default: 0.6.
         *
         * @param share in [0, 1]
         * @return this builder
         */
        public Builder minimumShare(double share) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException(
                        "the minimum share must be in [0, 1] but was " + share + "; 0.6 is the default");
            }
            this.minimumShare = share;
            return this;
        }

        /**
         * Builds the validator.
         *
         * @return the validator
         */
        public GroundednessValidator build() {
            return new GroundednessValidator(this);
        }
    }
}
