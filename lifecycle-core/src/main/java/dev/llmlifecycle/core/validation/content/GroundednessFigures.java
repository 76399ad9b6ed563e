package dev.llmlifecycle.core.validation.content;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.llmlifecycle.core.internal.text.Words;

/**
 * What is counted of a text beside the passages. A text without content words stands on them wholly.
 *
 * @param contentShare the share of its content words that stand in the passages
 * @param unknownWords ln(1 + the number of those that do not)
 * @param copiedShare the share of its words in runs of three that stand in the passages
 * @param wordShare the share of all its words that stand in the passages
 * @param sentenceShare the largest share of its content words in one sentence of the passages
 * @param speaker ln(1 + how often the writer speaks of himself where the passages do not)
 */
record GroundednessFigures(
        double contentShare,
        double unknownWords,
        double copiedShare,
        double wordShare,
        double sentenceShare,
        double speaker) {

    static final List<String> NAMES =
            List.of("contentShare", "unknownWords", "copiedShare", "wordShare", "sentenceShare", "speaker");

    static GroundednessFigures of(List<Words.Token> tokens, Evidence evidence) {
        int content = 0;
        int known = 0;
        int anywhere = 0;
        int speaker = 0;
        Set<String> distinct = new HashSet<>();
        Set<String> standing = new HashSet<>();
        boolean[] copied = new boolean[tokens.size()];
        for (int i = 0; i < tokens.size(); i++) {
            Words.Token token = tokens.get(i);
            String word = evidence.known(token);
            anywhere += word == null ? 0 : 1;
            if (Claim.isSpeaker(token) && !evidence.hasSpeaker(token)) {
                speaker++;
            }
            if (Claim.carries(token)) {
                content++;
                distinct.add(token.word());
                if (word != null) {
                    known++;
                    standing.add(word);
                }
            }
            if (i + 3 <= tokens.size() && evidence.hasRun(tokens, i)) {
                copied[i] = true;
                copied[i + 1] = true;
                copied[i + 2] = true;
            }
        }
        int copies = 0;
        for (boolean each : copied) {
            copies += each ? 1 : 0;
        }
        double best = evidence.closest(standing, Math.max(1, distinct.size()), 0).stream()
                .mapToDouble(Evidence.Match::share)
                .max()
                .orElse(0);
        return new GroundednessFigures(
                content == 0 ? 1 : known / (double) content,
                Math.log1p(content - known),
                tokens.isEmpty() ? 1 : copies / (double) tokens.size(),
                tokens.isEmpty() ? 1 : anywhere / (double) tokens.size(),
                distinct.isEmpty() ? 1 : Math.min(1, best),
                Math.log1p(speaker));
    }

    double[] values() {
        return new double[] {contentShare, unknownWords, copiedShare, wordShare, sentenceShare, speaker};
    }
}
