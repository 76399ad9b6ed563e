package dev.llmlifecycle.core.reasoning;

import java.util.Map;
import java.util.TreeMap;

/**
 * What all strategies share.
 *
 * @param maxCalls the most calls of the model
 * @param maxTokens the most tokens of all calls, after which none begins
 * @param answers finds the answer
 * @param temperature of samples that are to differ, where the request has none
 * @param thoughts whether the interaction keeps the thoughts
 */
record ReasoningSettings(int maxCalls, long maxTokens, AnswerExtractor answers, double temperature, boolean thoughts) {

    static final ReasoningSettings DEFAULT =
            new ReasoningSettings(16, Long.MAX_VALUE, AnswerExtractor.standard(), 0.7, true);

    /** Returns what changes the behaviour, with some more. */
    Map<String, Object> canonical(Map<String, Object> more) {
        Map<String, Object> canonical = new TreeMap<>(more);
        canonical.put("maxCalls", maxCalls);
        canonical.put("maxTokens", maxTokens == Long.MAX_VALUE ? "none" : Long.toString(maxTokens));
        canonical.put("answers", answers.identity().toCanonical());
        canonical.put("temperature", temperature);
        return canonical;
    }
}
