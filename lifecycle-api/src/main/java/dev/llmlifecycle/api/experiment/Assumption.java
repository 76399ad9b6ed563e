package dev.llmlifecycle.api.experiment;

/**
 * Something that a test takes for granted, and that was looked at.
 *
 * @since 0.1
 */
public enum Assumption {

    /** No pair is missing; the value is the share that is. More than 0.05 leaves the metric undecided. */
    NONE_MISSING("no pair is missing"),

    /** Some pairs differ; the value is the share of ties. */
    NOT_ALL_TIED("not every pair ties"),

    /** The rows could reject at all; the value is the smallest p-value that so many differing pairs can give. */
    CAN_REJECT("enough pairs differ to reject at all"),

    /** There are at least 20 independent units; the value is their number, pairs or clusters. */
    ENOUGH_UNITS("at least 20 independent units"),

    /** The differences are not all the same; the value is their standard error, 0 where they are. */
    SPREAD("the differences vary"),

    /**
     * There are more than {@code 25 g²} units, g their skewness, so that the mean is about normal (W. G. Cochran,
     * "Sampling Techniques", 3rd edition 1977, section 2.15); the value is g.
     */
    MODERATE_SKEW("more units than 25 times their squared skewness"),

    /** No unit is further off than 6 standard deviations; the value is the furthest. */
    NO_OUTLIER("no unit beyond 6 standard deviations");

    private final String title;

    Assumption(String title) {
        this.title = title;
    }

    /**
     * Returns what is assumed.
     *
     * @return a phrase for people
     */
    public String title() {
        return title;
    }
}
