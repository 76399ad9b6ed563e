package dev.llmlifecycle.samples.measure.bias;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.core.classify.ShippedClassifiers;
import dev.llmlifecycle.core.validation.bias.BiasValidator;
import dev.llmlifecycle.eval.suite.BbqScores;
import dev.llmlifecycle.eval.suite.BiasFigure;
import dev.llmlifecycle.eval.suite.BiasReport;
import dev.llmlifecycle.eval.suite.CounterfactualAudit;
import dev.llmlifecycle.eval.suite.CounterfactualSubstitution;
import dev.llmlifecycle.eval.suite.PairPreference;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * Bias scores of recorded models on BBQ; how right substitutions are on Winogender and WinoBias; whether the shipped
 * toxicity classifier treats groups alike; what the bias validator notices, on pairs whose row hashes to an odd byte
 * (its words were chosen without any of them, and looked at on the others), and its false alarms on harmless prompts.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class BiasTask implements MeasureTask {

    private static final CounterfactualSubstitution GENDER = CounterfactualSubstitution.englishGender();

    /** Creates the task. */
    public BiasTask() {}

    @Override
    public String name() {
        return "bias";
    }

    @Override
    public String description() {
        return "bias scores of recorded models; counterfactual runs of the toxicity classifier; what the bias validator sees";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<Figure> figures = new ArrayList<>();
        bbq(context, figures);
        List<String> sentences = winogender(context, figures);
        winobias(context, figures);
        List<PairPreference.Pair> pairs = crowsPairs(context);
        treatment(context, sentences, pairs, figures);
        notices(context, pairs, figures);
        return figures;
    }

    private static void bbq(MeasureContext context, List<Figure> figures) {
        Bbq data = Bbq.read(context.report(Bbq.SET));
        if (data.leftOut() > 0) {
            context.progress()
                    .accept(
                            "bbq: " + data.leftOut()
                                    + " answers are none of the three, or the stereotype is about neither or both persons; left out");
        }
        data.answers()
                .forEach((model, answers) -> BbqScores.of(model, answers, context.seed())
                        .figures()
                        .forEach(figure -> figures.add(new Figure(
                                "bbq/" + figure.group(),
                                figure.measure() + ", " + model,
                                figure.value(),
                                figure.interval(),
                                figure.n()))));
    }

    /** Whether the sentence about him becomes the one about her, and back. */
    private static List<String> winogender(MeasureContext context, List<Figure> figures) {
        Map<String, String> sentences = new HashMap<>();
        List<String> male = new ArrayList<>();
        for (DataRow row : context.report("winogender").rows("sentid", "sentence")) {
            sentences.put(row.text("sentid"), row.text("sentence"));
            if (row.text("sentid").contains(".male.")) {
                male.add(row.text("sentid"));
            }
        }
        List<String> texts = new ArrayList<>();
        long right = 0;
        long all = 0;
        for (String id : male) {
            String his = sentences.get(id);
            String hers = sentences.get(id.replace(".male.", ".female."));
            if (his != null && hers != null) {
                texts.add(his);
                all += 2;
                right += hers.equals(GENDER.variants(his).get("female")) ? 1 : 0;
                right += his.equals(GENDER.variants(hers).get("male")) ? 1 : 0;
            }
        }
        figures.add(Figure.share("winogender", "substitutions that equal the other sentence", right, all));
        return texts;
    }

    private static void winobias(MeasureContext context, List<Figure> figures) {
        Map<String, String> pro = new HashMap<>();
        Map<String, String> anti = new HashMap<>();
        for (DataRow row : context.report("winobias").rows("id", "sentence", "set", "type")) {
            String key = row.text("type") + " " + row.json().path("id").asText();
            (row.text("set").equals("pro") ? pro : anti).put(key, row.text("sentence"));
        }
        long right = 0;
        long all = 0;
        for (Map.Entry<String, String> entry : pro.entrySet()) {
            String other = anti.get(entry.getKey());
            if (other != null) {
                all++;
                Map<String, String> variants = GENDER.variants(entry.getValue());
                right += variants.containsValue(other) ? 1 : 0;
            }
        }
        figures.add(Figure.share("winobias", "substitutions that equal the other sentence", right, all));
    }

    private static List<PairPreference.Pair> crowsPairs(MeasureContext context) {
        List<PairPreference.Pair> pairs = new ArrayList<>();
        for (DataRow row : context.report("crows_pairs").rows("sent_more", "sent_less", "bias_type")) {
            pairs.add(new PairPreference.Pair(row.text("bias_type"), row.text("sent_more"), row.text("sent_less")));
        }
        return pairs;
    }

    private static void treatment(
            MeasureContext context, List<String> sentences, List<PairPreference.Pair> pairs, List<Figure> figures) {
        TextClassifier classifier = ShippedClassifiers.toxicity();
        ToDoubleFunction<String> toxicity = text -> 1 - classifier.predict(text).probability("neutral");
        BiasReport gender = new CounterfactualAudit(GENDER, toxicity, context.seed()).run("toxicity", sentences);
        add(gender, "winogender, toxicity", figures);
        add(PairPreference.of("toxicity", pairs, toxicity), "crows_pairs, toxicity", figures);
    }

    private static void add(BiasReport report, String set, List<Figure> figures) {
        for (BiasFigure figure : report.figures()) {
            String note = figure.pValue().isPresent() ? "p " + figure.pValue().getAsDouble() : "";
            figures.add(new Figure(
                    set,
                    figure.measure() + ", " + figure.group(),
                    figure.value(),
                    figure.interval(),
                    figure.n(),
                    note));
        }
    }

    private static void notices(MeasureContext context, List<PairPreference.Pair> pairs, List<Figure> figures) {
        BiasValidator validator = BiasValidator.builder().build();
        List<String> reported = pairs.stream()
                .map(PairPreference.Pair::stereotypical)
                .filter(text -> context.reportOn().isPresent() || isReported(text))
                .toList();
        figures.add(share("crows_pairs, stereotypes", "noticed", reported, text -> notices(validator, text)));
        figures.add(share(
                "crows_pairs, stereotypes",
                "noticed with confidence 0.7",
                reported,
                text -> findings(validator, text).stream().anyMatch(finding -> finding.confidence() >= 0.7)));
        for (String set : List.of("arena_hard", "ifeval_prompts")) {
            List<String> harmless = context.report(set).rows("prompt").stream()
                    .map(row -> row.text("prompt"))
                    .toList();
            figures.add(share(set, "false alarms", harmless, text -> notices(validator, text)));
        }
        List<String> intents = context.report("clinc150").rows("text").stream()
                .map(row -> row.text("text"))
                .toList();
        figures.add(share("clinc150", "false alarms", intents, text -> notices(validator, text)));
    }

    static boolean isReported(String text) {
        return Integer.parseInt(Hash.ofUtf8(text).hex().substring(0, 2), 16) % 2 == 1;
    }

    private static boolean notices(BiasValidator validator, String text) {
        return !findings(validator, text).isEmpty();
    }

    private static List<Finding> findings(BiasValidator validator, String text) {
        return validator.validate(text, ValidationContext.of(text, List.of())).findings();
    }

    private static Figure share(String set, String name, List<String> texts, Predicate<String> that) {
        return Figure.share(set, name, texts.stream().filter(that).count(), texts.size());
    }
}
