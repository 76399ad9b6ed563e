package dev.llmlifecycle.core.classify;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import dev.langchain4j.model.embedding.EmbeddingModel;

/**
 * A place from which the present classifier is taken, and in which it is exchanged while others use it.
 *
 * <p>Take it once for each question, so that a text is judged, explained and recorded by one classifier. An exchanged
 * classifier has another identity, which belongs into another release: build the release with {@code get().identity()}
 * after the exchange.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class ReloadingClassifier implements Supplier<TrainedTextClassifier> {

    private final Supplier<TrainedTextClassifier> reader;
    private final ReentrantLock exchange = new ReentrantLock();
    private final AtomicLong turns = new AtomicLong();
    private volatile TrainedTextClassifier present;

    /** The turn of the present classifier; guarded by the lock. */
    private long exchanged;

    private ReloadingClassifier(Supplier<TrainedTextClassifier> reader) {
        this.reader = reader;
        this.present = reader.get();
    }

    /**
     * Reads a classifier of n-grams alone.
     *
     * @param file its file, read again by {@link #reload}
     * @return the place with the classifier
     * @throws dev.llmlifecycle.api.LifecycleException when the file cannot be read or is damaged
     */
    public static ReloadingClassifier of(Path file) {
        return new ReloadingClassifier(() -> TrainedTextClassifier.load(file));
    }

    /**
     * Reads a classifier that was trained with an embedding model.
     *
     * @param file its file, read again by {@link #reload}
     * @param modelName the name of the embedding model
     * @param model the embedding model
     * @return the place with the classifier
     * @throws dev.llmlifecycle.api.LifecycleException when the file cannot be read or is damaged
     */
    public static ReloadingClassifier of(Path file, String modelName, EmbeddingModel model) {
        return new ReloadingClassifier(() -> TrainedTextClassifier.load(file, modelName, model));
    }

    static ReloadingClassifier of(Supplier<TrainedTextClassifier> reader) {
        return new ReloadingClassifier(reader);
    }

    /**
     * Returns the present classifier.
     *
     * @return the one that was read or swapped in last
     */
    @Override
    public TrainedTextClassifier get() {
        return present;
    }

    /**
     * Reads the file again. When that fails, the present classifier stays; of several at once, that which began last
     * holds.
     *
     * @return whether the present classifier was exchanged for another
     * @throws IllegalArgumentException when its labels are not those of the present classifier
     * @throws dev.llmlifecycle.api.LifecycleException when the file cannot be read or is damaged
     */
    public boolean reload() {
        long started = turns.incrementAndGet();
        TrainedTextClassifier read = reader.get();
        return !exchange(read, started).identity().equals(read.identity());
    }

    /**
     * Exchanges the classifier.
     *
     * @param classifier the next one
     * @return the one before
     * @throws IllegalArgumentException when its labels are not those of the present classifier
     */
    public TrainedTextClassifier swap(TrainedTextClassifier classifier) {
        Objects.requireNonNull(classifier, "classifier");
        return exchange(classifier, turns.incrementAndGet());
    }

    /** Exchanges unless something that began later is there already. */
    private TrainedTextClassifier exchange(TrainedTextClassifier classifier, long started) {
        exchange.lock();
        try {
            TrainedTextClassifier before = present;
            if (started < exchanged) {
                return classifier;
            }
            if (!before.labels().equals(classifier.labels())) {
                throw new IllegalArgumentException("Exchanging classifier '"
                        + before.card().name() + "' of " + before.labels().size() + " labels found one of "
                        + classifier.labels().size()
                        + " that are not the same; those who branch on labels would not know them, so open another");
            }
            present = classifier;
            exchanged = started;
            return before;
        } finally {
            exchange.unlock();
        }
    }
}
