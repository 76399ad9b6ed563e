package dev.llmlifecycle.core.validation.safety;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import dev.llmlifecycle.api.classify.Classification;
import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.classify.ShippedClassifiers;

/**
 * Refuses texts that a classifier puts into a category, such as abusive language or requests for illegal acts. The code
 * of a finding is the category.
 *
 * <p>Thread-safe where the classifier is.
 *
 * @since 0.1
 */
public final class CategoryValidator implements Validator {

    private static final String VERSION = "1";
    private static final double TOXIC = 0.8;
    private static final double ILLEGAL = 0.5;

    /** What is rare in the training texts seldom reaches a half. */
    private static final double RARE = 0.2;

    private static final String REASON = "The text was withheld for what it is about.";

    private final String name;
    private final TextClassifier classifier;
    private final Map<String, Double> thresholds;
    private final Identity identity;

    /**
     * Creates a validator.
     *
     * @param name the name of the validator
     * @param classifier what judges
     * @param thresholds for each label, or group of labels, the probability in [0, 1] above which a text is refused
     */
    public CategoryValidator(String name, TextClassifier classifier, Map<String, Double> thresholds) {
        this.name = Objects.requireNonNull(name, "name");
        this.classifier = Objects.requireNonNull(classifier, "classifier");
        this.thresholds = new TreeMap<>(thresholds);
        this.thresholds.forEach((label, threshold) -> {
            if (!(threshold >= 0 && threshold <= 1)) {
                throw new IllegalArgumentException("the threshold of '" + label + "' of validator '" + name
                        + "' must be in [0, 1] but was " + threshold + "; 0.5 is usual");
            }
            List<String> known = classifier.labels();
            if (known.stream().noneMatch(each -> each.equals(label) || each.startsWith(label + "/"))) {
                throw new IllegalArgumentException("validator '" + name + "' watches for '" + label
                        + "', which its classifier does not know; use one of " + known + " or a group of them");
            }
        });
        this.identity = Identity.of(
                name,
                VERSION,
                Map.of("classifier", classifier.identity().toCanonical(), "thresholds", this.thresholds));
    }

    /**
     * Creates a validator of abusive language with the shipped classifier, which refuses above 0.8.
     *
     * @return a validator with the category {@code toxic}
     */
    public static CategoryValidator toxicity() {
        return new CategoryValidator("toxicity", ShippedClassifiers.toxicity(), Map.of("toxic", TOXIC));
    }

    /**
     * Creates a validator of harmful texts with the shipped classifier, which refuses illegal acts above 0.5 and
     * self-harm above 0.2.
     *
     * @return a validator with the categories {@code illegal-act} and {@code self-harm}
     */
    public static CategoryValidator harm() {
        return new CategoryValidator(
                "harm", ShippedClassifiers.harm(), Map.of("illegal-act", ILLEGAL, "self-harm", RARE));
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        Classification said = classifier.predict(text);
        List<Finding> findings = new ArrayList<>();
        thresholds.forEach((label, threshold) -> {
            double probability = said.probability(label);
            if (probability > threshold) {
                findings.add(new Finding(
                        name,
                        label,
                        Finding.Severity.ERROR,
                        "The text looks like " + label,
                        Optional.of(new TextSpan(0, text.length())),
                        Math.min(1, probability),
                        Optional.empty(),
                        new Remedy.Refuse(REASON)));
            }
        });
        return ValidationOutcome.following(text, findings);
    }
}
