package dev.llmlifecycle.core.reasoning.steps;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

import org.jspecify.annotations.Nullable;

/** An exact fraction in lowest terms. What grows beyond {@link #MAX_BITS} is no number of a chain of thought. */
record Rational(BigInteger numerator, BigInteger denominator) implements Comparable<Rational> {

    static final Rational ZERO = new Rational(BigInteger.ZERO, BigInteger.ONE);
    static final Rational ONE = new Rational(BigInteger.ONE, BigInteger.ONE);
    private static final int MAX_BITS = 4_096;
    private static final int MAX_EXPONENT = 512;

    static Rational of(long value) {
        return new Rational(BigInteger.valueOf(value), BigInteger.ONE);
    }

    static Rational of(long numerator, long denominator) {
        Rational fraction = ratio(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
        if (fraction == null) {
            throw new IllegalArgumentException("a fraction needs a denominator that is not 0");
        }
        return fraction;
    }

    static Rational of(BigDecimal value) {
        Rational fraction = value.scale() <= 0
                ? new Rational(value.toBigIntegerExact(), BigInteger.ONE)
                : ratio(value.unscaledValue(), BigInteger.TEN.pow(value.scale()));
        return fraction == null ? ZERO : fraction;
    }

    /** Returns a fraction, or null where it is divided by zero or too large. */
    private static @Nullable Rational ratio(BigInteger numerator, BigInteger denominator) {
        if (denominator.signum() == 0) {
            return null;
        }
        BigInteger divisor = numerator.gcd(denominator);
        if (denominator.signum() < 0) {
            divisor = divisor.negate();
        }
        BigInteger top = numerator.divide(divisor);
        BigInteger bottom = denominator.divide(divisor);
        return top.bitLength() > MAX_BITS || bottom.bitLength() > MAX_BITS ? null : new Rational(top, bottom);
    }

    @Nullable Rational plus(Rational other) {
        return ratio(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    @Nullable Rational times(Rational other) {
        return ratio(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    @Nullable Rational over(Rational other) {
        return ratio(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
    }

    @Nullable Rational power(Rational exponent) {
        if (!exponent.denominator.equals(BigInteger.ONE)
                || exponent.numerator.bitLength() > 16
                || Math.abs(exponent.numerator.intValue()) > MAX_EXPONENT) {
            return null;
        }
        int power = exponent.numerator.intValue();
        long bits = (long) Math.max(numerator.bitLength(), denominator.bitLength()) * Math.abs(power);
        if (bits > MAX_BITS) {
            return null;
        }
        return power >= 0
                ? ratio(numerator.pow(power), denominator.pow(power))
                : ratio(denominator.pow(-power), numerator.pow(-power));
    }

    Rational negate() {
        return new Rational(numerator.negate(), denominator);
    }

    Rational abs() {
        return numerator.signum() < 0 ? negate() : this;
    }

    @Override
    public int compareTo(Rational other) {
        return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
    }

    /** Tells whether two numbers differ by no more than a half of the last of so many decimals. */
    boolean roundsTo(Rational written, int decimals) {
        BigInteger scale = BigInteger.TEN.pow(Math.min(decimals, 300));
        Rational difference = plus(written.negate());
        return difference != null
                && difference
                                .abs()
                                .numerator
                                .multiply(BigInteger.TWO)
                                .multiply(scale)
                                .compareTo(difference.denominator)
                        <= 0;
    }

    /** Writes an exact decimal where there is a short one, else a rounded one. */
    String plain() {
        if (denominator.equals(BigInteger.ONE)) {
            return numerator.toString();
        }
        BigDecimal top = new BigDecimal(numerator);
        BigDecimal bottom = new BigDecimal(denominator);
        BigDecimal decimal = top.divide(bottom, new MathContext(12, RoundingMode.HALF_EVEN));
        String written = decimal.stripTrailingZeros().toPlainString();
        return Rational.of(decimal).equals(this) ? written : "about " + written;
    }
}
