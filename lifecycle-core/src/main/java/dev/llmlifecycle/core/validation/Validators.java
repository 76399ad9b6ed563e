package dev.llmlifecycle.core.validation;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.model.moderation.ModerationModel;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * Validators of a host's own making. Alone they refuse what they find, or ask again where they say so; a
 * {@link ValidationPolicy} may decide otherwise. A lambda becomes a validator with {@link Validator#of}.
 *
 * <p>What these methods return is thread-safe, as far as the models behind it are.
 *
 * @since 0.1
 */
public final class Validators {

    /** The attribute of a context that names the tool whose arguments or result are checked. */
    public static final String TOOL_ATTRIBUTE = "tool";

    private static final String FLAGGED = "flagged";

    private Validators() {}

    /**
     * Finds words and phrases, as whole words, whatever their case and whatever stands between them, with the code
     * {@code listed-word}. An answer is judged sentence by sentence. Takes time linear in the text, however long the
     * list is.
     *
     * @param name the name of the validator
     * @param words at least one, each with a letter or digit
     * @return the validator
     */
    public static Validator words(String name, Collection<String> words) {
        return new WordListValidator(Objects.requireNonNull(name, "name"), List.copyOf(words));
    }

    /**
     * Finds the matches of a regular expression, with the code {@code pattern-match}. An answer is judged sentence by
     * sentence. Takes time linear in the text.
     *
     * @param name the name of the validator
     * @param regex in the syntax of RE2 (github.com/google/re2/wiki/Syntax), which has neither look-around nor back
     *     references
     * @return the validator
     * @throws IllegalArgumentException when the pattern is none, or matches the empty text
     */
    public static Validator pattern(String name, String regex) {
        return new PatternValidator(Objects.requireNonNull(name, "name"), Objects.requireNonNull(regex, "regex"));
    }

    /**
     * Checks that an answer, or what a model gives to a tool, is JSON that is valid under a JSON Schema. JSON between
     * the marks of a Markdown code block counts, too. What is only badly written is repaired with {@link JsonRepair}
     * where the repaired document is valid under the schema and nothing of it is lost, with the code
     * {@code repaired-json}; otherwise the model is asked again with what is wrong, with the codes {@code invalid-json}
     * and {@code schema-violation}.
     *
     * <p>The draft is that of {@code $schema}, else 2020-12. Nothing is fetched. Needs version 2 of
     * {@code com.networknt:json-schema-validator}, an optional dependency. The schema's own regular expressions are
     * Java's, so keep them simple.
     *
     * @param name the name of the validator
     * @param schema the schema, as JSON
     * @return the validator
     * @throws IllegalArgumentException when the schema is not JSON or not a schema
     * @throws IllegalStateException when the library is not on the class path
     */
    public static Validator jsonSchema(String name, String schema) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(schema, "schema");
        try {
            return new JsonSchemaValidator(name, schema);
        } catch (NoClassDefFoundError e) {
            throw missing(name, e);
        }
    }

    /**
     * Checks what a model gives to tools under the JSON Schemas of their parameters, repairs it as
     * {@link #jsonSchema(String, String)} does, and otherwise tells the model what is wrong. The tool is that of the
     * context's attribute {@value #TOOL_ATTRIBUTE}, which {@code ValidatedToolExecutor} sets; a tool without a schema
     * is refused with the code {@code unknown-tool}. Texts other than arguments of tools pass.
     *
     * @param schemas the schema of the parameters, as JSON, by the name of the tool; at least one
     * @return a validator named {@code tool-arguments}
     * @throws IllegalArgumentException when there is none, or one is no schema
     * @throws IllegalStateException when the library for schemas is not on the class path
     */
    public static Validator toolArguments(Map<String, String> schemas) {
        Map<String, String> copied = Map.copyOf(schemas);
        try {
            return new ToolArgumentsValidator(copied);
        } catch (NoClassDefFoundError e) {
            throw missing("tool-arguments", e);
        }
    }

    /**
     * Checks what a model gives to tools of LangChain4j, as {@link #toolArguments(Map)} does. A parameter that a tool
     * does not have is refused, unless its specification allows more.
     *
     * @param tools the tools, at least one, each name once
     * @return a validator named {@code tool-arguments}
     * @throws IllegalArgumentException when there is none, two have one name, or a schema cannot be used
     * @throws IllegalStateException when the library for schemas is not on the class path
     */
    public static Validator toolArguments(Collection<ToolSpecification> tools) {
        Map<String, String> schemas = new TreeMap<>();
        for (ToolSpecification tool : tools) {
            if (schemas.put(tool.name(), ToolSchema.of(tool)) != null) {
                throw new IllegalArgumentException(
                        "the tool '" + tool.name() + "' is given twice; give each tool once");
            }
        }
        return toolArguments(schemas);
    }

    private static IllegalStateException missing(String name, NoClassDefFoundError cause) {
        return new IllegalStateException(
                "validator '" + name + "' needs a library that is not on the class path; add"
                        + " com.networknt:json-schema-validator, version 2",
                cause);
    }

    /**
     * Refuses what a classifier gives a label, with the label as the code and its probability as the confidence.
     *
     * @param classifier the classifier
     * @param label a label, or the beginning of labels such as {@code abuse} of {@code abuse/threat}
     * @param threshold the least probability that is refused, in (0, 1]
     * @return a validator named {@code classifier-<label>}
     */
    public static Validator classifier(TextClassifier classifier, String label, double threshold) {
        Objects.requireNonNull(classifier, "classifier");
        return new ClassifierValidator(classifier, Objects.requireNonNull(label, "label"), threshold);
    }

    /**
     * Refuses what a moderation model flags, such as OpenAI's, with the code {@value #FLAGGED}. LangChain4j hands on
     * whether a text is flagged and not why, so there are no categories.
     *
     * @param model what decides the model's behaviour; a part of the validator's identity
     * @param moderationModel the model
     * @return a validator named {@code moderation}
     */
    public static Validator moderation(Identity model, ModerationModel moderationModel) {
        Objects.requireNonNull(moderationModel, "moderationModel");
        Identity identity = Identity.of("moderation", "1", Map.of("model", model.toCanonical()));
        return Validator.of(identity, (text, context) -> {
            Moderation said = moderationModel.moderate(text).content();
            if (said == null) {
                throw new LifecycleException(
                        "The moderation model '" + model.name() + "' answered nothing; check its endpoint");
            }
            return said.flagged()
                    ? ValidationOutcome.following(
                            text,
                            List.of(Finding.of(
                                    identity.name(),
                                    FLAGGED,
                                    Finding.Severity.ERROR,
                                    "The moderation model '" + model.name() + "' flags the text")))
                    : ValidationOutcome.pass();
        });
    }

    /**
     * Asks Llama Guard 3. The code of a finding is the category, such as {@code violent-crimes} for {@code S1}, or
     * {@code unsafe} where the model names none that it has. An answer that is neither {@code safe} nor {@code unsafe}
     * is a failure of the validator.
     *
     * @param model what decides the model's behaviour; a part of the validator's identity
     * @param chatModel the model
     * @param prompt who puts its prompt together
     * @return a validator named {@code llama-guard-3}
     */
    public static Validator llamaGuard3(Identity model, ChatModel chatModel, JudgePrompt prompt) {
        return new SafetyJudge.LlamaGuard3(model, chatModel, prompt);
    }

    /**
     * Asks ShieldGemma. With {@link JudgePrompt#IN_MESSAGE} it is asked once for each of its four principles, and the
     * code of a finding is {@code dangerous-content}, {@code harassment}, {@code hate-speech} or
     * {@code sexually-explicit}; with {@link JudgePrompt#BY_ENDPOINT} once, and the code is {@code unsafe}. An answer
     * that begins with neither {@code Yes} nor {@code No} is a failure of the validator.
     *
     * @param model what decides the model's behaviour; a part of the validator's identity
     * @param chatModel the model
     * @param prompt who puts its prompt together
     * @return a validator named {@code shield-gemma}
     */
    public static Validator shieldGemma(Identity model, ChatModel chatModel, JudgePrompt prompt) {
        return new SafetyJudge.ShieldGemma(model, chatModel, prompt);
    }
}
