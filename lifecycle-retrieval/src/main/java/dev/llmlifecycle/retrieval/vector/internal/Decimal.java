package dev.llmlifecycle.retrieval.vector.internal;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * A number that values are compared with, by the decimal digits of both, as LangChain4j's filters do.
 *
 * <p>Floats and doubles need their digits only when they are nearest to this number: each reads back as itself, so two
 * that differ have digits in the same order.
 */
final class Decimal implements Comparable<Decimal> {

    private final BigDecimal digits;
    private final float nearestFloat;
    private final double nearestDouble;

    private Decimal(BigDecimal digits) {
        this.digits = digits;
        this.nearestFloat = Float.parseFloat(digits.toString());
        this.nearestDouble = Double.parseDouble(digits.toString());
    }

    /** Returns the number, or nothing for NaN and the infinities. */
    static Optional<Decimal> of(Number number) {
        try {
            return Optional.of(new Decimal(new BigDecimal(number.toString())));
        } catch (NumberFormatException notFinite) {
            return Optional.empty();
        }
    }

    /** Compares a value of the kinds of numbers with this: negative when the value is less. */
    int compare(Object value) {
        if (value instanceof Long number) {
            return BigDecimal.valueOf(number).compareTo(digits);
        }
        if (value instanceof Float number) {
            return number == nearestFloat
                    ? new BigDecimal(number.toString()).compareTo(digits)
                    : Float.compare(number, nearestFloat);
        }
        double number = (Double) value;
        return number == nearestDouble
                ? new BigDecimal(Double.toString(number)).compareTo(digits)
                : Double.compare(number, nearestDouble);
    }

    @Override
    public int compareTo(Decimal other) {
        return digits.compareTo(other.digits);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Decimal decimal && compareTo(decimal) == 0;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(nearestDouble);
    }
}
