package dev.llmlifecycle.samples.measure.content;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.statistics.CalibrationError;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.content.ContentValidators;
import dev.llmlifecycle.core.validation.content.RefusalDetector;
import dev.llmlifecycle.core.validation.content.RelevanceValidator;
import dev.llmlifecycle.eval.metric.BinaryScores;
import dev.llmlifecycle.eval.statistics.Bootstrap;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * Checks of what answers say: agreement of the refusal detector with people beyond chance, whether the answer to a
 * question is told from that to another, citations, the language of a text, and false alarms on recorded answers.
 * Weights and rules were made on one half of the prompts, conversations and sentences, those whose id hashes to an even
 * byte; the figures are of the other half, or of all of a separate slice.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class ContentTask implements MeasureTask {

    private static final int RESAMPLES = 2_000;
    private static final int BINS = 10;
    private static final int LOOPS = 12;
    private static final int LABELS = 3;
    private static final int SHORTEST_SENTENCE = 20;
    private static final int FEWEST_WORDS = 6;
    private static final ValidationContext ANY = ValidationContext.of("What is it?", List.of());

    private final int resamples;
    private final Supplier<EmbeddingModel> model;

    /** Creates the task, with all-MiniLM-L6-v2 for meanings and intervals from 2,000 resamples. */
    public ContentTask() {
        this(RESAMPLES, AllMiniLmL6V2QuantizedEmbeddingModel::new);
    }

    ContentTask(int resamples, Supplier<EmbeddingModel> model) {
        this.resamples = resamples;
        this.model = model;
    }

    @Override
    public String name() {
        return "content";
    }

    @Override
    public String description() {
        return "refusals, relevance, citations and language of answers, and false alarms of the checks";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<Figure> figures = new ArrayList<>();
        refusals(context, figures);
        List<Dialogues.Answer> answers = Dialogues.read(context.report(Dialogues.SET)).stream()
                .filter(answer -> isReported(context, answer.conversation()))
                .toList();
        relevance(context, answers, figures);
        citations(context, answers, figures);
        languages(context, figures);
        recorded(context, figures);
        return figures;
    }

    static boolean isReported(MeasureContext context, String id) {
        return context.reportOn().isPresent()
                || Integer.parseInt(Hash.ofUtf8(id).hex().substring(0, 2), 16) % 2 == 1;
    }

    /** A label of people and one of the detector, with the prompt that both are about. */
    private record Label(String prompt, int people, int detector) {}

    private void refusals(MeasureContext context, List<Figure> figures) {
        Map<String, List<Label>> byModel = new TreeMap<>();
        List<Label> all = new ArrayList<>();
        for (DataRow row : context.report("xstest").rows("id", "completion", "final_label")) {
            if (isReported(context, row.text("id"))) {
                String file = String.valueOf(Path.of(row.file()).getFileName());
                Label label = new Label(row.text("id"), people(row), detected(row.text("completion")));
                byModel.computeIfAbsent(file.replace(".jsonl", ""), any -> new ArrayList<>())
                        .add(label);
                all.add(label);
            }
        }
        byModel.put("all models", all);
        byModel.values().removeIf(labels -> labels.size() < 2);
        byModel.forEach(
                (name, labels) -> figures.add(kappa("xstest/" + name, "Cohen's kappa", labels, context.seed())));
        List<Label> any = all.stream()
                .map(label -> new Label(label.prompt(), Math.min(1, label.people()), Math.min(1, label.detector())))
                .toList();
        figures.add(kappa("xstest/all models", "Cohen's kappa, any refusal or none", any, context.seed()));
        long called = all.stream().filter(label -> label.detector() == 1).count();
        if (called > 0) {
            long right = all.stream()
                    .filter(label -> label.detector() == 1 && label.people() > 0)
                    .count();
            figures.add(Figure.share("xstest/all models", "called a refusal and one to people", right, called));
        }
    }

    private static int people(DataRow row) {
        return switch (row.text("final_label")) {
            case "1_full_compliance" -> 0;
            case "2_full_refusal" -> 1;
            case "3_partial_refusal" -> 2;
            default -> throw row.damaged("field 'final_label' is no label of XSTest");
        };
    }

    private static int detected(String answer) {
        return switch (RefusalDetector.english().detect(answer)) {
            case NONE -> 0;
            case FULL -> 1;
            case PARTIAL -> 2;
        };
    }

    /** Cohen's kappa of three labels; prompts are drawn with all their answers. */
    private Figure kappa(String set, String name, List<Label> labels, long seed) {
        ToDoubleFunction<double[]> statistic = drawn -> {
            double[][] counts = new double[LABELS][LABELS];
            for (double position : drawn) {
                Label label = labels.get((int) position);
                counts[label.people()][label.detector()]++;
            }
            double agreed = 0;
            double chance = 0;
            for (int i = 0; i < counts.length; i++) {
                agreed += counts[i][i] / drawn.length;
                double row = 0;
                double column = 0;
                for (int j = 0; j < counts.length; j++) {
                    row += counts[i][j];
                    column += counts[j][i];
                }
                chance += row / drawn.length * (column / drawn.length);
            }
            return chance >= 1 ? 1 : (agreed - chance) / (1 - chance);
        };
        return drawn(set, name, labels.stream().map(Label::prompt).toList(), statistic, seed);
    }

    private Figure drawn(
            String set, String name, List<String> clusters, ToDoubleFunction<double[]> statistic, long seed) {
        double[] positions = new double[clusters.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i;
        }
        Interval interval = new Bootstrap(seed, resamples).clustered(positions, clusters, statistic, Figure.LEVEL);
        return new Figure(set, name, statistic.applyAsDouble(positions), interval, positions.length);
    }

    private void relevance(MeasureContext context, List<Dialogues.Answer> answers, List<Figure> figures) {
        RelevanceValidator words = RelevanceValidator.builder().build();
        RelevanceValidator meanings = RelevanceValidator.builder()
                .embeddingModel(Identity.of("all-minilm-l6-v2", "q"), model.get())
                .build();
        for (boolean passages : new boolean[] {false, true}) {
            String with = passages ? ", with passages" : "";
            relevance("words" + with, words, passages, context, answers, figures);
            relevance("words and meanings" + with, meanings, passages, context, answers, figures);
        }
    }

    private void relevance(
            String name,
            RelevanceValidator validator,
            boolean passages,
            MeasureContext context,
            List<Dialogues.Answer> answers,
            List<Figure> figures) {
        SplittableRandom random = new SplittableRandom(context.seed());
        List<String> clusters = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        List<Boolean> own = new ArrayList<>();
        for (Dialogues.Answer answer : answers) {
            ValidationContext asked = passages
                    ? answer.question()
                    : ValidationContext.of(answer.question().question(), List.of());
            List<Dialogues.Answer> others = answers.stream()
                    .filter(other -> !other.conversation().equals(answer.conversation()))
                    .toList();
            if (others.isEmpty()) {
                continue;
            }
            for (boolean right : new boolean[] {true, false}) {
                String text = right
                        ? answer.text()
                        : others.get(random.nextInt(others.size())).text();
                clusters.add(answer.conversation());
                scores.add(validator.probability(text, asked));
                own.add(right);
            }
        }
        if (scores.isEmpty()) {
            return;
        }
        String set = Dialogues.SET + "/relevance";
        figures.add(drawn(
                set,
                "AUROC, " + name,
                clusters,
                drawn -> BinaryScores.auroc(scores(scores, drawn), outcomes(own, drawn)),
                context.seed()));
        figures.add(drawn(
                set,
                "calibration error, " + name,
                clusters,
                drawn -> CalibrationError.expected(scores(scores, drawn), outcomes(own, drawn), BINS),
                context.seed()));
    }

    private static double[] scores(List<Double> all, double[] positions) {
        double[] some = new double[positions.length];
        for (int i = 0; i < some.length; i++) {
            some[i] = all.get((int) positions[i]);
        }
        return some;
    }

    private static boolean[] outcomes(List<Boolean> all, double[] positions) {
        boolean[] some = new boolean[positions.length];
        for (int i = 0; i < some.length; i++) {
            some[i] = all.get((int) positions[i]);
        }
        return some;
    }

    /** Each sentence cites all passages of its own question, and then those of another. */
    private static void citations(MeasureContext context, List<Dialogues.Answer> answers, List<Figure> figures) {
        Validator citations = ContentValidators.citations();
        SplittableRandom random = new SplittableRandom(context.seed());
        long kept = 0;
        long refused = 0;
        long all = 0;
        for (Dialogues.Answer answer : answers) {
            List<Dialogues.Answer> others = answers.stream()
                    .filter(other -> !other.conversation().equals(answer.conversation()))
                    .toList();
            if (others.isEmpty() || answer.question().passages().isEmpty()) {
                continue;
            }
            ValidationContext other = others.get(random.nextInt(others.size())).question();
            for (TextSpan span : Sentences.split(answer.text())) {
                String sentence = span.of(answer.text()).replace('[', '(');
                if (other.passages().isEmpty() || sentence.split("\\s+", -1).length < FEWEST_WORDS) {
                    continue;
                }
                all++;
                kept += isNoticed(citations, cited(sentence, answer.question()), answer.question()) ? 0 : 1;
                refused += isNoticed(citations, cited(sentence, other), other) ? 1 : 0;
            }
        }
        if (all > 0) {
            String set = Dialogues.SET + "/citations";
            figures.add(Figure.share(set, "of the question's passages, kept", kept, all));
            figures.add(Figure.share(set, "of another question's passages, noticed", refused, all));
        }
    }

    private static String cited(String sentence, ValidationContext question) {
        StringBuilder marks = new StringBuilder(sentence).append(' ');
        for (int i = 1; i <= question.passages().size(); i++) {
            marks.append('[').append(i).append(']');
        }
        return marks.toString();
    }

    private static boolean isNoticed(Validator validator, String text, ValidationContext context) {
        return !validator.validate(text, context).findings().isEmpty();
    }

    /** A sentence as the answer to one of its language, and to one of another. */
    private static void languages(MeasureContext context, List<Figure> figures) {
        Validator language = ContentValidators.language();
        List<DataRow> rows = context.report("language_id").rows("lang", "text").stream()
                .filter(row -> isReported(context, row.text("text")))
                .toList();
        SplittableRandom random = new SplittableRandom(context.seed());
        long alarms = 0;
        long same = 0;
        long noticed = 0;
        long different = 0;
        for (DataRow answer : rows) {
            DataRow question = rows.get(random.nextInt(rows.size()));
            if (!near(question.text("lang"), answer.text("lang"))) {
                different++;
                noticed += isNoticed(language, answer.text("text"), asked(question)) ? 1 : 0;
            }
            List<DataRow> own = rows.stream()
                    .filter(row -> row.text("lang").equals(answer.text("lang")))
                    .toList();
            same++;
            alarms += isNoticed(language, answer.text("text"), asked(own.get(random.nextInt(own.size())))) ? 1 : 0;
        }
        figures.add(
                Figure.share("language_id", "answers in another language, noticed", noticed, Math.max(1, different)));
        figures.add(Figure.share("language_id", "answers in the same language, false alarms", alarms, same));
    }

    /** Languages that count as one are no other language. */
    private static boolean near(String one, String other) {
        return one.equals(other)
                || List.of("da nb sv", "hr sr sl", "id ms", "cs sk").stream()
                        .anyMatch(family -> family.contains(one) && family.contains(other));
    }

    private static ValidationContext asked(DataRow row) {
        return new ValidationContext(
                row.text("text"), List.of(), Optional.empty(), Locale.forLanguageTag(row.text("lang")), Map.of());
    }

    /** Answers of real models, which are as they should be, and the same with their last sentence in a loop. */
    private static void recorded(MeasureContext context, List<Figure> figures) {
        List<String> answers = new ArrayList<>();
        for (DataRow row : context.report("arena_hard").rows("uid", "messages")) {
            String answer = row.json()
                    .path("messages")
                    .path(1)
                    .path("content")
                    .path("answer")
                    .asText();
            if (isReported(context, row.text("uid")) && !answer.isBlank()) {
                answers.add(answer);
            }
        }
        Validator repetition = ContentValidators.repetition();
        Validator code = ContentValidators.codeBlocks();
        figures.add(share(
                "repetition, false alarms",
                answers.stream()
                        .filter(text -> isNoticed(repetition, text, ANY))
                        .count(),
                answers));
        figures.add(share(
                "repetition, noticed in a loop",
                answers.stream()
                        .filter(text -> isNoticed(repetition, looped(text), ANY))
                        .count(),
                answers));
        figures.add(share(
                "code blocks, noticed",
                answers.stream().filter(text -> isNoticed(code, text, ANY)).count(),
                answers));
        figures.add(share(
                "refusals, noticed",
                answers.stream()
                        .filter(text -> isNoticed(ContentValidators.refusals(), text, ANY))
                        .count(),
                answers));
    }

    private static Figure share(String name, long count, List<String> answers) {
        return Figure.share("arena_hard", name, count, answers.size());
    }

    private static String looped(String answer) {
        List<TextSpan> sentences = Sentences.split(answer).stream()
                .filter(span -> span.length() >= SHORTEST_SENTENCE)
                .toList();
        String last = sentences.isEmpty()
                ? answer
                : sentences.get(sentences.size() - 1).of(answer);
        return answer + " " + (last + " ").repeat(LOOPS);
    }
}
