package dev.llmlifecycle.core.validation.content;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.internal.text.CitationMarks;
import dev.llmlifecycle.core.internal.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * Checks that each sentence of an answer stands on the retrieved passages.
 *
 * <p>Three things are checked of a sentence. A number that stands in no passage, nor in the question, is refused
 * ({@value #UNGROUNDED_NUMBER}). Where a sentence of the passages says nearly the same, what differs is refused: a
 * number, a unit, a name, a negation, or a word such as "all", "at least", "before" or "must"
 * ({@code contradicted-number}, {@code -unit}, {@code -name}, {@code -negation}, {@code -quantifier}), with that
 * sentence as evidence. Else the {@link GroundednessModel} gives the probability that the sentence is supported: below
 * the {@linkplain Builder#threshold threshold} it is refused ({@value #UNGROUNDED_SENTENCE}); up to
 * {@linkplain Builder#sureFrom where it is sure} it passes with a warning ({@value #WEAKLY_GROUNDED}). The confidence
 * of the finding is the probability that the sentence is not supported.
 *
 * <p>Words are compared and not meaning: strong for answers that quote or stay close to their sources, weak for free
 * paraphrase and for passages in another language than the answer. A refused sentence asks the model again. Without
 * passages every answer passes, and so do questions and sentences that only are polite. Thread-safe; linear in the
 * length of a sentence, and for each sentence in the number of passage sentences that share words with it.
 *
 * @since 0.1
 */
public final class GroundednessValidator implements Validator {

    /** The code of a number that stands in no passage. */
    public static final String UNGROUNDED_NUMBER = "ungrounded-number";

    /** The code of a sentence that the passages do not support. */
    public static final String UNGROUNDED_SENTENCE = "ungrounded-sentence";

    /** The code of a sentence of which it is not sure that the passages support it. */
    public static final String WEAKLY_GROUNDED = "weakly-grounded";

    private static final String NAME = "groundedness";
    private static final String VERSION = "2";
    private static final Pattern LIST_NUMBER = Pattern.compile("(?m)(?:^|(?<=:))\\s*+\\d{1,3}+[.)](?=\\s|$)");
    private static final String SOURCES = "(?:documents?|passages?|context|texts?|sources?|information)";

    /** Says where the answer is from, which no passage says. */
    private static final Pattern LEAD_IN = Pattern.compile(
            "^(?:according to|based on) the (?:(?:provided|given|retrieved) )?" + SOURCES + "(?: provided)?,? ?",
            Pattern.CASE_INSENSITIVE);

    /** Says what the passages lack, which none of them says. */
    private static final Pattern LACK = Pattern.compile(
            "^(?:however, |unfortunately, )?the (?:(?:provided|given|retrieved) )?" + SOURCES
                    + " (?:does not|do not|doesn't|don't) (?:provide|mention|contain|say|state|specify|include|answer|give)\\b.*+",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final String INSTRUCTION =
            "A statement of your answer is not supported by the passages. Answer again with"
                    + " statements from the passages only, or say that the documents do not answer.";

    private final double threshold;
    private final double sureFrom;
    private final GroundednessModel model;
    private final Map<String, GroundednessModel> tenantModels;
    private final Identity identity;

    /** The sentences of one answer come one after the other with the same passages, so what is made of them is kept. */
    private volatile @Nullable Prepared last;

    private GroundednessValidator(Builder builder) {
        this.threshold = builder.threshold;
        this.sureFrom = builder.sureFrom;
        this.model = builder.model;
        this.tenantModels = Map.copyOf(builder.tenantModels);
        Map<String, Map<String, Double>> tenants = new TreeMap<>();
        tenantModels.forEach((tenant, own) -> tenants.put(tenant, own.weights()));
        this.identity = Identity.of(
                NAME,
                VERSION,
                Map.of(
                        "threshold", threshold,
                        "sureFrom", sureFrom,
                        "model", model.weights(),
                        "tenantModels", tenants));
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
        Evidence evidence = evidence(context.passages());
        Set<String> asked = new HashSet<>();
        for (Words.Token token : Words.tokens(context.question())) {
            String value = Quantity.value(token);
            asked.add(value.isEmpty() ? token.word() : value);
        }
        GroundednessModel own = context.tenant()
                .map(tenant -> tenantModels.getOrDefault(tenant, model))
                .orElse(model);
        List<Finding> findings = new ArrayList<>();
        for (TextSpan sentence : Sentences.split(text)) {
            judge(sentence.of(text), evidence, asked, own).ifPresent(found -> findings.add(found.withSpan(sentence)));
        }
        return ValidationOutcome.following(text, findings);
    }

    private Optional<Finding> judge(String sentence, Evidence evidence, Set<String> asked, GroundednessModel own) {
        String plain = LIST_NUMBER
                .matcher(CitationMarks.remove(sentence))
                .replaceAll(" ")
                .strip();
        Claim claim = Claim.of(LEAD_IN.matcher(plain).replaceFirst(""));
        if (claim.saysNothing() || plain.endsWith("?") || LACK.matcher(plain).matches()) {
            return Optional.empty();
        }
        Optional<Quantity> strange = claim.quantities().stream()
                .filter(quantity -> !evidence.hasNumber(quantity.value()) && !asked.contains(quantity.value()))
                .findFirst();
        if (strange.isPresent()) {
            return Optional.of(
                    refused(UNGROUNDED_NUMBER, "The number " + strange.get().value() + " stands in no passage"));
        }
        Optional<ClaimCheck.Difference> difference = ClaimCheck.difference(claim, evidence, asked);
        if (difference.isPresent()) {
            return difference.map(
                    found -> refused(found.code(), found.message()).withEvidence(found.evidence()));
        }
        double probability = own.probability(claim.tokens(), evidence);
        if (probability >= Math.max(threshold, sureFrom)) {
            return Optional.empty();
        }
        String message =
                String.format(Locale.ROOT, "The passages support the sentence with probability %.2f", probability);
        return Optional.of(
                probability < threshold
                        ? refused(UNGROUNDED_SENTENCE, message).withConfidence(1 - probability)
                        : Finding.of(NAME, WEAKLY_GROUNDED, Finding.Severity.WARNING, message)
                                .withConfidence(1 - probability));
    }

    private static Finding refused(String code, String message) {
        return Finding.of(NAME, code, Finding.Severity.ERROR, message).withRemedy(new Remedy.AskAgain(INSTRUCTION));
    }

    private Evidence evidence(List<Passage> passages) {
        Prepared kept = last;
        if (kept != null && kept.passages() == passages) {
            return kept.evidence();
        }
        Evidence evidence = Evidence.of(passages);
        last = new Prepared(passages, evidence);
        return evidence;
    }

    private record Prepared(List<Passage> passages, Evidence evidence) {}

    /** Builds a {@link GroundednessValidator}. Not thread-safe. */
    public static final class Builder {

        private final Map<String, GroundednessModel> tenantModels = new TreeMap<>();
        private double threshold = 0.2;
        private double sureFrom = 0.5;
        private GroundednessModel model = GroundednessModel.shipped();

        private Builder() {}

        /**
         * Sets the probability of being supported below which a sentence is refused. Default: 0.2.
         *
         * @param probability in [0, 1]; 0 refuses numbers and contradictions only
         * @return this builder
         */
        public Builder threshold(double probability) {
            this.threshold = checked(probability, "threshold", "0.2");
            return this;
        }

        /**
         * Sets the probability of being supported below which a sentence that passes gets a warning. Default: 0.5.
         *
         * @param probability in [0, 1]; no warnings where it is not above the threshold
         * @return this builder
         */
        public Builder sureFrom(double probability) {
            this.sureFrom = checked(probability, "probability from which it is sure", "0.5");
            return this;
        }

        /**
         * Sets the model. Default: {@link GroundednessModel#shipped()}.
         *
         * @param fitted the model, such as one that was fitted on answers of the host's own
         * @return this builder
         */
        public Builder model(GroundednessModel fitted) {
            this.model = Objects.requireNonNull(fitted, "fitted");
            return this;
        }

        /**
         * Sets the model for the questions of one tenant, whose texts may be of another kind. Default: none.
         *
         * @param tenant the tenant
         * @param fitted the model
         * @return this builder
         */
        public Builder tenantModel(String tenant, GroundednessModel fitted) {
            tenantModels.put(Objects.requireNonNull(tenant, "tenant"), Objects.requireNonNull(fitted, "fitted"));
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

        private static double checked(double probability, String what, String usual) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException(
                        "the " + what + " of the groundedness check must be in [0, 1] but was " + probability + "; "
                                + usual + " is the default");
            }
            return probability;
        }
    }
}
