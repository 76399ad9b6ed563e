package dev.llmlifecycle.eval.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.eval.experiment.ExperimentResult;

/**
 * One HTML page about an experiment and what followed from it, for a browser, a pull request or an archive.
 *
 * <p>It shows the verdict with effect and interval, every example with both answers, and, where they are given, the two
 * releases, the change of the prompt, the moves of deployment labels with what was refused, the feedback, and new data.
 * The page is one file that loads nothing: style, script and drawings are in it, and its content security policy allows
 * no other. It can be read without scripts, which only filter; in the dark, on a phone, and by a screen reader. Texts
 * of data are escaped, whatever is in them.
 *
 * <p>The page holds questions and answers; keep it where the interaction log is kept.
 *
 * <pre>{@code
 * HtmlReport.builder(result)
 *         .prompts(first, second)
 *         .journal(store.journal())
 *         .build()
 *         .write(Path.of("report.html"));
 * }</pre>
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class HtmlReport {

    private final String html;

    private HtmlReport(String html) {
        this.html = html;
    }

    /**
     * Starts a report.
     *
     * @param result what came of the experiment
     * @return a builder
     */
    public static Builder builder(ExperimentResult result) {
        return new Builder(result);
    }

    /**
     * Returns the page.
     *
     * @return a whole HTML document
     */
    public String html() {
        return html;
    }

    /**
     * Writes the page in UTF-8, replacing the file if there is one.
     *
     * @param file the file, such as {@code report.html}; its directory is created when it is missing
     * @throws dev.llmlifecycle.api.LifecycleException when it cannot be written; an old file is then untouched
     */
    public void write(Path file) {
        DurableFiles.write(file, html.getBytes(StandardCharsets.UTF_8));
    }

    /** Builds an {@link HtmlReport}. Not thread-safe. */
    public static final class Builder {

        final ExperimentResult result;
        final List<Figure> figures = new ArrayList<>();
        final List<JournalEntry> journal = new ArrayList<>();
        final List<String> refusals = new ArrayList<>();
        final List<Feedback> feedback = new ArrayList<>();
        final List<DataFile> files = new ArrayList<>();
        Optional<Pair<Release>> releases = Optional.empty();
        Optional<Pair<PromptVersion>> prompts = Optional.empty();
        String title;
        int maxExamples = 1000;
        Clock clock = Clock.systemUTC();

        private Builder(ExperimentResult result) {
            this.result = Objects.requireNonNull(result, "result");
            this.title = result.candidate() + " against " + result.baseline();
        }

        /**
         * Sets the title. Default: the names of the two arms.
         *
         * @param title the title, never blank
         * @return this builder
         */
        public Builder title(String title) {
            if (Objects.requireNonNull(title, "title").isBlank()) {
                throw new IllegalArgumentException("the title of a report is blank; name what was compared");
            }
            this.title = title;
            return this;
        }

        /**
         * Shows of what parts the two releases are and in which they differ. Default: their hashes alone.
         *
         * @param baseline the baseline
         * @param candidate the candidate
         * @return this builder
         * @throws IllegalArgumentException when the verdict is about other releases
         */
        public Builder releases(Release baseline, Release candidate) {
            if (!baseline.hash().equals(result.verdict().baseline())
                    || !candidate.hash().equals(result.verdict().candidate())) {
                throw new IllegalArgumentException("the report is about the releases "
                        + result.verdict().baseline().shortForm() + " and "
                        + result.verdict().candidate().shortForm() + " but was given "
                        + baseline.hash().shortForm() + " and "
                        + candidate.hash().shortForm() + "; give those that the arms declare");
            }
            this.releases = Optional.of(new Pair<>(baseline, candidate));
            return this;
        }

        /**
         * Shows what changed from one version of a prompt to another. Default: nothing of prompts.
         *
         * @param baseline the version before
         * @param candidate the version after
         * @return this builder
         */
        public Builder prompts(PromptVersion baseline, PromptVersion candidate) {
            this.prompts = Optional.of(new Pair<>(
                    Objects.requireNonNull(baseline, "baseline"), Objects.requireNonNull(candidate, "candidate")));
            return this;
        }

        /**
         * Adds a figure that stands beside the verdict and decides nothing. Default: none.
         *
         * @param name what is measured
         * @param baseline the baseline's value, as it is to be read
         * @param candidate the candidate's value
         * @return this builder
         */
        public Builder figure(String name, String baseline, String candidate) {
            figures.add(new Figure(
                    Objects.requireNonNull(name, "name"),
                    Objects.requireNonNull(baseline, "baseline"),
                    Objects.requireNonNull(candidate, "candidate")));
            return this;
        }

        /**
         * Adds entries of the audit journal. Default: none.
         *
         * @param entries the entries, oldest first, as {@link dev.llmlifecycle.api.release.ReleaseStore#journal} has
         *     them
         * @return this builder
         */
        public Builder journal(List<JournalEntry> entries) {
            journal.addAll(entries);
            return this;
        }

        /**
         * Adds a move that was refused, which no journal holds. Default: none.
         *
         * @param message what was tried and why it was refused
         * @return this builder
         */
        public Builder refusal(String message) {
            refusals.add(Objects.requireNonNull(message, "message"));
            return this;
        }

        /**
         * Adds what users said of answers; the report counts it. Default: none.
         *
         * @param feedback the feedback
         * @return this builder
         */
        public Builder feedback(List<Feedback> feedback) {
            this.feedback.addAll(feedback);
            return this;
        }

        /**
         * Adds data that was made, such as new test cases. Default: none.
         *
         * @param name what it is
         * @param rows how many rows it has
         * @param file where it is
         * @return this builder
         */
        public Builder data(String name, long rows, Path file) {
            files.add(new DataFile(Objects.requireNonNull(name, "name"), rows, Objects.requireNonNull(file, "file")));
            return this;
        }

        /**
         * Sets how many examples the table shows; where there are more, those that were gained or lost come first.
         * Default: 1000.
         *
         * @param examples at least 1
         * @return this builder
         */
        public Builder maxExamples(int examples) {
            if (examples < 1) {
                throw new IllegalArgumentException(
                        "the examples that a report shows must be at least 1 but were " + examples);
            }
            this.maxExamples = examples;
            return this;
        }

        /**
         * Sets the clock that dates the page. Default: the system's, UTC.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Writes the page in memory.
         *
         * @return the report
         */
        public HtmlReport build() {
            return new HtmlReport(new ReportPage(this).html());
        }
    }

    /** One of each arm. */
    record Pair<T>(T baseline, T candidate) {}

    /** A figure beside the verdict. */
    record Figure(String name, String baseline, String candidate) {}

    /** Data that was made. */
    record DataFile(String name, long rows, Path file) {}
}
