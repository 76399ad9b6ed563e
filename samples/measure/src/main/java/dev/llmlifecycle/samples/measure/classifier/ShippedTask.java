package dev.llmlifecycle.samples.measure.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.core.classify.LabelledText;
import dev.llmlifecycle.core.classify.ShippedClassifiers;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * The shipped classifiers on texts that they were not trained on, with their false alarms on harmless texts, long ones
 * apart, and what the length of a text alone would tell.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class ShippedTask implements MeasureTask {

    private static final double ALARM = 0.5;
    private static final double RARE = 0.01;
    private static final List<String> HARMLESS =
            List.of("arena_hard", "ifeval_prompts", "xstest", "clinc150", "banking77");

    /** Creates the task. */
    public ShippedTask() {}

    @Override
    public String name() {
        return "shipped-classifiers";
    }

    @Override
    public String description() {
        return "injection and toxicity, as shipped: separation, recall, false alarms on long and short harmless texts";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<Figure> figures = new ArrayList<>();
        injection(context, figures);
        toxicity(context, figures);
        return figures;
    }

    private static void injection(MeasureContext context, List<Figure> figures) {
        TextClassifier classifier = ShippedClassifiers.injection();
        ShippedSets sets = ShippedSets.injection(context);
        ToDoubleFunction<String> score = text -> classifier.predict(text).probability(ShippedSets.INJECTION);
        double[] jailbreaks = scores(sets.report("jailbreak_prompts"), score);
        double[] harmless = harmless(sets, score, "prompt_injection");
        figures.add(Separation.area("jailbreaks, all harmless", jailbreaks, harmless, context.seed()));
        figures.add(Separation.area(
                "jailbreaks, arena_hard", jailbreaks, scores(sets.report("arena_hard"), score), context.seed()));
        figures.add(Separation.area(
                "jailbreaks, arena_hard, by length alone",
                scores(sets.report("jailbreak_prompts"), String::length),
                scores(sets.report("arena_hard"), String::length),
                context.seed()));
        figures.add(Separation.share("jailbreaks", "found", jailbreaks, ALARM));
        figures.add(Separation.share(
                "jailbreaks", "found at 1 % false alarms", jailbreaks, Separation.threshold(harmless, RARE)));
        alarms(sets, score, figures, "injection", "prompt_injection");
    }

    private static void toxicity(MeasureContext context, List<Figure> figures) {
        TextClassifier classifier = ShippedClassifiers.toxicity();
        ShippedSets sets = ShippedSets.toxicity(context);
        ToDoubleFunction<String> score = text -> classifier.predict(text).probability(ShippedSets.TOXIC);
        List<LabelledText> tweets = sets.report("hate_speech_davidson");
        List<LabelledText> toxic = tweets.stream()
                .filter(tweet -> !tweet.labels().contains(ShippedSets.NEUTRAL))
                .toList();
        List<LabelledText> neutral = tweets.stream()
                .filter(tweet -> tweet.labels().contains(ShippedSets.NEUTRAL))
                .toList();
        double[] bad = scores(toxic, score);
        double[] good = scores(neutral, score);
        figures.add(Separation.area("tweets, toxic or neutral", bad, good, context.seed()));
        figures.add(Separation.share("tweets, toxic", "found", bad, ALARM));
        figures.add(Separation.share("tweets, neutral", "false alarms", good, ALARM));
        long right = tweets.stream()
                .filter(tweet -> classifier
                        .predict(tweet.text())
                        .ranking()
                        .get(0)
                        .label()
                        .equals(tweet.labels().get(0)))
                .count();
        figures.add(Figure.share("tweets, hate, offensive or neutral", "accuracy", right, tweets.size()));
        moderation(context, score, figures);
        alarms(sets, score, figures, "toxicity");
    }

    /** Texts of another kind than those of the training. */
    private static void moderation(MeasureContext context, ToDoubleFunction<String> score, List<Figure> figures) {
        List<String> flagged = new ArrayList<>();
        List<String> clean = new ArrayList<>();
        for (DataRow row : context.report("openai_moderation").rows("prompt")) {
            boolean hate = Stream.of("H", "H2", "HR").anyMatch(field -> is(row, field));
            boolean other = Stream.of("S", "V", "V2", "SH").anyMatch(field -> is(row, field));
            if (hate) {
                flagged.add(row.text("prompt"));
            } else if (!other) {
                clean.add(row.text("prompt"));
            }
        }
        figures.add(Separation.area(
                "openai_moderation, hate or clean",
                flagged.stream().mapToDouble(score).toArray(),
                clean.stream().mapToDouble(score).toArray(),
                context.seed()));
    }

    private static boolean is(DataRow row, String field) {
        return row.json().path(field).asInt() == 1;
    }

    private static void alarms(
            ShippedSets sets, ToDoubleFunction<String> score, List<Figure> figures, String of, String... more) {
        Stream.concat(HARMLESS.stream(), Arrays.stream(more))
                .forEach(set -> figures.add(
                        Separation.share(of + " on " + set, "false alarms", scores(sets.report(set), score), ALARM)));
    }

    private static double[] harmless(ShippedSets sets, ToDoubleFunction<String> score, String... more) {
        return Stream.concat(HARMLESS.stream(), Arrays.stream(more))
                .flatMap(set -> sets.report(set).stream())
                .mapToDouble(text -> score.applyAsDouble(text.text()))
                .toArray();
    }

    private static double[] scores(List<LabelledText> texts, ToDoubleFunction<String> score) {
        return texts.stream()
                .mapToDouble(text -> score.applyAsDouble(text.text()))
                .toArray();
    }
}
