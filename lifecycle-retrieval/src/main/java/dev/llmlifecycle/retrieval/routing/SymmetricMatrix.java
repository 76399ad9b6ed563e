package dev.llmlifecycle.retrieval.routing;

/** A symmetric matrix of which the upper half is kept. Not thread-safe. */
final class SymmetricMatrix {

    private final double[][] rows;

    SymmetricMatrix(int size) {
        this.rows = new double[size][size];
    }

    double trace() {
        double trace = 0;
        for (int i = 0; i < rows.length; i++) {
            trace += rows[i][i];
        }
        return trace;
    }

    /** Adds the outer product of a vector with itself, some times. */
    void addOuter(double[] vector, double times) {
        for (int i = 0; i < rows.length; i++) {
            double scaled = times * vector[i];
            double[] row = rows[i];
            for (int j = i; j < rows.length; j++) {
                row[j] += scaled * vector[j];
            }
        }
    }

    /** Adds to an element of the upper half. */
    void add(int row, int column, double value) {
        rows[row][column] += value;
    }

    void add(SymmetricMatrix other) {
        for (int i = 0; i < rows.length; i++) {
            double[] row = rows[i];
            double[] added = other.rows[i];
            for (int j = i; j < rows.length; j++) {
                row[j] += added[j];
            }
        }
    }

    /** Returns {@code factor * this + ridge * I}. */
    SymmetricMatrix scaled(double factor, double ridge) {
        SymmetricMatrix result = new SymmetricMatrix(rows.length);
        for (int i = 0; i < rows.length; i++) {
            for (int j = i; j < rows.length; j++) {
                result.rows[i][j] = factor * rows[i][j];
            }
            result.rows[i][i] += ridge;
        }
        return result;
    }

    /**
     * Replaces this matrix by its Cholesky factor, the upper one.
     *
     * @return whether it is positive definite; what is left is of no use if not
     */
    boolean factor() {
        for (int i = 0; i < rows.length; i++) {
            double[] row = rows[i];
            if (!(row[i] > 0)) {
                return false;
            }
            double root = Math.sqrt(row[i]);
            for (int j = i; j < rows.length; j++) {
                row[j] /= root;
            }
            for (int k = i + 1; k < rows.length; k++) {
                double[] below = rows[k];
                double factor = row[k];
                for (int j = k; j < rows.length; j++) {
                    below[j] -= factor * row[j];
                }
            }
        }
        return true;
    }

    /** Solves for a right-hand side, after {@link #factor()}. */
    double[] solve(double[] right) {
        double[] x = right.clone();
        for (int i = 0; i < rows.length; i++) {
            x[i] /= rows[i][i];
            for (int j = i + 1; j < rows.length; j++) {
                x[j] -= rows[i][j] * x[i];
            }
        }
        for (int i = rows.length - 1; i >= 0; i--) {
            double sum = x[i];
            for (int j = i + 1; j < rows.length; j++) {
                sum -= rows[i][j] * x[j];
            }
            x[i] = sum / rows[i][i];
        }
        return x;
    }
}
