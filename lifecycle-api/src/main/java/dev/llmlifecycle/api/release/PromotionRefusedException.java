package dev.llmlifecycle.api.release;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import dev.llmlifecycle.api.LifecycleException;

/**
 * A step towards another release of a protected label that its policy does not allow; it names every rule that failed.
 *
 * @since 0.1
 */
public final class PromotionRefusedException extends LifecycleException {

    private static final long serialVersionUID = 1L;

    private final String label;
    private final transient List<FailedRule> failures;

    /**
     * Creates an exception whose message ends with the rules.
     *
     * @param label the label that stays where it is
     * @param refused what was refused, such as {@code Promoting release 1234 to 'production'}
     * @param failures the rules that failed, at least one
     */
    public PromotionRefusedException(String label, String refused, List<FailedRule> failures) {
        super(refused + " was refused: "
                + failures.stream().map(FailedRule::toString).collect(Collectors.joining(". Also: ")));
        this.label = Objects.requireNonNull(label, "label");
        this.failures = List.copyOf(failures);
    }

    /**
     * Returns the label that stays where it is.
     *
     * @return the label
     */
    public String label() {
        return label;
    }

    /**
     * Returns the rules that failed.
     *
     * @return all that could be told, in the order of the rules
     */
    public List<FailedRule> failures() {
        return failures;
    }
}
