package dev.llmlifecycle.core.validation;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationContext.Subject;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.internal.JsonSchemaCheck;

/** Checks what a model gives to a tool under the schema of that tool's parameters. */
final class ToolArgumentsValidator implements Validator {

    private static final String NAME = "tool-arguments";

    private final SortedMap<String, JsonSchemaCheck> tools = new TreeMap<>();
    private final Identity identity;

    ToolArgumentsValidator(Map<String, String> schemas) {
        if (schemas.isEmpty()) {
            throw new IllegalArgumentException("there is no tool whose arguments could be checked; give at least one");
        }
        schemas.forEach((tool, schema) -> tools.put(tool, JsonSchemaCheck.of("tool '" + tool + "'", schema)));
        this.identity = Identity.of(NAME, "1", Map.of("tools", new TreeMap<>(schemas)));
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        if (context.subject() != Subject.TOOL_ARGUMENTS) {
            return ValidationOutcome.pass();
        }
        String tool = context.attributes().getOrDefault(Validators.TOOL_ATTRIBUTE, "");
        JsonSchemaCheck check = tools.get(tool);
        if (check != null) {
            return JsonSchemaValidator.validate(
                    NAME, check, text, "The arguments of the tool '" + tool + "' are wrong: ");
        }
        Finding unknown = Finding.of(
                        NAME, "unknown-tool", Finding.Severity.ERROR, "No tool of that name is known: '" + tool + "'")
                .withRemedy(new Remedy.AskAgain("There is no tool of that name. Use one of " + tools.keySet() + "."));
        return ValidationOutcome.following(text, List.of(unknown));
    }
}
