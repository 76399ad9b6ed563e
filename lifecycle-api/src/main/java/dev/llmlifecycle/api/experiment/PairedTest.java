package dev.llmlifecycle.api.experiment;

/**
 * The test that the rows of a metric get, chosen by a rule that looks at what the rows are and never at who wins.
 *
 * <p>In this order: rows that come in clusters are compared cluster by cluster; without clusters, rows of zeros and
 * ones get {@link #EXACT_MCNEMAR}; all else gets Student's t where every {@link Assumption} of it holds, and sign flips
 * where one does not. Wilcoxon's test is not among them: it does not speak of the mean, in which the smallest
 * difference that matters is declared.
 *
 * @since 0.1
 */
public enum PairedTest {

    /** The exact McNemar test, with the interval of Bonett and Price. */
    EXACT_MCNEMAR("exact McNemar", "each example passes or fails"),

    /** The paired t-test with its interval. */
    PAIRED_T("paired t", "scores, enough of them and none dominates, so that their mean is about normal"),

    /** Sign flips of examples, with the interval that belongs to them. */
    SIGN_FLIP("sign flips", "scores that are too few, too skewed or too alike for a t-test"),

    /** The t-test whose standard error is robust to clusters. */
    CLUSTERED_T("clustered t", "rows of one cluster resemble each other, and there are enough clusters"),

    /** Sign flips of whole clusters, with the interval that belongs to them. */
    CLUSTERED_SIGN_FLIP(
            "sign flips of clusters",
            "rows of one cluster resemble each other, and the clusters are too few, too skewed or too alike for a"
                    + " t-test");

    private final String title;
    private final String reason;

    PairedTest(String title, String reason) {
        this.title = title;
        this.reason = reason;
    }

    /**
     * Returns what the test is called.
     *
     * @return a name for people
     */
    public String title() {
        return title;
    }

    /**
     * Returns when this test is chosen.
     *
     * @return what the rows are like, for people
     */
    public String reason() {
        return reason;
    }
}
