package dev.llmlifecycle.core.validation.content;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationContext.Subject;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * Notices a model that goes round in circles: words that follow themselves over and over, a line that comes again and
 * again, or a text that consists of few phrases.
 */
final class RepetitionValidator implements Validator {

    private static final String NAME = "repetition";
    private static final String INSTRUCTION =
            "Your answer repeats itself. Answer again, say each thing once, and stop when all is said.";

    /** The longest loop, in tokens, that is looked for word by word. */
    private static final int LONGEST_PERIOD = 48;

    /** How many tokens a loop must cover, and how often it must come. */
    private static final int LOOP_TOKENS = 24;

    private static final int LOOP_TIMES = 4;

    private static final int CHARACTER_RUN = 120;
    private static final int LINE_TIMES = 5;
    private static final int SHORTEST_LINE = 24;
    private static final int PHRASE = 8;
    private static final int FEWEST_TOKENS = 80;
    private static final double REPEATED_SHARE = 0.4;
    private static final long BASE = 1_000_003L;

    private final Identity identity = Identity.of(NAME, "1");

    RepetitionValidator() {}

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        if (context.subject() != Subject.ANSWER) {
            return ValidationOutcome.pass();
        }
        Tokens tokens = Tokens.of(text);
        Optional<Finding> found =
                characters(text).or(() -> loop(tokens)).or(() -> lines(text)).or(() -> phrases(tokens));
        return ValidationOutcome.following(text, found.stream().toList());
    }

    private static Optional<Finding> characters(String text) {
        int start = 0;
        for (int i = 1; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) != text.charAt(start)) {
                if (i - start >= CHARACTER_RUN && Character.isLetterOrDigit(text.charAt(start))) {
                    return Optional.of(finding(
                                    "repeated-characters",
                                    "One character comes " + (i - start) + " times in a row",
                                    0.95)
                            .withSpan(new TextSpan(start, i)));
                }
                start = i;
            }
        }
        return Optional.empty();
    }

    /** For each period the run of tokens that equal the one a period before; the work is tokens times periods. */
    private static Optional<Finding> loop(Tokens tokens) {
        int[] ids = tokens.ids;
        for (int period = 1; period <= Math.min(LONGEST_PERIOD, ids.length / 2); period++) {
            int least = Math.max(LOOP_TOKENS, period * LOOP_TIMES);
            int run = 0;
            int letters = 0;
            for (int i = period; i <= ids.length; i++) {
                boolean same = i < ids.length && ids[i] == ids[i - period];
                if (same) {
                    run++;
                    letters += ids[i] >= 0 ? 1 : 0;
                } else {
                    if (run + period >= least && letters * 2 >= run) {
                        return Optional.of(finding(
                                        "repeated-words",
                                        "A piece of " + period + " words comes " + (run / period + 1)
                                                + " times in a row",
                                        0.95)
                                .withSpan(tokens.span(i - run - period, i)));
                    }
                    run = 0;
                    letters = 0;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Finding> lines(String text) {
        String prose = FencedCode.blank(text);
        Map<String, Integer> counts = new HashMap<>();
        int start = 0;
        while (start <= prose.length()) {
            int end = prose.indexOf('\n', start);
            end = end < 0 ? prose.length() : end;
            String line = prose.substring(start, end).strip();
            if (line.length() >= SHORTEST_LINE && line.chars().anyMatch(Character::isLetter)) {
                int count = counts.merge(line, 1, Integer::sum);
                if (count == LINE_TIMES) {
                    return Optional.of(finding("repeated-lines", "A line comes " + LINE_TIMES + " times", 0.8)
                            .withSpan(new TextSpan(start, end)));
                }
            }
            start = end + 1;
        }
        return Optional.empty();
    }

    private static Optional<Finding> phrases(Tokens tokens) {
        int[] ids = tokens.words();
        if (ids.length < FEWEST_TOKENS) {
            return Optional.empty();
        }
        Map<Long, Integer> seen = new HashMap<>();
        long hash = 0;
        long power = 1;
        for (int i = 0; i < PHRASE; i++) {
            power *= BASE;
        }
        int repeated = 0;
        for (int i = 0; i < ids.length; i++) {
            hash = hash * BASE + ids[i] + 1;
            if (i >= PHRASE) {
                hash -= power * (ids[i - PHRASE] + 1);
            }
            if (i >= PHRASE - 1) {
                repeated += seen.merge(hash, 1, Integer::sum) > 1 ? 1 : 0;
            }
        }
        double share = repeated / (double) (ids.length - PHRASE + 1);
        return share >= REPEATED_SHARE
                ? Optional.of(finding(
                        "repeated-phrases",
                        "Of the phrases of " + PHRASE + " words, " + Math.round(100 * share) + " % came before",
                        0.85))
                : Optional.empty();
    }

    private static Finding finding(String code, String message, double confidence) {
        return Finding.of(NAME, code, Finding.Severity.ERROR, message)
                .withConfidence(confidence)
                .withRemedy(new Remedy.AskAgain(INSTRUCTION));
    }

    /** Words as numbers, and signs as negative ones; an ideograph is a word. */
    private static final class Tokens {

        private static final int LONGEST = 60;

        private final int[] ids;
        private final int[] starts;
        private final int[] ends;

        private Tokens(int[] ids, int[] starts, int[] ends) {
            this.ids = ids;
            this.starts = starts;
            this.ends = ends;
        }

        static Tokens of(String text) {
            Map<String, Integer> known = new HashMap<>();
            List<int[]> tokens = new ArrayList<>();
            int i = 0;
            while (i < text.length()) {
                int c = text.codePointAt(i);
                int next = i + Character.charCount(c);
                if (Character.isWhitespace(c)) {
                    i = next;
                    continue;
                }
                boolean word = Character.isLetterOrDigit(c);
                if (word && !Character.isIdeographic(c)) {
                    while (next < text.length()
                            && next - i < LONGEST
                            && Character.isLetterOrDigit(text.charAt(next))
                            && !Character.isIdeographic(text.charAt(next))) {
                        next++;
                    }
                }
                String token = text.substring(i, next).toLowerCase(Locale.ROOT);
                int id = known.computeIfAbsent(token, any -> known.size());
                tokens.add(new int[] {word ? id : -id - 1, i, next});
                i = next;
            }
            int[] ids = new int[tokens.size()];
            int[] starts = new int[ids.length];
            int[] ends = new int[ids.length];
            for (int t = 0; t < ids.length; t++) {
                ids[t] = tokens.get(t)[0];
                starts[t] = tokens.get(t)[1];
                ends[t] = tokens.get(t)[2];
            }
            return new Tokens(ids, starts, ends);
        }

        int[] words() {
            int count = 0;
            int[] words = new int[ids.length];
            for (int id : ids) {
                if (id >= 0) {
                    words[count++] = id;
                }
            }
            return Arrays.copyOf(words, count);
        }

        TextSpan span(int from, int to) {
            return new TextSpan(starts[from], ends[to - 1]);
        }
    }
}
