package dev.llmlifecycle.retrieval.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;

/** Packs words or sentences into chunks up to a maximum, repeating the end of a chunk at the start of the next. */
final class UnitSplitter implements DocumentSplitter {

    private final Unit unit;
    private final TextSize size;
    private final int maximum;
    private final int overlap;

    enum Unit {
        WORD,
        SENTENCE
    }

    UnitSplitter(Unit unit, TextSize size, int maximum, int overlap) {
        if (maximum < 1) {
            throw new IllegalArgumentException("the maximum of a chunk must be at least 1 but was " + maximum
                    + "; a few hundred tokens are usual");
        }
        if (overlap < 0 || overlap >= maximum) {
            throw new IllegalArgumentException("the overlap of chunks must be from 0 to below their maximum of "
                    + maximum + " but was " + overlap + "; a tenth of the maximum is usual, or none");
        }
        this.unit = unit;
        this.size = size;
        this.maximum = maximum;
        this.overlap = overlap;
    }

    @Override
    public List<TextSegment> split(Document document) {
        String text = document.text();
        List<TextSpan> units = units(text);
        Chunks chunks = new Chunks(document);
        int first = 0;
        int taken = 0;
        while (taken < units.size()) {
            int next = afterLastThatFits(text, units, first);
            if (next <= taken) {
                // What is repeated leaves no room for anything new.
                first = taken;
                next = afterLastThatFits(text, units, first);
            }
            chunks.add(units.get(first).start(), units.get(next - 1).end());
            taken = next;
            first = firstToRepeat(text, units, first, taken);
        }
        return chunks.toList();
    }

    private List<TextSpan> units(String text) {
        List<TextSpan> whole = unit == Unit.SENTENCE ? Sentences.split(text) : words(text);
        List<TextSpan> units = new ArrayList<>(whole.size());
        for (TextSpan span : whole) {
            if (size.of(text, span.start(), span.end()) <= maximum) {
                units.add(span);
            } else {
                units.addAll(size.pieces(text, span.start(), span.end(), maximum));
            }
        }
        return units;
    }

    private static List<TextSpan> words(String text) {
        List<TextSpan> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int start = at;
            while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at > start) {
                words.add(new TextSpan(start, at));
            } else {
                at++;
            }
        }
        return words;
    }

    private int afterLastThatFits(String text, List<TextSpan> units, int first) {
        int start = units.get(first).start();
        // The first unit always fits: it was cut so.
        return firstThat(
                first + 1,
                units.size(),
                index -> size.of(text, start, units.get(index).end()) > maximum);
    }

    private int firstToRepeat(String text, List<TextSpan> units, int first, int taken) {
        if (overlap == 0) {
            return taken;
        }
        int end = units.get(taken - 1).end();
        return firstThat(
                first + 1, taken, index -> size.of(text, units.get(index).start(), end) <= overlap);
    }

    /** Returns the first index with a property that all after it have too, or the limit. */
    private static int firstThat(int from, int limit, IntPredicate property) {
        int low = from;
        int high = from;
        int step = 1;
        while (high < limit && !property.test(high)) {
            low = high + 1;
            high = (int) Math.min(limit, (long) high + step);
            step *= 2;
        }
        while (low < high) {
            int middle = low + (high - low) / 2;
            if (property.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
