package dev.llmlifecycle.core.reasoning.steps;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.JsonObject;

/**
 * Checked steps as training data for a process reward model: JSON Lines of
 * {@code {"prompt":"…","steps":["…",…],"labels":[1,0,-1]}}.
 *
 * <p>A step is labelled 1 when it was confirmed, -1 when it was refuted and 0 when it was not checked. Steps behind the
 * first refuted one are 0 whatever they say, as they stand on an error.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class StepLabels {

    private final List<Row> rows;

    private StepLabels(Builder builder) {
        this.rows = List.copyOf(builder.rows);
    }

    /**
     * One chain.
     *
     * @param prompt the question
     * @param steps what each step says
     * @param labels 1, 0 or -1 for each
     * @since 0.1
     */
    public record Row(String prompt, List<String> steps, List<Integer> labels) {

        /** Copies. */
        public Row {
            Objects.requireNonNull(prompt, "prompt");
            steps = List.copyOf(steps);
            labels = List.copyOf(labels);
            if (steps.size() != labels.size()) {
                throw new IllegalArgumentException(
                        "a row has " + steps.size() + " steps and " + labels.size() + " labels; give each step one");
            }
        }
    }

    /**
     * Starts without chains.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the chains.
     *
     * @return in the order they were added
     */
    public List<Row> rows() {
        return rows;
    }

    /**
     * Writes the chains, replacing the file if there is one.
     *
     * @param file the file; its directory is created when it is missing
     * @throws IllegalStateException when there are none
     * @throws dev.llmlifecycle.api.LifecycleException when it cannot be written; an old file is then untouched
     */
    public void writeJsonLines(Path file) {
        if (rows.isEmpty()) {
            throw new IllegalStateException(
                    "writing " + file + " failed: there are no labelled steps; add chains that were checked");
        }
        StringBuilder text = new StringBuilder();
        for (Row row : rows) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("prompt", row.prompt());
            line.put("steps", row.steps());
            line.put("labels", row.labels());
            text.append(JsonObject.line(line)).append('\n');
        }
        DurableFiles.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Builds {@link StepLabels}.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final List<Row> rows = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a chain; one without a step that was confirmed or refuted teaches nothing and is left out.
         *
         * @param prompt the question
         * @param chain its steps
         * @return this
         */
        public Builder add(String prompt, CheckedSteps chain) {
            List<String> steps = new ArrayList<>();
            List<Integer> labels = new ArrayList<>();
            boolean astray = false;
            for (CheckedStep step : chain.steps()) {
                StepState state = step.state();
                steps.add(step.step().text());
                labels.add(astray || state == StepState.UNCHECKED ? 0 : state == StepState.CORRECT ? 1 : -1);
                astray |= state == StepState.WRONG;
            }
            if (labels.stream().anyMatch(label -> label != 0)) {
                rows.add(new Row(prompt, steps, labels));
            }
            return this;
        }

        /**
         * Builds.
         *
         * @return the rows
         */
        public StepLabels build() {
            return new StepLabels(this);
        }
    }
}
