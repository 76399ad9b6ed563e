package dev.llmlifecycle.eval.report;

import java.util.ArrayList;
import java.util.List;

import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PromptPart;

/** A prompt as lines, so that two can be compared. */
final class PromptText {

    private PromptText() {}

    static List<String> lines(ChatPromptTemplate template) {
        List<String> lines = new ArrayList<>();
        for (PromptPart part : template.parts()) {
            if (part instanceof PromptPart.Message message) {
                lines.add("[" + message.role() + "]");
                message.template().lines().forEach(lines::add);
            } else if (part instanceof PromptPart.Placeholder placeholder) {
                lines.add("[" + placeholder.content() + "]");
            }
        }
        template.outputSchema().ifPresent(schema -> {
            lines.add("[OUTPUT SCHEMA]");
            schema.lines().forEach(lines::add);
        });
        ModelParameters parameters = template.parameters();
        if (!parameters.equals(ModelParameters.NONE)) {
            lines.add("[PARAMETERS]");
            parameters.temperature().ifPresent(value -> lines.add("temperature " + value));
            parameters.topP().ifPresent(value -> lines.add("topP " + value));
            parameters.maxOutputTokens().ifPresent(value -> lines.add("maxOutputTokens " + value));
            parameters.stopSequences().forEach(value -> lines.add("stop \"" + value + "\""));
        }
        return lines;
    }
}
