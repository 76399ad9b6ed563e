package dev.llmlifecycle.core.validation;

import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.classify.Classification;
import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/** Refuses what a classifier gives a label or group of labels with a probability. */
final class ClassifierValidator implements Validator {

    private final TextClassifier classifier;
    private final String label;
    private final double threshold;
    private final Identity identity;

    ClassifierValidator(TextClassifier classifier, String label, double threshold) {
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("the threshold for the label '" + label + "' must be in (0, 1] but was "
                    + threshold + "; give the least probability that is refused");
        }
        boolean known = classifier.labels().stream()
                .anyMatch(each -> each.equals(label) || each.startsWith(label + Classification.SEPARATOR));
        if (!known) {
            throw new IllegalArgumentException(
                    "the classifier '" + classifier.identity().name() + "' knows no label '" + label + "'; use one of "
                            + classifier.labels());
        }
        this.classifier = classifier;
        this.label = label;
        this.threshold = threshold;
        this.identity = Identity.of(
                "classifier-" + label,
                "1",
                Map.of("classifier", classifier.identity().toCanonical(), "label", label, "threshold", threshold));
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        double probability = Math.min(1, classifier.predict(text).probability(label));
        return probability < threshold
                ? ValidationOutcome.pass()
                : ValidationOutcome.following(
                        text,
                        List.of(Finding.of(
                                        identity.name(),
                                        label,
                                        Finding.Severity.ERROR,
                                        "The classifier '"
                                                + classifier.identity().name() + "' says '" + label + "'")
                                .withConfidence(probability)));
    }
}
