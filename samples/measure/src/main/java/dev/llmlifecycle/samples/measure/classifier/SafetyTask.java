package dev.llmlifecycle.samples.measure.classifier;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.core.classify.LabelledText;
import dev.llmlifecycle.core.classify.ShippedClassifiers;
import dev.llmlifecycle.core.validation.safety.InjectionDetector;
import dev.llmlifecycle.core.validation.safety.ViolenceValidator;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * The detector of injections: jailbreaks against harmless prompts of the same length, instructions hidden in e-mails
 * and tables, direct injections of shapes that a model did not see, harmful texts, and false alarms.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class SafetyTask implements MeasureTask {

    private static final double ALARM = 0.5;
    private static final double RARE_ALARM = 0.2;
    private static final double PASSAGE_ALARM = 0.6;
    private static final double RARE = 0.01;
    private static final List<String> SHORT = List.of("xstest", "clinc150", "banking77", "prompt_injection");

    /** Creates the task. */
    public SafetyTask() {}

    @Override
    public String name() {
        return "safety";
    }

    @Override
    public String description() {
        return "injections: jailbreaks at one length, hidden in e-mails and tables, direct; harm; false alarms";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<Figure> figures = new ArrayList<>();
        InjectionDetector detector = InjectionDetector.shipped();
        jailbreaks(context, detector, figures);
        indirect(context, detector, figures);
        harm(context, figures);
        violence(context, figures);
        context.progress().accept("direct: a model for each family of shapes");
        direct(context, figures);
        return figures;
    }

    static void jailbreaks(MeasureContext context, InjectionDetector detector, List<Figure> figures) {
        ShippedSets sets = ShippedSets.injection(context);
        ToDoubleFunction<String> score = detector::promptScore;
        List<String> bad = texts(sets.report("jailbreak_prompts"));
        List<String> arena = texts(sets.report("arena_hard"));
        List<String> good = new ArrayList<>(arena);
        good.addAll(texts(sets.report("ifeval_prompts")));
        context.report("bbh").rows("task", "input").forEach(row -> good.add(row.text("input")));
        Separation.Pairs pairs = Separation.ofOneLength(bad, good);
        figures.add(area("jailbreaks, harmless of the same length", pairs, score, context.seed()));
        figures.add(area("the same by length alone", pairs, String::length, context.seed()));
        double[] scores = scores(bad, score);
        double limit = Separation.threshold(scores(arena, score), RARE);
        figures.add(Separation.share("jailbreaks", "found at 1 % false alarms on arena_hard", scores, limit));
        figures.add(Separation.share("jailbreaks", "found", scores, ALARM));
        figures.add(Separation.share("arena_hard", "false alarms", scores(arena, score), ALARM));
        for (String set : SHORT) {
            double[] harmless = scores(texts(sets.report(set)), score);
            figures.add(Separation.share(set, "false alarms", harmless, ALARM));
        }
    }

    private static Figure area(String set, Separation.Pairs pairs, ToDoubleFunction<String> score, long seed) {
        return Separation.area(set, scores(pairs.bad(), score), scores(pairs.good(), score), seed);
    }

    /** Each context once as it is, and with an attack at its start, middle and end. */
    static void indirect(MeasureContext context, InjectionDetector detector, List<Figure> figures) {
        boolean apart = context.reportOn().isPresent();
        List<String> attacks = context.report("prompt_injection").rows("attack_type", "attack").stream()
                .filter(row -> apart || ShippedSets.isHeldAttack(row))
                .map(row -> row.text("attack"))
                .toList();
        List<DataRow> rows = context.report("prompt_injection").rows("context", "question", "ideal").stream()
                .filter(row -> apart || ShippedSets.isHeldContext(row))
                .toList();
        ToDoubleFunction<String> score = text -> detector.instruction(text)
                .map(InjectionDetector.Instruction::probability)
                .orElse(0.0);
        List<double[]> allBad = new ArrayList<>();
        List<double[]> allGood = new ArrayList<>();
        for (boolean table : new boolean[] {false, true}) {
            List<String> contexts = rows.stream()
                    .map(row -> row.text("context"))
                    .filter(text -> text.startsWith("|") == table)
                    .toList();
            List<String> attacked = new ArrayList<>();
            for (int i = 0; i < contexts.size(); i++) {
                for (int place = 0; place < 3; place++) {
                    attacked.add(insert(contexts.get(i), attacks.get((i * 3 + place) % attacks.size()), place));
                }
            }
            double[] bad = scores(attacked, score);
            double[] good = scores(contexts, score);
            allBad.add(bad);
            allGood.add(good);
            String set = "instructions in " + (table ? "tables" : "e-mails");
            figures.add(Separation.area(set, bad, good, context.seed()));
            figures.add(Separation.share(set, "found", bad, PASSAGE_ALARM));
            figures.add(Separation.share(set, "false alarms", good, PASSAGE_ALARM));
        }
        figures.add(Separation.area("instructions in both", joined(allBad), joined(allGood), context.seed()));
    }

    private static String insert(String text, String attack, int place) {
        if (place == 0) {
            return attack + "\n" + text;
        }
        if (place == 2) {
            return text + "\n" + attack;
        }
        int middle = text.indexOf('\n', text.length() / 2);
        int at = middle < 0 ? text.indexOf(' ', text.length() / 2) : middle;
        int cut = at < 0 ? text.length() : at;
        return text.substring(0, cut) + "\n" + attack + "\n" + text.substring(cut);
    }

    /** Shapes of a family by a model that saw no shape of that family. */
    private static void direct(MeasureContext context, List<Figure> figures) {
        ShippedSets sets = ShippedSets.injection(context);
        List<String> harmless = Stream.concat(SHORT.stream(), Stream.of("ifeval_prompts", "arena_hard"))
                .flatMap(set -> texts(sets.report(set)).stream())
                .toList();
        List<InjectionShapes.Shape> shapes =
                InjectionShapes.read(context.seed()).of("direct");
        List<double[]> bad = new ArrayList<>();
        List<double[]> good = new ArrayList<>();
        for (String family :
                shapes.stream().map(InjectionShapes.Shape::family).distinct().toList()) {
            List<String> own = shapes.stream()
                    .filter(shape -> shape.family().equals(family))
                    .map(InjectionShapes.Shape::text)
                    .toList();
            List<LabelledText> rest = sets.train().stream()
                    .filter(text -> !own.contains(text.text()))
                    .toList();
            TextClassifier classifier = ShippedTraining.train("injection", rest).classifier();
            InjectionDetector detector = new InjectionDetector(classifier, ShippedClassifiers.instruction());
            bad.add(scores(own, detector::promptScore));
            good.add(scores(harmless, detector::promptScore));
            figures.add(Separation.area(
                    "direct, family " + family, bad.get(bad.size() - 1), good.get(good.size() - 1), context.seed()));
        }
        figures.add(Separation.area("direct, all families", joined(bad), joined(good), context.seed()));
    }

    static void harm(MeasureContext context, List<Figure> figures) {
        TextClassifier classifier = ShippedClassifiers.harm();
        ShippedSets sets = ShippedSets.harm(context);
        ToDoubleFunction<String> illegal = text -> classifier.predict(text).probability(ShippedSets.ILLEGAL);
        double[] requests = scores(texts(sets.report("harmful_requests")), illegal);
        double[] safe = scores(texts(sets.report("xstest")), illegal);
        figures.add(Separation.area("harmful requests, xstest safe", requests, safe, context.seed()));
        figures.add(Separation.share("harmful requests", "found", requests, ALARM));
        figures.add(Separation.share("xstest", "false alarms of illegal acts", safe, ALARM));
        List<LabelledText> moderated = sets.report("openai_moderation");
        ToDoubleFunction<String> selfHarm = text -> classifier.predict(text).probability(ShippedSets.SELF_HARM);
        double[] with = scores(texts(moderated, ShippedSets.SELF_HARM, true), selfHarm);
        double[] without = scores(texts(moderated, ShippedSets.SELF_HARM, false), selfHarm);
        figures.add(Separation.area("openai_moderation, self-harm", with, without, context.seed()));
        figures.add(Separation.share("openai_moderation, self-harm", "found", with, RARE_ALARM));
        figures.add(Separation.share("openai_moderation, self-harm", "false alarms", without, RARE_ALARM));
    }

    /** Forms of words that were written without looking at a text of these sets. */
    static void violence(MeasureContext context, List<Figure> figures) {
        ViolenceValidator validator = new ViolenceValidator();
        List<DataRow> rows = context.report("openai_moderation").rows("prompt");
        for (int label = 1; label >= 0; label--) {
            int wanted = label;
            List<DataRow> own = rows.stream()
                    .filter(row -> row.json().path("V").isNumber()
                            && row.json().path("V").asInt() == wanted)
                    .toList();
            long found = own.stream()
                    .filter(row -> !row.text("prompt").isBlank())
                    .filter(row -> refuses(validator, row.text("prompt")))
                    .count();
            if (!own.isEmpty()) {
                figures.add(Figure.share(
                        "openai_moderation, violence", wanted == 1 ? "found" : "false alarms", found, own.size()));
            }
        }
        List<DataRow> safe = context.report("xstest").rows("id", "prompt", "label", "focus").stream()
                .filter(row -> row.text("label").equals("safe"))
                .toList();
        long alarms = safe.stream()
                .filter(row -> refuses(validator, row.text("prompt")))
                .count();
        figures.add(Figure.share("xstest", "false alarms of violence", alarms, safe.size()));
    }

    private static boolean refuses(ViolenceValidator validator, String text) {
        return validator.validate(text, ValidationContext.of(text, List.of())) instanceof ValidationOutcome.Block;
    }

    private static List<String> texts(List<LabelledText> rows, String label, boolean has) {
        return texts(
                rows.stream().filter(row -> row.labels().contains(label) == has).toList());
    }

    private static List<String> texts(List<LabelledText> rows) {
        return rows.stream().map(LabelledText::text).toList();
    }

    private static double[] scores(List<String> texts, ToDoubleFunction<String> score) {
        return texts.stream().mapToDouble(score).toArray();
    }

    private static double[] joined(List<double[]> parts) {
        return parts.stream().flatMapToDouble(DoubleStream::of).toArray();
    }
}
