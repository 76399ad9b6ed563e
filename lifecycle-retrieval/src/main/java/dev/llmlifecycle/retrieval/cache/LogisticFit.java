package dev.llmlifecycle.retrieval.cache;

import java.util.List;

import dev.llmlifecycle.api.LifecycleException;

/**
 * Logistic regression with a ridge on standardised features, by Newton's method.
 *
 * @param weights of the features, and the intercept last
 */
record LogisticFit(List<Double> weights) {

    private static final int STEPS = 50;
    private static final double RIDGE = 1;

    LogisticFit {
        weights = List.copyOf(weights);
    }

    /** Fits to rows of equal length; both kinds count the same in all. */
    static LogisticFit of(List<double[]> rows, List<Boolean> labels) {
        int n = rows.get(0).length;
        double[] mean = new double[n];
        double[] spread = new double[n];
        for (double[] row : rows) {
            for (int j = 0; j < n; j++) {
                mean[j] += row[j] / rows.size();
            }
        }
        for (double[] row : rows) {
            for (int j = 0; j < n; j++) {
                spread[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / rows.size();
            }
        }
        for (int j = 0; j < n; j++) {
            spread[j] = spread[j] < 1e-12 ? 1 : Math.sqrt(spread[j]);
        }
        double positives = labels.stream().filter(label -> label).count();
        double up = labels.size() / (2 * positives);
        double down = labels.size() / (2 * (labels.size() - positives));
        double[] w = new double[n + 1];
        for (int step = 0; step < STEPS; step++) {
            double[][] hessian = new double[n + 1][n + 2];
            for (int j = 0; j < n; j++) {
                hessian[j][j] = RIDGE;
                hessian[j][n + 1] = -RIDGE * w[j];
            }
            hessian[n][n] = 1e-9;
            for (int i = 0; i < rows.size(); i++) {
                double[] x = standard(rows.get(i), mean, spread);
                double p = logistic(dot(w, x));
                double weight = labels.get(i) ? up : down;
                for (int j = 0; j <= n; j++) {
                    for (int k = 0; k <= n; k++) {
                        hessian[j][k] += weight * Math.max(1e-9, p * (1 - p)) * x[j] * x[k];
                    }
                    hessian[j][n + 1] += weight * ((labels.get(i) ? 1 : 0) - p) * x[j];
                }
            }
            double[] change = solve(hessian);
            double largest = 0;
            for (double each : change) {
                largest = Math.max(largest, Math.abs(each));
            }
            // A step too long can throw Newton's method off.
            double scale = largest > 2 ? 2 / largest : 1;
            for (int j = 0; j <= n; j++) {
                w[j] += scale * change[j];
            }
            if (largest < 1e-9) {
                break;
            }
        }
        Double[] plain = new Double[n + 1];
        plain[n] = w[n];
        for (int j = 0; j < n; j++) {
            plain[j] = w[j] / spread[j];
            plain[n] -= w[j] * mean[j] / spread[j];
        }
        return new LogisticFit(List.of(plain));
    }

    double probability(double[] features) {
        double sum = weights.get(features.length);
        for (int j = 0; j < features.length; j++) {
            sum += weights.get(j) * features[j];
        }
        return logistic(sum);
    }

    private static double[] standard(double[] row, double[] mean, double[] spread) {
        double[] x = new double[row.length + 1];
        for (int j = 0; j < row.length; j++) {
            x[j] = (row[j] - mean[j]) / spread[j];
        }
        x[row.length] = 1;
        return x;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** Gauss with partial pivots; the matrix has the right side as its last column. */
    private static double[] solve(double[][] m) {
        int n = m.length;
        for (int column = 0; column < n; column++) {
            int pivot = column;
            for (int row = column + 1; row < n; row++) {
                pivot = Math.abs(m[row][column]) > Math.abs(m[pivot][column]) ? row : pivot;
            }
            double[] swap = m[column];
            m[column] = m[pivot];
            m[pivot] = swap;
            if (!(Math.abs(m[column][column]) > 1e-300)) {
                throw new LifecycleException(
                        "Fitting an acceptance rule found no solution; check that the vectors of the model are finite");
            }
            for (int row = 0; row < n; row++) {
                double factor = row == column ? 0 : m[row][column] / m[column][column];
                for (int k = column; k <= n && factor != 0; k++) {
                    m[row][k] -= factor * m[column][k];
                }
            }
        }
        double[] solution = new double[n];
        for (int j = 0; j < n; j++) {
            solution[j] = m[j][n] / m[j][j];
        }
        return solution;
    }
}
