package dev.llmlifecycle.core.internal;

/**
 * What is wrong in a text that people write, and in which line.
 *
 * <p>The message has both; who knows the file puts its name before them.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class LineProblem extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final int line;
    private final String problem;

    /**
     * Creates a problem.
     *
     * @param line the line, from 1
     * @param problem what was found there and what to do
     */
    public LineProblem(int line, String problem) {
        super("line " + line + ": " + problem);
        this.line = line;
        this.problem = problem;
    }

    /**
     * Returns where it is.
     *
     * @return the line, from 1
     */
    public int line() {
        return line;
    }

    /**
     * Returns what is wrong.
     *
     * @return the problem without its line
     */
    public String problem() {
        return problem;
    }
}
