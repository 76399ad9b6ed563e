package dev.llmlifecycle.samples.measure;

import java.util.List;

import dev.llmlifecycle.samples.measure.qa.XquadTask;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/** All tasks; a new one is a class and a line here. */
final class Tasks {

    private Tasks() {}

    static List<MeasureTask> all() {
        return List.of(
                // In the order of their names.
                new XquadTask());
    }
}
