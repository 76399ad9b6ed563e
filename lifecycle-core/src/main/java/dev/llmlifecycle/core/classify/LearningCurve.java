package dev.llmlifecycle.core.classify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.SplittableRandom;

import dev.llmlifecycle.api.statistics.Interval;

/**
 * How accuracy grows with the number of labelled texts, and what more of them would bring.
 *
 * <p>Models trained on a part, twice the part and so on are judged on the same texts, which none of them saw. Their
 * error is fitted by {@code a + b · n^-c}, an inverse power law (C. Cortes and others, "Learning Curves: Asymptotic
 * Values and Rate of Convergence", NIPS 1993). The interval comes from drawing the judged texts again, 200 times: it
 * holds the luck of those texts, not that of the texts learned from, nor that the law may not hold far beyond what was
 * tried.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class LearningCurve {

    private static final int DRAWS = 200;
    private static final double LEVEL = 0.95;
    private static final int FARTHEST = 64;
    private static final double[] EXPONENTS = exponents();

    private final List<Point> points;
    private final Law law;
    private final List<Law> drawn;

    private LearningCurve(List<Point> points, Law law, List<Law> drawn) {
        this.points = List.copyOf(points);
        this.law = law;
        this.drawn = List.copyOf(drawn);
    }

    /** Fits the curve to what each model got right of the same texts. */
    static LearningCurve of(int[] rows, boolean[][] right, long seed) {
        int judged = right[0].length;
        int[] every = new int[judged];
        Arrays.setAll(every, i -> i);
        double[] errors = errors(right, every);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            points.add(new Point(rows[i], 1 - errors[i]));
        }
        SplittableRandom random = new SplittableRandom(seed);
        List<Law> drawn = new ArrayList<>();
        for (int draw = 0; draw < DRAWS; draw++) {
            int[] again = random.ints(judged, 0, judged).toArray();
            drawn.add(Law.fit(rows, errors(right, again)));
        }
        return new LearningCurve(points, Law.fit(rows, errors), drawn);
    }

    /**
     * Returns what was tried.
     *
     * @return the points by their number of texts
     */
    public List<Point> points() {
        return points;
    }

    /**
     * Says how accurate a classifier of more texts would be.
     *
     * @param rows how many labelled texts
     * @return the expected accuracy with its 95 % interval
     */
    public Forecast forecast(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException(
                    "a forecast needs at least 1 labelled text but got " + rows + "; say how many there would be");
        }
        double[] accuracies = drawn.stream()
                .mapToDouble(each -> 1 - each.error(rows))
                .sorted()
                .toArray();
        double expected = 1 - law.error(rows);
        // The law of the texts as they are may lie a little outside of what the draws give.
        double low = Math.min(expected, accuracies[(int) (DRAWS * (1 - LEVEL) / 2)]);
        double high = Math.max(expected, accuracies[DRAWS - 1 - (int) (DRAWS * (1 - LEVEL) / 2)]);
        return new Forecast(rows, expected, new Interval(low, high, LEVEL));
    }

    /**
     * Says how many labelled texts a wanted accuracy takes.
     *
     * @param accuracy in (0, 1)
     * @return the least number, or nothing when the curve does not get there with 64 times the texts of now
     */
    public OptionalInt rowsFor(double accuracy) {
        if (!(accuracy > 0 && accuracy < 1)) {
            throw new IllegalArgumentException(
                    "a wanted accuracy must be in (0, 1) but was " + accuracy + "; 0.95 is 95 %");
        }
        int low = 1;
        int high = Math.multiplyExact(now().rows(), FARTHEST);
        if (1 - law.error(high) < accuracy) {
            return OptionalInt.empty();
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (1 - law.error(middle) >= accuracy) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return OptionalInt.of(low);
    }

    /**
     * Says in a sentence what twice the labels would bring.
     *
     * @return the sentence
     */
    public String advice() {
        Forecast twice = forecast(2 * now().rows());
        String tail = twice.interval().low() > now().accuracy()
                ? "more labels pay"
                : "that may be nothing: look at suspected errors and at labels that are confused first";
        return String.format(
                Locale.ROOT,
                "%d texts give an accuracy of %.3f, %d would give about %.3f (%.3f to %.3f); %s",
                now().rows(),
                now().accuracy(),
                twice.rows(),
                twice.accuracy(),
                twice.interval().low(),
                twice.interval().high(),
                tail);
    }

    private Point now() {
        return points.get(points.size() - 1);
    }

    private static double[] errors(boolean[][] right, int[] judged) {
        double[] errors = new double[right.length];
        for (int i = 0; i < right.length; i++) {
            int wrong = 0;
            for (int row : judged) {
                wrong += right[i][row] ? 0 : 1;
            }
            errors[i] = wrong / (double) judged.length;
        }
        return errors;
    }

    private static double[] exponents() {
        double[] exponents = new double[40];
        Arrays.setAll(exponents, i -> 0.05 * (i + 1));
        return exponents;
    }

    /**
     * How accurate a classifier of some texts is.
     *
     * @param rows how many texts it was trained on
     * @param accuracy on texts that it did not see
     */
    public record Point(int rows, double accuracy) {}

    /**
     * How accurate a classifier of more texts would be.
     *
     * @param rows how many texts
     * @param accuracy what the law says
     * @param interval its 95 % interval
     */
    public record Forecast(int rows, double accuracy, Interval interval) {}

    /** The error {@code least + gain · rows^-exponent}. */
    private record Law(double least, double gain, double exponent) {

        double error(double rows) {
            return Math.min(1, least + gain * StrictMath.pow(rows, -exponent));
        }

        static Law fit(int[] rows, double[] errors) {
            Law best = new Law(0, 0, 1);
            double smallest = Double.MAX_VALUE;
            for (double exponent : EXPONENTS) {
                Law law = fit(rows, errors, exponent);
                double squares = 0;
                for (int i = 0; i < rows.length; i++) {
                    double miss = law.error(rows[i]) - errors[i];
                    squares += miss * miss;
                }
                if (squares < smallest) {
                    smallest = squares;
                    best = law;
                }
            }
            return best;
        }

        /** Least squares for one exponent, with no negative part. */
        private static Law fit(int[] rows, double[] errors, double exponent) {
            double meanX = 0;
            double meanY = 0;
            for (int i = 0; i < rows.length; i++) {
                meanX += StrictMath.pow(rows[i], -exponent) / rows.length;
                meanY += errors[i] / rows.length;
            }
            double xx = 0;
            double xy = 0;
            double squares = 0;
            double products = 0;
            for (int i = 0; i < rows.length; i++) {
                double x = StrictMath.pow(rows[i], -exponent);
                xx += (x - meanX) * (x - meanX);
                xy += (x - meanX) * (errors[i] - meanY);
                squares += x * x;
                products += x * errors[i];
            }
            double gain = xx == 0 ? 0 : Math.max(0, xy / xx);
            double least = meanY - gain * meanX;
            return least < 0 ? new Law(0, products / squares, exponent) : new Law(least, gain, exponent);
        }
    }
}
