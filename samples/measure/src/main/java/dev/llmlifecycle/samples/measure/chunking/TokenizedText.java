package dev.llmlifecycle.samples.measure.chunking;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.text.TextSpan;

/** A text as a list of tokens: runs of letters and digits, and single other signs. */
final class TokenizedText {

    private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+|[^\\s\\p{L}\\p{M}\\p{N}]");

    private final String text;
    private final List<TextSpan> tokens;

    TokenizedText(String text) {
        this.text = text;
        this.tokens = tokenize(text);
    }

    String text() {
        return text;
    }

    /** Returns the positions of the first token of a piece of the text and of the one after its last. */
    TextSpan tokensOf(int start, int end) {
        return new TextSpan(firstThatEndsAfter(start), firstThatStartsFrom(end));
    }

    /**
     * Finds tokens, for a splitter that does not say where its segments come from.
     *
     * @param from the token to search from
     * @return their positions
     */
    TextSpan find(String segment, int from) {
        List<String> wanted =
                tokenize(segment).stream().map(span -> span.of(segment)).toList();
        for (int start = from; start + wanted.size() <= tokens.size(); start++) {
            int matched = 0;
            while (matched < wanted.size()
                    && tokens.get(start + matched).of(text).equals(wanted.get(matched))) {
                matched++;
            }
            if (matched == wanted.size()) {
                return new TextSpan(start, start + matched);
            }
        }
        throw new LifecycleException("Locating a segment of " + wanted.size()
                + " words in its corpus failed: the splitter changed the words; leave that splitter out");
    }

    private int firstThatEndsAfter(int offset) {
        int low = 0;
        int high = tokens.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (tokens.get(middle).end() > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private int firstThatStartsFrom(int offset) {
        int low = 0;
        int high = tokens.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (tokens.get(middle).start() >= offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static List<TextSpan> tokenize(String text) {
        List<TextSpan> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(new TextSpan(matcher.start(), matcher.end()));
        }
        return tokens;
    }
}
