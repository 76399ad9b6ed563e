package dev.llmlifecycle.core.validation.content;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.core.internal.text.CitationMarks;
import dev.llmlifecycle.core.internal.text.Words;

/**
 * What of an answer speaks for its answering a question.
 *
 * @param covered the share of the question's content words that stand in the answer, in [0, 1]
 * @param sentence the largest such share of one sentence of the answer
 * @param kind 1 where the answer has what questions of its kind ask for, -1 where it has not, 0 where the kind is open
 * @param grounded the share of the answer's content words that stand in the passages that were found for the question;
 *     0 without passages
 */
record RelevanceSignals(double covered, double sentence, double kind, double grounded) {

    private static final int PREFIX = 5;
    private static final int HEAD = 600;
    private static final int SENTENCES = 200;

    private static final Pattern NUMBER = Pattern.compile("\\d|\\b(?:one|two|three|four|five|six|seven|eight|nine|ten|"
            + "dozen|hundred|thousand|million|none|no|several|many|few)\\b");
    private static final Pattern TIME = Pattern.compile("\\d|\\b(?:january|february|march|april|may|june|july|august|"
            + "september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|"
            + "yesterday|tomorrow|century|day|days|week|weeks|month|months|year|years|hour|hours|when|after|before|"
            + "until|during|once|always|never)\\b");
    private static final Pattern REASON = Pattern.compile("\\b(?:because|since|due|as|so|therefore|reason|reasons|"
            + "cause|caused|causes|to|help|helps|means|allow|allows)\\b");
    private static final Pattern VERDICT =
            Pattern.compile("\\b(?:yes|no|not|can|cannot|may|might|should|must|is|are|was|"
                    + "were|does|do|did|has|have|will|would|could)\\b|n't");
    private static final Pattern NAME = Pattern.compile("(?:^|[^.!?\\s]\\s+|[*_\"'(])\\p{Lu}\\p{L}");

    static RelevanceSignals of(String question, String answer, List<Passage> passages) {
        String said = CitationMarks.remove(answer);
        Set<String> asked = keys(Words.content(question));
        Set<String> all = keys(Words.content(said));
        double best = 0;
        for (TextSpan span : Sentences.split(said).stream().limit(SENTENCES).toList()) {
            best = Math.max(best, share(asked, keys(Words.content(span.of(said)))));
        }
        Set<String> found = new HashSet<>();
        for (Passage passage : passages) {
            found.addAll(keys(Words.content(passage.text())));
        }
        return new RelevanceSignals(share(asked, all), best, kind(question, said), share(all, found));
    }

    /** Short beginnings, so that "refund" and "refundable" are one. */
    private static Set<String> keys(List<String> words) {
        Set<String> keys = new HashSet<>();
        for (String word : words) {
            keys.add(
                    word.length() > PREFIX && !Words.isNumber(word)
                            ? word.substring(
                                    0,
                                    word.offsetByCodePoints(0, Math.min(PREFIX, word.codePointCount(0, word.length()))))
                            : word);
        }
        return keys;
    }

    private static double share(Set<String> wanted, Set<String> there) {
        return wanted.isEmpty() ? 0 : wanted.stream().filter(there::contains).count() / (double) wanted.size();
    }

    private static double kind(String question, String answer) {
        String asked = " " + question.toLowerCase(Locale.ROOT) + " ";
        String head = answer.substring(0, Math.min(HEAD, answer.length()));
        String lower = head.toLowerCase(Locale.ROOT);
        if (asked.contains(" how many ") || asked.contains(" how much ") || asked.contains(" how long ")) {
            return NUMBER.matcher(lower).find() ? 1 : -1;
        }
        if (asked.contains(" when ") || asked.contains(" what year ") || asked.contains(" what time ")) {
            return TIME.matcher(lower).find() ? 1 : -1;
        }
        if (asked.contains(" who ") || asked.contains(" where ") || asked.contains(" whose ")) {
            return NAME.matcher(head).find() ? 1 : -1;
        }
        if (asked.contains(" why ")) {
            return REASON.matcher(lower).find() ? 1 : -1;
        }
        String first = asked.strip();
        int space = first.indexOf(' ');
        boolean verdict = space > 0
                && Set.of(
                                "is", "are", "was", "were", "do", "does", "did", "can", "could", "will", "would",
                                "should", "has", "have", "may")
                        .contains(first.substring(0, space));
        return verdict ? (VERDICT.matcher(lower).find() ? 1 : -1) : 0;
    }
}
