package dev.llmlifecycle.samples.measure.verdict;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.eval.metric.Metric;
import dev.llmlifecycle.eval.metric.Metrics;
import dev.llmlifecycle.samples.measure.data.DataRow;

/** Tells whether what a model wrote is right. */
final class RecordedAnswers {

    private static final Metric SAME_NUMBER = Metrics.numeric(Comparison.METRIC, 0);
    private static final Pattern THE_ANSWER_IS = Pattern.compile("(?i)\\bthe answer is ([^\\n]*)");

    private RecordedAnswers() {}

    /** Tells whether the last numbers of two texts are equal. */
    static boolean sameNumber(String reference, String solution) {
        Example example =
                Example.builder("recorded", "recorded").expected(reference).build();
        Interaction interaction = Interaction.builder("recorded", Instant.EPOCH, "recorded")
                .outcome("answered", solution)
                .build();
        return SAME_NUMBER.passed(example, new Answer(new Outcome.Answered(solution), interaction));
    }

    /** Returns what stands behind the last "the answer is", without a full stop. */
    static Optional<String> conclusion(String chain) {
        return THE_ANSWER_IS
                .matcher(chain)
                .results()
                .reduce((first, second) -> second)
                .map((MatchResult match) -> match.group(1).strip().replaceAll("\\.$", ""));
    }

    /** Returns a label that is written as a truth value or as its name. */
    static boolean label(DataRow row, JsonNode value, String field) {
        String text = value.asText();
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            throw row.damaged("field '" + field + "' is neither true nor false");
        }
        return text.equalsIgnoreCase("true");
    }

    /** Names a row by its place, as questions may stand twice. */
    static String id(DataRow row) {
        return Path.of(row.file()).getFileName() + ":" + row.line();
    }
}
