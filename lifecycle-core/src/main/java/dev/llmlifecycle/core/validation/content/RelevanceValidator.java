package dev.llmlifecycle.core.validation.content;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Finding.Severity;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationContext.Subject;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.internal.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether an answer answers its question, and not another one.
 *
 * <p>Looks at the words of the question that come back in the answer, as a whole and in one sentence; at the kind of
 * the question (who wants a name, when a time, how many a number, why a reason); where there are passages, at the
 * answer's words that stand in what was found for the question; and with an embedding model at how near the meanings
 * are. A logistic model makes one probability of these; its weights come from answers to real questions, set against
 * answers to other questions, and how often it is right stands in the documentation of content checks.
 *
 * <p>It notices an answer that misses the topic, not one that is near it and wrong. An answer that honestly says that
 * it does not know shares few words with its question, so the default severity is {@link Severity#WARNING}, which
 * flags. Without an embedding model the answer has to be in the language of the question. A question without a word of
 * content, such as "Why?", is not judged.
 *
 * <pre>{@code
 * Validator relevance = RelevanceValidator.builder()
 *         .embeddingModel(Identity.of("all-minilm-l6-v2", "q"), embeddingModel)
 *         .minimumProbability(0.3)
 *         .severity(Finding.Severity.ERROR)
 *         .build();
 * }</pre>
 *
 * <p>Thread-safe where the model is; the work of its own is linear in the answer.
 *
 * @since 0.1
 */
public final class RelevanceValidator implements Validator {

    private static final String NAME = "relevance";
    private static final String VERSION = "1";
    private static final String INSTRUCTION =
            "Your answer does not seem to answer the question. Answer again, and begin with what was asked.";

    /** A model looks at the beginning of a text, and most cut it off there themselves. */
    private static final int EMBEDDED = 2_000;

    /** Intercept, covered, sentence, kind, grounded, cosine: fitted on one half of the conversations of a set. */
    private static final double[] WORDS = {-2.928, 4.125, 3.929, 0.424, 0, 0};

    private static final double[] WITH_PASSAGES = {-4.527, 2.999, 2.779, 0.211, 5.239, 0};
    private static final double[] WITH_MODEL = {-4.452, 1.047, 1.146, 0.747, 0, 12.478};
    private static final double[] WITH_BOTH = {-5.179, 0.975, 1.047, 0.417, 3.092, 9.525};

    private final double minimumProbability;
    private final Severity severity;
    private final @Nullable EmbeddingModel model;
    private final Identity identity;

    private RelevanceValidator(Builder builder) {
        this.minimumProbability = builder.minimumProbability;
        this.severity = builder.severity;
        this.model = builder.model;
        Map<String, Object> settings =
                new TreeMap<>(Map.of("minimumProbability", minimumProbability, "severity", severity.name()));
        if (builder.modelIdentity != null) {
            settings.put("embeddingModel", builder.modelIdentity.toCanonical());
        }
        this.identity = Identity.of(NAME, VERSION, settings);
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

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        if (context.subject() != Subject.ANSWER
                || Words.content(context.question()).isEmpty()) {
            return ValidationOutcome.pass();
        }
        double probability = probability(text, context);
        if (probability >= minimumProbability) {
            return ValidationOutcome.pass();
        }
        return ValidationOutcome.following(
                text,
                List.of(Finding.of(NAME, "off-topic", severity, "The answer does not seem to answer the question")
                        .withConfidence(1 - probability)
                        .withRemedy(new Remedy.AskAgain(INSTRUCTION))));
    }

    /**
     * Returns how likely it is that a text answers the question of a context.
     *
     * @param answer the text
     * @param context the question, and the passages that were found for it
     * @return a probability, for as many answers to the question as to others
     */
    public double probability(String answer, ValidationContext context) {
        RelevanceSignals signals = RelevanceSignals.of(context.question(), answer, context.passages());
        boolean passages = !context.passages().isEmpty();
        EmbeddingModel embedding = model;
        double[] weights = embedding == null ? (passages ? WITH_PASSAGES : WORDS) : (passages ? WITH_BOTH : WITH_MODEL);
        double cosine = embedding == null ? 0 : cosine(embedding, context.question(), answer);
        double score = weights[0]
                + weights[1] * signals.covered()
                + weights[2] * signals.sentence()
                + weights[3] * signals.kind()
                + weights[4] * signals.grounded()
                + weights[5] * cosine;
        return 1 / (1 + Math.exp(-score));
    }

    private static double cosine(EmbeddingModel model, String question, String answer) {
        float[] asked = model.embed(head(question)).content().vector();
        float[] said = model.embed(head(answer)).content().vector();
        double product = 0;
        double one = 0;
        double other = 0;
        for (int i = 0; i < Math.min(asked.length, said.length); i++) {
            product += (double) asked[i] * said[i];
            one += (double) asked[i] * asked[i];
            other += (double) said[i] * said[i];
        }
        return one == 0 || other == 0 ? 0 : product / Math.sqrt(one * other);
    }

    private static String head(String text) {
        return text.substring(0, Math.min(EMBEDDED, text.length()));
    }

    /** Builds a {@link RelevanceValidator}. Not thread-safe. */
    public static final class Builder {

        private double minimumProbability = 0.2;
        private Severity severity = Severity.WARNING;
        private @Nullable EmbeddingModel model;
        private @Nullable Identity modelIdentity;

        private Builder() {}

        /**
         * Sets the probability below which an answer is noticed. Default: 0.2.
         *
         * @param probability in (0, 1)
         * @return this builder
         */
        public Builder minimumProbability(double probability) {
            if (!(probability > 0 && probability < 1)) {
                throw new IllegalArgumentException("the minimum probability of relevance must be in (0, 1) but was "
                        + probability + "; 0.2 is the default");
            }
            this.minimumProbability = probability;
            return this;
        }

        /**
         * Sets how bad a finding is. Default: {@link Severity#WARNING}, which flags; an error asks the model again.
         *
         * @param severity the severity
         * @return this builder
         */
        public Builder severity(Severity severity) {
            this.severity = Objects.requireNonNull(severity, "severity");
            return this;
        }

        /**
         * Compares meanings, too. Default: words alone. The weight of the comparison was fitted with all-MiniLM-L6-v2;
         * models whose cosines run higher call more answers relevant.
         *
         * @param identity what decides the model's behaviour; a part of the validator's identity
         * @param embeddingModel the model, which is asked twice for each answer
         * @return this builder
         */
        public Builder embeddingModel(Identity identity, EmbeddingModel embeddingModel) {
            this.modelIdentity = Objects.requireNonNull(identity, "identity");
            this.model = Objects.requireNonNull(embeddingModel, "embeddingModel");
            return this;
        }

        /**
         * Builds the validator.
         *
         * @return the validator
         */
        public RelevanceValidator build() {
            return new RelevanceValidator(this);
        }
    }
}
