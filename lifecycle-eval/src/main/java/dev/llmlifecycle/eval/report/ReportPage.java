package dev.llmlifecycle.eval.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.MetricVerdict;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.core.internal.Markup;
import dev.llmlifecycle.eval.experiment.ExperimentResult;
import dev.llmlifecycle.eval.report.Comparison.Change;
import dev.llmlifecycle.eval.report.HtmlReport.Pair;

/** Writes the page, section by section. */
final class ReportPage {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);
    private static final int SHOWN_REASONS = 10;

    private final HtmlReport.Builder report;
    private final ExperimentResult result;
    private final Verdict verdict;
    private final Comparison comparison;
    private final Markup page = new Markup();
    private List<String> columns = List.of();

    ReportPage(HtmlReport.Builder report) {
        this.report = report;
        this.result = report.result;
        this.verdict = result.verdict();
        this.comparison = Comparison.of(result);
    }

    String html() {
        String style = resource("report.css");
        String script = resource("report.js");
        page.line("<!DOCTYPE html>").open("html", "lang", "en").line("<head>").line("<meta charset=\"utf-8\">");
        page.open(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src " + source(style) + "; script-src " + source(script)
                        + "; base-uri 'none'; form-action 'none'");
        page.line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .line("<meta name=\"color-scheme\" content=\"light dark\">")
                .line("<meta name=\"referrer\" content=\"no-referrer\">");
        page.element("title", report.title).verbatim("style", style);
        page.line("</head>").line("<body>");
        page.line("<a class=\"skip\" href=\"#verdict\">To the verdict</a>");
        header();
        page.open("main");
        verdict();
        examples();
        releases();
        report.prompts.ifPresent(this::prompts);
        deployment();
        feedback();
        data();
        page.close("main");
        footer();
        page.verbatim("script", script).line("</body>").close("html");
        return page.toString();
    }

    private void header() {
        page.open("header").element("h1", report.title);
        page.open("p", "class", "about")
                .text("Experiment on " + result.dataset().name() + ", version "
                        + result.dataset().version() + ": "
                        + counted(result.dataset().size(), "example")
                        + ". Written " + time(report.clock.instant()) + ".")
                .close("p");
        page.open("nav", "aria-label", "On this page").open("ul");
        link("verdict", "Verdict");
        link("examples", "Examples");
        link("releases", "Releases");
        if (report.prompts.isPresent()) {
            link("prompt", "Prompt");
        }
        if (hasDeployment()) {
            link("deployment", "Deployment");
        }
        if (!report.feedback.isEmpty()) {
            link("feedback", "Feedback");
        }
        if (!report.files.isEmpty()) {
            link("data", "New data");
        }
        page.close("ul").close("nav").close("header");
    }

    private void link(String id, String name) {
        page.open("li").element("a", name, "href", "#" + id).close("li");
    }

    private void verdict() {
        section("verdict", "Verdict");
        page.open("p", "class", "conclusion " + style(verdict.conclusion()))
                .element("strong", verdict.conclusion().name())
                .element("span", meaning())
                .close("p");
        for (MetricVerdict metric : comparison.metrics()) {
            metric(metric);
        }
        if (!report.figures.isEmpty()) {
            page.element("h3", "Beside the verdict");
            table("Figures that decide nothing", List.of("Figure", result.baseline(), result.candidate()));
            report.figures.forEach(figure -> row(figure.name(), figure.baseline(), figure.candidate()));
            endTable();
        }
        page.close("section");
    }

    private static String style(Conclusion conclusion) {
        return conclusion.name().toLowerCase(Locale.ROOT);
    }

    private String meaning() {
        return switch (verdict.conclusion()) {
            case IMPROVED -> result.candidate() + " is better than " + result.baseline() + ".";
            case REGRESSED -> result.candidate() + " is worse than " + result.baseline() + ".";
            case EQUIVALENT -> "The two differ by less than what matters.";
            case UNDECIDED -> "The examples do not tell; more are needed.";
        };
    }

    private void metric(MetricVerdict metric) {
        double margin = comparison.margin(metric);
        EffectChart chart = new EffectChart(page);
        page.open("article", "class", "metric");
        page.open("h3")
                .text(metric.metric())
                .text(" ")
                .element("span", metric.conclusion().name(), "class", "tag " + style(metric.conclusion()))
                .close("h3");
        chart.difference(metric, margin);
        page.open("p", "class", "caption")
                .text(String.format(
                        Locale.ROOT,
                        "Difference of success rates in points: %+.1f, %.0f %% interval [%+.1f, %+.1f]. The band is what"
                                + " does not matter, up to %.1f points either way.",
                        100 * metric.effect(),
                        100 * metric.difference().level(),
                        100 * metric.difference().low(),
                        100 * metric.difference().high(),
                        100 * margin))
                .close("p");
        chart.division(comparison, metric);
        page.open("dl", "class", "counts");
        for (Change change : List.of(Change.BOTH, Change.GAINED, Change.LOST, Change.NEITHER)) {
            page.open("div", "class", change.label())
                    .element("dt", change.label())
                    .element("dd", Integer.toString(comparison.count(metric, change)))
                    .close("div");
        }
        page.close("dl");
        page.open("dl", "class", "facts");
        fact(result.baseline() + " passed", share(metric.baselinePassed(), metric.pairs()));
        fact(result.candidate() + " passed", share(metric.candidatePassed(), metric.pairs()));
        fact("p-value", String.format(Locale.ROOT, "%.3g, after Holm %.3g", metric.pValue(), metric.adjustedPValue()));
        if (metric.pairsStillNeeded() > 0) {
            fact("more examples needed", "about " + metric.pairsStillNeeded());
        }
        page.close("dl").close("article");
    }

    private void examples() {
        section("examples", "Examples");
        List<Comparison.Line> lines = comparison.lines(report.maxExamples);
        if (lines.size() < comparison.lines().size()) {
            page.element(
                    "p",
                    "Shown are " + lines.size() + " of " + comparison.lines().size()
                            + ", those that were gained or lost first.");
        }
        filter(lines.size());
        page.open(
                "div",
                "id",
                "rows",
                "class",
                "scroll",
                "tabindex",
                "0",
                "role",
                "region",
                "aria-label",
                "Table of examples");
        List<String> names = new ArrayList<>(List.of("Example", "Expected", result.baseline(), result.candidate()));
        comparison.metrics().forEach(metric -> names.add(metric.metric()));
        table("Both answers to each example, and which arm passed", names);
        lines.forEach(this::example);
        endTable();
        page.close("div").close("section");
    }

    /** Shown by the script, which it is for. */
    private void filter(int shown) {
        page.open("form", "id", "filter", "hidden", "hidden");
        page.open("fieldset").element("legend", "Show");
        choice("all");
        for (Change change : Change.values()) {
            choice(change.label());
        }
        page.close("fieldset");
        if (comparison.metrics().size() > 1) {
            page.open("label").text("by ").open("select", "id", "metric");
            for (int i = 0; i < comparison.metrics().size(); i++) {
                page.element("option", comparison.metrics().get(i).metric(), "value", Integer.toString(i));
            }
            page.close("select").close("label");
        }
        page.open("label").text("with the words ");
        page.open("input", "type", "search", "id", "words", "autocomplete", "off")
                .close("label");
        page.element("output", shown + " examples", "id", "shown", "for", "words");
        page.close("form");
    }

    /** A choice, and where the script puts how many examples it has. */
    private void choice(String change) {
        page.open("label").open("input", "type", "radio", "name", "change", "value", change);
        page.element("span", "", "class", "count").text(change).close("label");
    }

    private void example(Comparison.Line line) {
        Example example = line.example().example();
        List<String> attributes = new ArrayList<>(List.of("role", "row"));
        List<MetricVerdict> metrics = comparison.metrics();
        for (int i = 0; i < metrics.size(); i++) {
            attributes.add("data-change-" + i);
            attributes.add(line.change(metrics.get(i).metric()).label());
        }
        page.open("tr", attributes.toArray(String[]::new));
        page.open("th", "scope", "row", "role", "rowheader")
                .element("span", example.id(), "class", "id")
                .element("span", example.input(), "class", "data", "dir", "auto")
                .close("th");
        cell(1, "expected");
        if (example.expected().isEmpty()) {
            page.element("em", "no answer");
        }
        example.expected().forEach(expected -> page.element("p", expected, "class", "data", "dir", "auto"));
        page.close("td");
        answer(2, line.example().baseline());
        answer(3, line.example().candidate());
        for (int i = 0; i < metrics.size(); i++) {
            Change change = line.change(metrics.get(i).metric());
            cell(4 + i, "change")
                    .element("span", change.label(), "class", "tag " + change.label(), "title", change.passed())
                    .close("td");
        }
        page.close("tr");
    }

    private void answer(int column, Answer answer) {
        cell(column, "answer");
        if (!answer.isAnswered()) {
            page.element("em", answer.outcome().label());
        }
        page.element("p", answer.text(), "class", "data", "dir", "auto").close("td");
    }

    private void releases() {
        section("releases", "Releases");
        table(
                "Which releases were compared, and in which parts they differ",
                List.of("Part", result.baseline(), result.candidate()));
        difference("release", verdict.baseline().hex(), verdict.candidate().hex());
        report.releases.ifPresent(this::parts);
        endTable();
        page.open("dl", "class", "facts");
        fact("dataset", result.dataset().hash().hex());
        fact("rows", verdict.rowsHash().hex());
        fact("policy", verdict.policy().hash().hex());
        fact("verdict", verdict.hash().hex());
        page.close("dl").close("section");
    }

    private void parts(Pair<Release> releases) {
        Map<String, String> before = parts(releases.baseline());
        Map<String, String> after = parts(releases.candidate());
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        names.forEach(name -> difference(name, before.getOrDefault(name, "none"), after.getOrDefault(name, "none")));
    }

    private static Map<String, String> parts(Release release) {
        Map<String, String> parts = new LinkedHashMap<>();
        release.prompts().values().forEach(prompt -> parts.put("prompt " + prompt.name(), pinned(prompt)));
        parts.put("model", release.model().toString());
        release.corpusId().ifPresent(corpus -> parts.put("corpus", corpus));
        release.parts().forEach((role, identity) -> parts.put(role, identity.toString()));
        numbered(parts, "input validator", release.inputValidators());
        numbered(parts, "output validator", release.outputValidators());
        return parts;
    }

    private static void numbered(Map<String, String> parts, String kind, List<Identity> validators) {
        for (int i = 0; i < validators.size(); i++) {
            parts.put(kind + " " + (i + 1), validators.get(i).toString());
        }
    }

    private static String pinned(PinnedPrompt prompt) {
        return prompt + ", " + prompt.hash().shortForm();
    }

    private void difference(String part, String baseline, String candidate) {
        page.open("tr", "role", "row").element("th", part, "scope", "row", "role", "rowheader");
        cell(1, "data code").text(baseline).close("td");
        cell(2, "data code");
        if (baseline.equals(candidate)) {
            page.text(candidate);
        } else {
            page.element("mark", candidate);
        }
        page.close("td").close("tr");
    }

    private void prompts(Pair<PromptVersion> prompts) {
        section("prompt", "Prompt");
        page.element("p", described(prompts.baseline()) + " became " + described(prompts.candidate()) + ".");
        page.open("ol", "class", "diff", "aria-label", "Lines of the prompt");
        for (LineDiff.Line line : LineDiff.of(
                PromptText.lines(prompts.baseline().template()),
                PromptText.lines(prompts.candidate().template()))) {
            switch (line.kind()) {
                case KEPT -> page.element("li", line.text(), "dir", "auto");
                case REMOVED ->
                    page.open("li", "class", "removed")
                            .element("del", line.text(), "dir", "auto")
                            .close("li");
                case ADDED ->
                    page.open("li", "class", "added")
                            .element("ins", line.text(), "dir", "auto")
                            .close("li");
            }
        }
        page.close("ol").close("section");
    }

    private static String described(PromptVersion version) {
        return version.pin() + " by " + version.author() + " (\"" + version.message() + "\")";
    }

    private boolean hasDeployment() {
        return !report.journal.isEmpty() || !report.refusals.isEmpty();
    }

    private void deployment() {
        if (!hasDeployment()) {
            return;
        }
        section("deployment", "Deployment");
        if (!report.refusals.isEmpty()) {
            page.element("h3", "Refused").open("ul", "class", "refusals");
            report.refusals.forEach(refusal -> page.element("li", refusal, "class", "data", "dir", "auto"));
            page.close("ul");
        }
        if (!report.journal.isEmpty()) {
            page.element("h3", "Journal");
            table(
                    "The journal, oldest first",
                    List.of(
                            "Revision",
                            "When",
                            "Label or prompt",
                            "What",
                            "Release or version",
                            "By",
                            "Why",
                            "Verdict"));
            report.journal.forEach(this::entry);
            endTable();
        }
        page.close("section");
    }

    private void entry(JournalEntry entry) {
        JournalEvent event = entry.event();
        List<String> cells = new ArrayList<>(List.of(Long.toString(entry.revision()), time(entry.at())));
        if (event instanceof JournalEvent.OfDeployment move) {
            cells.addAll(List.of(
                    move.label(),
                    what(event),
                    move.from().map(from -> from.shortForm() + " → ").orElse("")
                            + move.to().shortForm()));
        } else if (event instanceof JournalEvent.OfPrompt of) {
            cells.addAll(List.of(
                    of.prompt().name(), what(event), "version " + of.prompt().number()));
        }
        cells.addAll(List.of(
                entry.actor(),
                entry.reason(),
                event instanceof JournalEvent.Moved moved
                        ? moved.evidence()
                                .map(evidence -> evidence.verdict().shortForm())
                                .orElse("none")
                        : ""));
        row(cells.toArray(String[]::new));
    }

    private static String what(JournalEvent event) {
        if (event instanceof JournalEvent.Moved moved) {
            return switch (moved.kind()) {
                case PROMOTE -> "forward";
                case ROLLBACK -> "back";
                case OVERRIDE -> "OVERRIDE, past the policy";
            };
        }
        if (event instanceof JournalEvent.PromptLabelled labelled) {
            return "labelled " + labelled.promptLabel();
        }
        return event instanceof JournalEvent.Proposed
                ? "proposed"
                : event instanceof JournalEvent.Approved ? "approved" : "registered";
    }

    private void feedback() {
        if (report.feedback.isEmpty()) {
            return;
        }
        section("feedback", "Feedback");
        Map<String, Integer> reasons = new LinkedHashMap<>();
        Map<Feedback.Rating, Integer> ratings = new LinkedHashMap<>();
        for (Feedback.Rating rating : Feedback.Rating.values()) {
            ratings.put(rating, 0);
        }
        long corrections = 0;
        for (Feedback said : report.feedback) {
            ratings.merge(said.rating(), 1, Integer::sum);
            said.reason().ifPresent(reason -> reasons.merge(reason, 1, Integer::sum));
            corrections += said.correction().isPresent() ? 1 : 0;
        }
        page.open("dl", "class", "facts");
        ratings.forEach(
                (rating, count) -> fact(rating.name().toLowerCase(Locale.ROOT), share(count, report.feedback.size())));
        fact("with a correction", Long.toString(corrections));
        page.close("dl");
        if (!reasons.isEmpty()) {
            table("Reasons, the most frequent first", List.of("Reason", "Answers"));
            reasons.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue()
                            .reversed()
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(SHOWN_REASONS)
                    .forEach(reason -> row(reason.getKey(), Integer.toString(reason.getValue())));
            endTable();
        }
        page.close("section");
    }

    private void data() {
        if (report.files.isEmpty()) {
            return;
        }
        section("data", "New data");
        table("What was made", List.of("Data", "Rows", "File"));
        report.files.forEach(
                file -> row(file.name(), Long.toString(file.rows()), file.file().toString()));
        endTable();
        page.close("section");
    }

    private void footer() {
        page.open("footer")
                .element(
                        "p",
                        "Examples are compared pair by pair with an exact test; the rule was declared before: alpha "
                                + verdict.policy().alpha() + ". Whoever has the rows can compute the verdict again.")
                .close("footer");
    }

    private void section(String id, String title) {
        page.open("section", "id", id, "aria-labelledby", id + "-title").element("h2", title, "id", id + "-title");
    }

    /** Opens a table; the roles say what a phone's style would hide from a screen reader. */
    private void table(String caption, List<String> names) {
        columns = names;
        page.open("table", "role", "table").element("caption", caption);
        page.open("thead", "role", "rowgroup").open("tr", "role", "row");
        names.forEach(name -> page.element("th", name, "scope", "col", "role", "columnheader"));
        page.close("tr").close("thead").open("tbody", "role", "rowgroup");
    }

    private void row(String... cells) {
        page.open("tr", "role", "row").element("th", cells[0], "scope", "row", "role", "rowheader", "dir", "auto");
        for (int i = 1; i < cells.length; i++) {
            cell(i, "data").text(cells[i]).close("td");
        }
        page.close("tr");
    }

    private Markup cell(int column, String kind) {
        return page.open("td", "class", kind, "role", "cell", "dir", "auto", "data-label", columns.get(column));
    }

    private void endTable() {
        page.close("tbody").close("table");
    }

    private void fact(String name, String value) {
        page.open("div")
                .element("dt", name)
                .element("dd", value, "class", "data")
                .close("div");
    }

    private static String share(int part, int whole) {
        return String.format(Locale.ROOT, "%d of %d (%.1f %%)", part, whole, 100.0 * part / whole);
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    /** Names an inline style or script in a content security policy by its hash. */
    private static String source(String content) {
        byte[] hash = HexFormat.of().parseHex(Hash.ofUtf8(content).hex());
        return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing beside its class; pack it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the resource " + name + " cannot be read; pack it again", e);
        }
    }
}
