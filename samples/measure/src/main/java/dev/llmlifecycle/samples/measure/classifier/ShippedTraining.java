package dev.llmlifecycle.samples.measure.classifier;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.core.classify.LabelledText;
import dev.llmlifecycle.core.classify.TextClassifierTrainer;
import dev.llmlifecycle.core.classify.Training;
import dev.llmlifecycle.samples.measure.task.MeasureContext;

/**
 * Trains the classifiers that the library ships, from sets whose licence allows it.
 *
 * <p>Arguments: the folder of the sets, and the folder to write to. Equal sets give equal files but for the compression
 * of the Java version.
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public final class ShippedTraining {

    private static final long SEED = 42;
    private static final int BUCKETS = 1 << 15;
    private static final Clock DATE = Clock.fixed(Instant.parse("2026-11-25T00:00:00Z"), ZoneOffset.UTC);

    private ShippedTraining() {}

    /**
     * Trains all and writes {@code injection.classifier}, {@code instruction.classifier}, {@code harm.classifier} and
     * {@code toxicity.classifier}.
     *
     * @param args the folder of the sets and the folder to write to
     */
    public static void main(String[] args) {
        if (args.length != 2) {
            throw new IllegalArgumentException("training the shipped classifiers takes two folders but got "
                    + args.length + " arguments; name the folder of the sets and the folder to write to");
        }
        MeasureContext context = new MeasureContext(Path.of(args[0]), Optional.empty(), SEED, line -> {});
        Path folder = Path.of(args[1]);
        train("injection", ShippedSets.injection(context).train())
                .classifier()
                .save(folder.resolve("injection.classifier"));
        train("instruction", ShippedSets.instruction(context).train())
                .classifier()
                .save(folder.resolve("instruction.classifier"));
        builder("harm")
                .multiLabel()
                .build()
                .train(ShippedSets.harm(context).train())
                .classifier()
                .save(folder.resolve("harm.classifier"));
        train("toxicity", ShippedSets.toxicity(context).train())
                .classifier()
                .save(folder.resolve("toxicity.classifier"));
    }

    static Training train(String name, List<LabelledText> texts) {
        return builder(name).build().train(texts);
    }

    private static TextClassifierTrainer.Builder builder(String name) {
        return TextClassifierTrainer.builder(name)
                .nGrams(BUCKETS, 2, 3, 5)
                .balanced()
                .examplesPerLabel(0)
                .allowContradictions()
                .seed(SEED)
                .clock(DATE);
    }
}
