package dev.llmlifecycle.samples.measure.task;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

import dev.llmlifecycle.samples.measure.data.DataFolder;

/**
 * What a task is given.
 *
 * <p>Whatever is fitted or tuned comes from {@link #training(String)} alone. Figures come from {@link #report(String)}:
 * the folder of a separate slice when {@link #reportOn()} names one, else the same folder as the training part, and
 * then a task that fits has to leave out the rows it fitted on.
 *
 * <p>Immutable.
 *
 * @param data the folder with one folder for each set
 * @param reportOn a folder of the same shape with rows kept apart
 * @param seed for whatever is drawn
 * @param progress takes a line for the person who waits
 * @since 0.1
 */
public record MeasureContext(Path data, Optional<Path> reportOn, long seed, Consumer<String> progress) {

    /** Checks for null. */
    public MeasureContext {
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(reportOn, "reportOn");
        Objects.requireNonNull(progress, "progress");
    }

    /**
     * Opens the folder to fit and tune on.
     *
     * @param set the name of the set
     * @return its folder
     * @throws dev.llmlifecycle.samples.measure.data.MissingDataException when there is none
     */
    public DataFolder training(String set) {
        return DataFolder.of(data.resolve(set));
    }

    /**
     * Opens the folder to report on.
     *
     * @param set the name of the set
     * @return its folder
     * @throws dev.llmlifecycle.samples.measure.data.MissingDataException when there is none
     */
    public DataFolder report(String set) {
        return DataFolder.of(reportOn.orElse(data).resolve(set));
    }
}
