package dev.llmlifecycle.samples.measure.task;

import java.util.List;

/**
 * Something that can be measured on data.
 *
 * @since 0.1
 */
public interface MeasureTask {

    /**
     * Names the task.
     *
     * @return the word for the command line
     */
    String name();

    /**
     * Says what is measured.
     *
     * @return one line
     */
    String description();

    /**
     * Measures.
     *
     * @param context where the data is
     * @return the figures, at least one
     * @throws dev.llmlifecycle.api.LifecycleException when data is missing or damaged, or something else of the outside
     *     world fails
     */
    List<Figure> run(MeasureContext context);
}
