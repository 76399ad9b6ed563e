package dev.llmlifecycle.eval.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Adjusts p-values for having tested several hypotheses; an adjusted value is compared with alpha as it is.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class MultipleTests {

    private MultipleTests() {}

    /**
     * Adjusts so that the chance of any false alarm is at most alpha: the i-th smallest of m becomes the largest
     * {@code (m - j + 1) p_(j)} up to it, at most 1 (S. Holm, "A Simple Sequentially Rejective Multiple Test
     * Procedure", Scandinavian Journal of Statistics 6, 1979). Needs no independence.
     *
     * @param pValues each in [0, 1]
     * @return the adjusted values in the same order
     */
    public static double[] holm(double... pValues) {
        int[] order = ascending(pValues);
        double[] adjusted = new double[pValues.length];
        double largest = 0;
        for (int i = 0; i < order.length; i++) {
            largest = Math.max(largest, Math.min(1, (order.length - i) * pValues[order[i]]));
            adjusted[order[i]] = largest;
        }
        return adjusted;
    }

    /**
     * Adjusts so that the expected share of false alarms among alarms is at most alpha: the i-th smallest of m becomes
     * the smallest {@code m p_(j) / j} from it on, at most 1 (Y. Benjamini and Y. Hochberg, "Controlling the False
     * Discovery Rate", JRSS B 57, 1995). Needs independence or positive dependence.
     *
     * @param pValues each in [0, 1]
     * @return the adjusted values in the same order
     */
    public static double[] benjaminiHochberg(double... pValues) {
        int[] order = ascending(pValues);
        double[] adjusted = new double[pValues.length];
        double smallest = 1;
        for (int i = order.length - 1; i >= 0; i--) {
            smallest = Math.min(smallest, pValues[order[i]] * order.length / (i + 1));
            adjusted[order[i]] = smallest;
        }
        return adjusted;
    }

    private static int[] ascending(double[] pValues) {
        for (int i = 0; i < pValues.length; i++) {
            if (!(pValues[i] >= 0 && pValues[i] <= 1)) {
                throw new IllegalArgumentException(
                        "p-values must be in [0, 1] but value " + i + " is " + pValues[i] + "; check the test");
            }
        }
        return IntStream.range(0, pValues.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> pValues[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
