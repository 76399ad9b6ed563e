package dev.llmlifecycle.retrieval.ingest;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.model.TokenCountEstimator;
import dev.llmlifecycle.api.text.TextSpan;

/** Says how large a piece of a text is, in characters or in tokens. */
@FunctionalInterface
interface TextSize {

    /** Returns the size of {@code text.substring(start, end)}; a longer piece is not smaller. */
    int of(String text, int start, int end);

    /** Counts {@code char}s. */
    static TextSize characters() {
        return (text, start, end) -> end - start;
    }

    /** Counts tokens. */
    static TextSize tokens(TokenCountEstimator estimator) {
        return (text, start, end) -> start == end ? 0 : estimator.estimateTokenCountInText(text.substring(start, end));
    }

    /** Returns the end of the longest piece from {@code start} that is within the maximum; at least one code point. */
    default int fit(String text, int start, int limit, int maximum) {
        int fits = start;
        int step = Math.max(1, maximum);
        while (fits < limit && of(text, start, Math.min(limit, fits + step)) <= maximum) {
            fits = Math.min(limit, fits + step);
            step *= 2;
        }
        int tooLong = (int) Math.min((long) limit + 1, (long) fits + step);
        while (tooLong - fits > 1) {
            int middle = fits + (tooLong - fits) / 2;
            if (of(text, start, middle) <= maximum) {
                fits = middle;
            } else {
                tooLong = middle;
            }
        }
        if (fits < limit && fits > start && Character.isLowSurrogate(text.charAt(fits))) {
            fits--;
        }
        return fits > start ? fits : Math.min(limit, start + Character.charCount(text.codePointAt(start)));
    }

    /** Cuts what has no better place to cut, at white space where there is some. */
    default List<TextSpan> pieces(String text, int start, int end, int maximum) {
        List<TextSpan> pieces = new ArrayList<>();
        int at = start;
        while (at < end) {
            int longest = fit(text, at, end, maximum);
            int cut = longest;
            if (longest < end) {
                int least = at + (longest - at) / 2;
                while (cut > least && !Character.isWhitespace(text.charAt(cut))) {
                    cut--;
                }
                cut = cut > least ? cut : longest;
            }
            pieces.add(new TextSpan(at, cut));
            at = cut;
            while (at < end && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }
        return pieces;
    }
}
