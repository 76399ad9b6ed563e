package dev.llmlifecycle.eval.experiment;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.core.internal.JsonObject;

/**
 * The form of calls and answers in a file of results. Of an answer it keeps what was said, cited and spent, and its
 * scores; not the passages, steps and findings, which belong to an interaction log.
 */
final class ResultLines {

    static final String CALL = "call";
    static final String ANSWER = "answer";

    private ResultLines() {}

    static Map<String, Object> call(Call call, List<Example> examples, Spending reserved) {
        Map<String, Object> json = start(CALL, call, examples);
        json.put("reserved", toJson(reserved));
        return json;
    }

    static Map<String, Object> answer(Call call, List<Example> examples, CallResult result) {
        Map<String, Object> json = start(ANSWER, call, examples);
        Outcome outcome = result.answer().outcome();
        Interaction interaction = result.answer().interaction();
        json.put("outcome", outcome.kind().name());
        json.put("text", outcome.text());
        if (outcome instanceof Outcome.Blocked blocked) {
            json.put("validator", blocked.validator());
        } else if (outcome instanceof Outcome.HandedOver handed) {
            json.put("queue", handed.queue());
        } else if (outcome instanceof Outcome.Failed failed) {
            json.put("step", failed.step());
        }
        json.put("interaction", interaction.id());
        json.put("startedAt", interaction.startedAt().toString());
        json.put("duration", interaction.duration().toString());
        interaction.release().ifPresent(release -> json.put("release", release.hex()));
        json.put("inputTokens", interaction.inputTokens());
        json.put("outputTokens", interaction.outputTokens());
        interaction.cost().ifPresent(cost -> json.put("cost", cost.toString()));
        json.put(
                "citations",
                interaction.citations().stream()
                        .map(citation -> Map.of(
                                "number",
                                citation.number(),
                                "passageId",
                                citation.passageId(),
                                "source",
                                citation.source()))
                        .toList());
        result.scores().ifPresent(scores -> json.put("scores", new TreeMap<>(scores)));
        json.put("spent", toJson(result.spent()));
        return json;
    }

    static CallResult readAnswer(JsonObject json, Example example) {
        Outcome outcome = outcome(json);
        Interaction.Builder interaction = Interaction.builder(
                        json.text("interaction"), json.instant("startedAt"), example.input())
                .outcome(outcome.label(), outcome.text())
                .duration(json.duration("duration"))
                .tokens(json.integer("inputTokens"), json.integer("outputTokens"))
                .cost(json.optionalText("cost").map(BigDecimal::new))
                .citations(json.objects("citations").stream()
                        .map(citation -> new Citation(
                                citation.integer("number"), citation.text("passageId"), citation.text("source")))
                        .toList());
        json.optional("release", json::hash).ifPresent(interaction::release);
        return new CallResult(
                new Answer(outcome, interaction.build()),
                json.optional("scores", json::object).map(ResultLines::scores),
                spending(json.object("spent")));
    }

    static Spending spending(JsonObject json) {
        return new Spending(json.longInteger("calls"), json.longInteger("tokens"), new BigDecimal(json.text("cost")));
    }

    private static Map<String, Object> start(String type, Call call, List<Example> examples) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", type);
        json.put("arm", RunHeader.ROLES.get(call.arm()));
        json.put("example", examples.get(call.example()).id());
        json.put("repeat", call.repeat());
        return json;
    }

    private static Map<String, Object> toJson(Spending spending) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("calls", spending.calls());
        json.put("tokens", spending.tokens());
        json.put("cost", spending.cost().toPlainString());
        return json;
    }

    private static Map<String, Double> scores(JsonObject json) {
        Map<String, Double> scores = new TreeMap<>();
        json.names().forEach(name -> scores.put(name, json.number(name)));
        return scores;
    }

    private static Outcome outcome(JsonObject json) {
        String text = json.text("text");
        return switch (json.constant("outcome", Outcome.Kind.class)) {
            case ANSWERED -> new Outcome.Answered(text);
            case ABSTAINED -> new Outcome.Abstained(text);
            case ASKED_BACK -> new Outcome.AskedBack(text);
            case BLOCKED -> new Outcome.Blocked(text, json.text("validator"));
            case OUT_OF_SCOPE -> new Outcome.OutOfScope(text);
            case HANDED_OVER -> new Outcome.HandedOver(text, json.text("queue"));
            case FAILED -> new Outcome.Failed(json.text("step"), text, Optional.empty());
        };
    }
}
