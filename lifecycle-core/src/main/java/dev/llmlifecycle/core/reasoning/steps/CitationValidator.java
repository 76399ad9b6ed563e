package dev.llmlifecycle.core.reasoning.steps;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;

/**
 * Checks sentences that cite a passage, as in {@code Refunds take five days [2].}: the passage is there, has the
 * sentence's numbers, and a share of its words of four letters or more.
 *
 * <p>A passage that is not there and a number it does not have refute the step; a share of words below the least leaves
 * it undecided, as paraphrase cannot be told from invention by words. Sentences that calculate are left alone.
 * Thread-safe.
 */
final class CitationValidator implements StepValidator {

    static final String NAME = "citation";

    private static final Pattern MARK = Pattern.compile("\\[(\\d{1,3})]");
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,]\\d+)*");
    private static final Pattern WORD = Pattern.compile("\\p{L}{4,}");

    private final double leastShare;

    CitationValidator(double leastShare) {
        this.leastShare = leastShare;
    }

    @Override
    public Identity identity() {
        return Identity.of(NAME, "1", Map.of("leastShare", leastShare));
    }

    @Override
    public StepCheck check(ReasoningStep step, StepContext context) {
        String text = StepText.head(step.text());
        if (context.passages().isEmpty() || !MARK.matcher(text).find()) {
            return StepCheck.unchecked(NAME, "no passage is cited");
        }
        int held = 0;
        for (TextSpan span : Sentences.split(text)) {
            String sentence = span.of(text);
            Set<Integer> cited = new HashSet<>();
            Matcher marks = MARK.matcher(sentence);
            while (marks.find()) {
                cited.add(Integer.parseInt(marks.group(1)));
            }
            if (cited.isEmpty()) {
                continue;
            }
            StringBuilder passages = new StringBuilder();
            for (int number : cited) {
                if (number < 1 || number > context.passages().size()) {
                    return StepCheck.wrong(NAME, "there is no passage [" + number + "]");
                }
                passages.append(context.passages().get(number - 1).text()).append('\n');
            }
            String claim = MARK.matcher(sentence).replaceAll(" ");
            if (claim.indexOf('=') >= 0) {
                continue;
            }
            Set<String> known = found(NUMBER, passages.toString());
            for (String number : found(NUMBER, claim)) {
                if (!known.contains(number)) {
                    return StepCheck.wrong(NAME, "the cited passage does not have the number " + number);
                }
            }
            Set<String> words = found(WORD, claim);
            Set<String> given = found(WORD, passages.toString());
            long shared = words.stream().filter(given::contains).count();
            held += !words.isEmpty() && shared >= leastShare * words.size() ? 1 : 0;
        }
        return held > 0
                ? StepCheck.correct(NAME, held + " cited sentences stand in their passages")
                : StepCheck.unchecked(NAME, "the cited passages say it in other words, or not at all");
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new HashSet<>();
        Matcher matcher = pattern.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }
}
