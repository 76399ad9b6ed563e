package dev.llmlifecycle.api.release;

import java.util.Objects;

import dev.llmlifecycle.api.LifecycleException;

/**
 * A move of a protected label that its rule does not allow; the message says which rule failed.
 *
 * @since 0.1
 */
public final class PromotionRefusedException extends LifecycleException {

    private static final long serialVersionUID = 1L;

    private final String label;

    /**
     * Creates an exception.
     *
     * @param label the label that stays where it is
     * @param message which rule failed and what to do
     */
    public PromotionRefusedException(String label, String message) {
        super(message);
        this.label = Objects.requireNonNull(label, "label");
    }

    /**
     * Returns the label that stays where it is.
     *
     * @return the label
     */
    public String label() {
        return label;
    }
}
