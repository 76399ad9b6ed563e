package dev.llmlifecycle.api.text;

/**
 * A half-open range of UTF-16 indexes in a text.
 *
 * <p>Immutable.
 *
 * @param start the first index, at least 0
 * @param end the index after the last, at least {@code start}
 * @since 0.1
 */
public record TextSpan(int start, int end) {

    /** Checks the order. */
    public TextSpan {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException(
                    "a span must have 0 <= start <= end but was [" + start + ", " + end + "); swap or clamp the ends");
        }
    }

    /**
     * Returns the covered part of a text.
     *
     * @param text the text that the span belongs to
     * @return the characters from {@code start} to {@code end}
     */
    public String of(CharSequence text) {
        return text.subSequence(start, end).toString();
    }

    /**
     * Returns the number of covered UTF-16 units.
     *
     * @return the length, possibly 0
     */
    public int length() {
        return end - start;
    }
}
