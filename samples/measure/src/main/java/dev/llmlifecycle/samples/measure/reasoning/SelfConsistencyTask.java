package dev.llmlifecycle.samples.measure.reasoning;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.core.reasoning.AnswerExtractor;
import dev.llmlifecycle.core.reasoning.ExtractedAnswer;
import dev.llmlifecycle.core.reasoning.MajorityVote;
import dev.llmlifecycle.samples.measure.data.DataFolder;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.data.MissingDataException;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * Votes replayed on recorded solutions of GSM8K: of its four models, and of two more where the set of RouteLLM has the
 * question. They come in 40 orders, drawn by the seed. Nothing is fitted.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class SelfConsistencyTask implements MeasureTask {

    private static final String ROUTED = "routellm_gsm8k";
    private static final List<String> ROUTED_MODELS =
            List.of("mistralai/Mixtral-8x7B-Instruct-v0.1_response", "gpt-4-1106-preview_response");
    private static final double[] CONFIDENCES = {1, 0.95, 0.9, 0.85};
    private static final int ORDERS = 40;
    private static final double Z = 1.959963984540054;
    private static final Pattern NUMBER = Pattern.compile("-?\\d[\\d,]*+(?:\\.\\d++)?");
    private static final AnswerExtractor ANSWERS = AnswerExtractor.standard();

    /** Creates the task. */
    public SelfConsistencyTask() {}

    @Override
    public String name() {
        return "self-consistency";
    }

    @Override
    public String description() {
        return "votes among recorded solutions: calls saved by stopping early, and what that costs";
    }

    /**
     * A question with its recorded answers.
     *
     * @param wanted the key of the right answer
     * @param answers the keys of the recorded ones
     */
    private record Recorded(String wanted, List<String> answers) {}

    @Override
    public List<Figure> run(MeasureContext context) {
        Map<String, DataRow> routed = routed(context);
        List<Recorded> four = new ArrayList<>();
        List<Recorded> six = new ArrayList<>();
        for (DataRow row : Gsm8k.rows(context)) {
            List<String> answers = new ArrayList<>();
            for (String model : Gsm8k.MODELS) {
                answers.add(key(Gsm8k.solution(row, model).text()));
            }
            String wanted = key(row.text("ground_truth"));
            four.add(new Recorded(wanted, List.copyOf(answers)));
            DataRow more = routed.get(row.text("question"));
            if (more != null) {
                ROUTED_MODELS.forEach(model -> answers.add(key(more.text(model))));
                six.add(new Recorded(wanted, List.copyOf(answers)));
            }
        }
        List<Figure> figures = new ArrayList<>();
        figures("gsm8k, 4 samples", four, context.seed(), figures);
        if (!six.isEmpty()) {
            figures("gsm8k, 6 samples", six, context.seed(), figures);
        }
        return figures;
    }

    private static Map<String, DataRow> routed(MeasureContext context) {
        Map<String, DataRow> routed = new HashMap<>();
        try {
            List<String> fields = new ArrayList<>(ROUTED_MODELS);
            fields.add("prompt");
            DataFolder.of(context.reportOn().orElse(context.data()).resolve(ROUTED))
                    .rows(fields, List.of())
                    .forEach(row -> routed.put(row.text("prompt"), row));
        } catch (MissingDataException e) {
            context.progress().accept("no more samples: " + e.getMessage());
        }
        return routed;
    }

    private static void figures(String set, List<Recorded> questions, long seed, List<Figure> figures) {
        int samples = questions.get(0).answers().size();
        List<List<Integer>> orders = orders(samples, seed);
        double[] all = new double[questions.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = replay(questions.get(i), orders, samples, 1, new double[1]);
        }
        figures.add(mean(set, "accuracy, all samples", all));
        for (double confidence : CONFIDENCES) {
            String at = String.format(Locale.ROOT, " at %.2f", confidence);
            double[] right = new double[all.length];
            double[] saved = new double[all.length];
            double[] difference = new double[all.length];
            for (int i = 0; i < all.length; i++) {
                double[] cast = new double[1];
                right[i] = replay(questions.get(i), orders, samples, confidence, cast);
                saved[i] = 1 - cast[0] / samples;
                difference[i] = right[i] - all[i];
            }
            figures.add(mean(set, "share of calls saved" + at, saved));
            figures.add(mean(set, "accuracy less that of all samples" + at, difference));
        }
    }

    /** Returns how often the vote is right over the orders, and how many samples it took. */
    private static double replay(
            Recorded question, List<List<Integer>> orders, int samples, double confidence, double[] cast) {
        double right = 0;
        double votes = 0;
        for (List<Integer> order : orders) {
            MajorityVote vote = MajorityVote.of(samples, confidence);
            for (int sample : order) {
                if (vote.settled()) {
                    break;
                }
                vote.add(question.answers().get(sample));
            }
            votes += vote.cast();
            right += vote.winner().filter(question.wanted()::equals).isPresent() ? 1 : 0;
        }
        cast[0] = votes / orders.size();
        return right / orders.size();
    }

    private static List<List<Integer>> orders(int samples, long seed) {
        Random random = new Random(seed);
        List<List<Integer>> orders = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            order.add(i);
        }
        for (int n = 0; n < ORDERS; n++) {
            Collections.shuffle(order, random);
            orders.add(List.copyOf(order));
        }
        return orders;
    }

    /** The answer that is marked, else the last number. */
    private static String key(String solution) {
        ExtractedAnswer extracted = ANSWERS.extract(solution);
        if (extracted.marked()) {
            return ANSWERS.key(extracted.answer());
        }
        String last = "";
        Matcher matcher = NUMBER.matcher(solution);
        while (matcher.find()) {
            last = matcher.group();
        }
        return ANSWERS.key(last);
    }

    private static Figure mean(String set, String name, double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double mean = sum / values.length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double error = values.length < 2 ? 0 : Z * Math.sqrt(squares / (values.length - 1) / values.length);
        return new Figure(set, name, mean, new Interval(mean - error, mean + error, Figure.LEVEL), values.length);
    }
}
