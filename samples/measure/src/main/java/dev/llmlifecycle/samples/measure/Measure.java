package dev.llmlifecycle.samples.measure;

/** The entry point of the sample. */
public final class Measure {
    private Measure() {}

    /**
     * Runs the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.out.println("measure");
    }
}
