package dev.llmlifecycle.samples.chatbot;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;

/** Answers as text for people. */
final class AnswerText {

    private final PrintStream out;

    AnswerText(PrintStream out) {
        this.out = out;
    }

    /** Lists the sources that an answer cites, by page and heading. */
    void sources(Answer answer) {
        if (!answer.isAnswered()) {
            return;
        }
        if (answer.citations().isEmpty()) {
            out.println("(The answer names no source.)");
            return;
        }
        out.println("Sources:");
        for (Citation citation : answer.citations()) {
            String heading = heading(citation, answer.interaction());
            out.println(
                    "  [" + citation.number() + "] " + citation.source() + (heading.isEmpty() ? "" : ", " + heading));
        }
    }

    /** Shows the retrieved passages with their texts. */
    void passages(Answer answer) {
        if (answer.interaction().passages().isEmpty()) {
            out.println("No passage was found.");
        }
        int number = 0;
        for (Passage passage : answer.interaction().passages()) {
            number++;
            out.println("[" + number + "] " + place(passage));
            out.println(passage.text().strip().indent(4).stripTrailing());
        }
    }

    /** Shows everything that an answer rests on. */
    void why(Answer answer, AnsweringModel model) {
        Interaction interaction = answer.interaction();
        row("outcome", interaction.outcome());
        row(
                "release",
                interaction.release().map(hash -> hash.shortForm()).orElse("none")
                        + interaction.label().map(label -> " (" + label + ")").orElse(""));
        row("prompt", interaction.prompt().map(Object::toString).orElse("none"));
        row("model", model.identity() + finish(interaction));
        interaction.standaloneQuestion().ifPresent(standalone -> row("asked", standalone));
        row("index", interaction.snapshotId().map(AnswerText::shortened).orElse("none"));
        row("cache hit", attribute(interaction, Step.RETRIEVE, "cacheHit").equals("true") ? "yes" : "no");
        row("passages", interaction.passages().isEmpty() ? "none" : "");
        int number = 0;
        for (Passage passage : interaction.passages()) {
            number++;
            out.println(String.format(Locale.ROOT, "    [%d] %.3f  %s", number, passage.score(), place(passage)));
        }
        row("findings", interaction.findings().isEmpty() ? "none" : "");
        for (Finding finding : interaction.findings()) {
            out.println("    " + finding.validator() + " " + finding.code() + ": " + finding.message());
        }
        row("tokens", interaction.inputTokens() + " in, " + interaction.outputTokens() + " out");
        row("time", milliseconds(interaction.duration()));
        for (Step step : interaction.steps()) {
            out.println(String.format(
                    Locale.ROOT, "    %-18s %9s%s", step.type(), milliseconds(step.duration()), details(step)));
        }
    }

    /** Returns the headings above the passage that a citation names, or nothing. */
    static String heading(Citation citation, Interaction interaction) {
        return interaction.passages().stream()
                .filter(passage -> passage.id().equals(citation.passageId()))
                .findFirst()
                .flatMap(passage -> passage.heading().or(passage::title))
                .orElse("");
    }

    private static String place(Passage passage) {
        return passage.source()
                + passage.heading()
                        .or(passage::title)
                        .map(heading -> ", " + heading)
                        .orElse("");
    }

    private static String finish(Interaction interaction) {
        return attribute(interaction, Step.MODEL, "finishReason").equals("LENGTH")
                ? ", cut off by the limit of tokens"
                : "";
    }

    private static String attribute(Interaction interaction, String type, String name) {
        return interaction.steps().stream()
                .filter(step -> step.type().equals(type))
                .reduce((first, second) -> second)
                .map(step -> step.attributes().getOrDefault(name, ""))
                .orElse("");
    }

    private static String details(Step step) {
        Map<String, String> attributes = new TreeMap<>(step.attributes());
        List<String> shown = attributes.entrySet().stream()
                .sorted(Comparator.comparing(Map.Entry::getKey))
                .map(entry -> entry.getKey() + "=" + shortened(entry.getValue()))
                .toList();
        return shown.isEmpty() ? "" : "  " + String.join(" ", shown);
    }

    /** Shortens what looks like a hash. */
    private static String shortened(String value) {
        return value.matches("[0-9a-f]{40,}") ? value.substring(0, 12) : value;
    }

    private static String milliseconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }

    private void row(String name, String value) {
        out.println(String.format(Locale.ROOT, "  %-10s %s", name, value).stripTrailing());
    }
}
