package dev.llmlifecycle.retrieval.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.classify.Classification;
import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.statistics.ConformalThreshold;
import org.jspecify.annotations.Nullable;

/**
 * Learns weights and thresholds from the examples, each judged by what has not seen it: the examples of an intent are
 * divided into blocks of those that stand together, and a block is judged by all others. Rewordings that stand together
 * thus do not vouch for each other.
 */
final class Calibrator {

    private static final int FOLDS = 5;
    private static final int MOST_CASES = 3_000;
    private static final int FEWEST_CASES = 10;

    /** For too few examples to fit any: gauss, centre, near and head. */
    private static final double[] GIVEN = {0.02, 8, 4, 0.7};

    private static final int[] ALL = {0, 1, 2};

    private static final ConformalThreshold NO_THRESHOLD = new ConformalThreshold(Double.POSITIVE_INFINITY, 0.5, 0);

    private final List<String> intents;
    private final ExampleTable table;
    private final @Nullable HeadTrainer trainer;
    private final double alpha;
    private final boolean gaussian;

    Calibrator(List<String> intents, ExampleTable table, @Nullable HeadTrainer trainer, double alpha) {
        this.intents = intents;
        this.table = table;
        this.trainer = trainer;
        this.alpha = alpha;
        this.gaussian = table.dimension() <= Evidences.LARGEST_COVARIANCE;
    }

    /** A case judged by what has not seen it. */
    private record Judged(int truth, Evidence evidence, Optional<Classification> head) {}

    Calibrated calibrate(Optional<TextClassifier> given, Map<String, float[]> outside, long seed) {
        int[] folds = folds(seed);
        SymmetricMatrix[] moments = moments(folds);
        List<Judged> cases = judged(folds, moments, seed);
        int shrinkage = 0;
        Stacking own = fit(cases, 0, false);
        for (int i = 1; i < ALL.length && gaussian; i++) {
            Stacking other = fit(cases, i, false);
            if (other.loss() < own.loss()) {
                own = other;
                shrinkage = i;
            }
        }
        Stacking stacked = trainer == null ? own : fit(cases, shrinkage, true);
        Evidences evidences =
                new Evidences(table, IntStream.range(0, table.size()).toArray(), sum(moments, -1), shrinkage);
        Optional<TextClassifier> head = trainer == null ? given : Optional.of(train(row -> true));
        List<double[]> inside = new ArrayList<>();
        double[] misses = new double[cases.size()];
        List<Calibrated.Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            Judged each = cases.get(i);
            double[] probabilities = stacked.probabilities(kinds(each, shrinkage, trainer != null));
            int best = Softmax.best(probabilities);
            inside.add(Strangeness.signs(probabilities[best], each.evidence()));
            misses[i] = 1 - probabilities[each.truth()];
            outcomes.add(new Calibrated.Outcome(each.truth(), best));
        }
        Calibrated plain = new Calibrated(
                intents,
                table,
                evidences,
                own,
                stacked,
                head,
                trainer != null,
                Strangeness.plain(),
                NO_THRESHOLD,
                NO_THRESHOLD,
                outcomes,
                outside);
        Strangeness strangeness =
                outside.isEmpty() || inside.isEmpty() ? Strangeness.plain() : Strangeness.fit(inside, signs(plain));
        double[] scores = inside.stream().mapToDouble(strangeness::of).toArray();
        return new Calibrated(
                intents,
                table,
                evidences,
                own,
                stacked,
                head,
                trainer != null,
                strangeness,
                threshold(scores),
                threshold(misses),
                List.copyOf(outcomes),
                outside);
    }

    private ConformalThreshold threshold(double[] scores) {
        return scores.length == 0 ? NO_THRESHOLD : ConformalThreshold.of(scores, alpha);
    }

    private static List<double[]> signs(Calibrated plain) {
        List<String> texts = List.copyOf(plain.outside().keySet());
        Optional<List<Classification>> said = plain.head().map(head -> head.predictAll(texts));
        List<double[]> signs = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            int position = i;
            signs.add(plain.judge(
                            Objects.requireNonNull(plain.outside().get(texts.get(i))),
                            said.map(all -> all.get(position)))
                    .signs());
        }
        return signs;
    }

    /** Blocks of examples that stand together; the first block of an intent falls on a fold by the seed. */
    private int[] folds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] folds = new int[table.size()];
        for (int from = 0; from < folds.length; ) {
            int to = from;
            while (to < folds.length && table.intent(to) == table.intent(from)) {
                to++;
            }
            int turn = random.nextInt(FOLDS);
            int blocks = Math.min(FOLDS, to - from);
            for (int row = from; row < to; row++) {
                folds[row] = (turn + (int) ((long) (row - from) * blocks / (to - from))) % FOLDS;
            }
            from = to;
        }
        return folds;
    }

    private SymmetricMatrix[] moments(int[] folds) {
        SymmetricMatrix[] moments = new SymmetricMatrix[gaussian ? FOLDS : 0];
        for (int fold = 0; fold < moments.length; fold++) {
            moments[fold] = new SymmetricMatrix(table.dimension());
        }
        double[] vector = new double[table.dimension()];
        for (int row = 0; row < folds.length && gaussian; row++) {
            table.copyTo(row, vector);
            moments[folds[row]].addOuter(vector, 1);
        }
        return moments;
    }

    private @Nullable SymmetricMatrix sum(SymmetricMatrix[] moments, int without) {
        if (!gaussian) {
            return null;
        }
        SymmetricMatrix sum = new SymmetricMatrix(table.dimension());
        for (int fold = 0; fold < moments.length; fold++) {
            if (fold != without) {
                sum.add(moments[fold]);
            }
        }
        return sum;
    }

    private List<Judged> judged(int[] folds, SymmetricMatrix[] moments, long seed) {
        int[] drawn = drawn(seed);
        List<Judged> judged = new ArrayList<>();
        for (int fold = 0; fold < FOLDS; fold++) {
            int present = fold;
            int[] seen = IntStream.range(0, folds.length)
                    .filter(row -> folds[row] != present)
                    .toArray();
            int[] asked =
                    Arrays.stream(drawn).filter(row -> folds[row] == present).toArray();
            if (seen.length == 0 || asked.length == 0) {
                continue;
            }
            Evidences evidences = new Evidences(table, seen, sum(moments, fold), ALL);
            List<Classification> heads = trainer == null
                    ? List.of()
                    : train(row -> folds[row] != present)
                            .predictAll(
                                    Arrays.stream(asked).mapToObj(table::text).toList());
            for (int i = 0; i < asked.length; i++) {
                Evidence evidence = evidences.of(table.vector(asked[i]));
                int truth = table.intent(asked[i]);
                // The only example of an intent is judged by none.
                if (evidence.centre()[truth] != Double.NEGATIVE_INFINITY) {
                    judged.add(new Judged(
                            truth, evidence, heads.isEmpty() ? Optional.empty() : Optional.of(heads.get(i))));
                }
            }
        }
        return judged;
    }

    /** Draws the cases, in the order of their rows. */
    private int[] drawn(long seed) {
        int[] rows = IntStream.range(0, table.size()).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        int count = Math.min(MOST_CASES, rows.length);
        for (int i = 0; i < count; i++) {
            int other = i + random.nextInt(rows.length - i);
            int row = rows[i];
            rows[i] = rows[other];
            rows[other] = row;
        }
        int[] drawn = Arrays.copyOf(rows, count);
        Arrays.sort(drawn);
        return drawn;
    }

    private TextClassifier train(IntPredicate counts) {
        Map<String, List<String>> examples = new LinkedHashMap<>();
        for (int row = 0; row < table.size(); row++) {
            if (counts.test(row)) {
                examples.computeIfAbsent(intents.get(table.intent(row)), intent -> new ArrayList<>())
                        .add(table.text(row));
            }
        }
        return Objects.requireNonNull(trainer, "trainer").train(examples);
    }

    private double[][] kinds(Judged each, int shrinkage, boolean headed) {
        double[][] kinds = Calibrated.kinds(each.evidence(), shrinkage);
        return each.head()
                .filter(said -> headed)
                .map(said -> Calibrated.with(kinds, Calibrated.masked(Calibrated.logarithms(said, intents), kinds)))
                .orElse(kinds);
    }

    private Stacking fit(List<Judged> cases, int shrinkage, boolean headed) {
        int kinds = (gaussian ? 3 : 2) + (headed ? 1 : 0);
        if (cases.size() < FEWEST_CASES) {
            double[] given = Arrays.copyOfRange(GIVEN, gaussian ? 0 : 1, 3 + (headed ? 1 : 0));
            return new Stacking(given, 0);
        }
        return Stacking.fit(
                cases.stream()
                        .map(each -> new Stacking.Case(kinds(each, shrinkage, headed), each.truth()))
                        .toList(),
                kinds);
    }
}
