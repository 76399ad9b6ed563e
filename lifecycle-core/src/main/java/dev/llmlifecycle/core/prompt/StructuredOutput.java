package dev.llmlifecycle.core.prompt;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.internal.text.CodeFence;
import dev.llmlifecycle.core.validation.JsonRepair;

/**
 * An answer that is a Java record: the JSON Schema that asks for it, and the call that reads it.
 *
 * <pre>{@code
 * record Ticket(@Description("one sentence") String summary, Urgency urgency, Optional<LocalDate> due) {}
 *
 * StructuredOutput<Ticket> tickets = StructuredOutput.of(Ticket.class);
 * ChatPromptTemplate template = ChatPromptTemplate.builder("ticket")
 *         .user("Make a ticket of this mail:\n{{question}}")
 *         .outputSchema(tickets.jsonSchema())
 *         .build();
 *
 * Ticket ticket = tickets.read(app.ask(mail).orElseThrow());
 * }</pre>
 *
 * <p>A record may hold texts, numbers, booleans, enums, dates and times of {@code java.time}, {@code UUID},
 * {@code URI}, other records, itself too, and lists, sets, arrays and maps with text keys of all these. Components that
 * are {@code Optional}, or {@code @Nullable} of jspecify, are optional; all others are required. LangChain4j's
 * {@code @Description} on a component or a record is handed to the model.
 *
 * <p>The schema is the same text for the same record on every JVM, with the properties in the order of the components,
 * so it may stand in a prompt version's hash.
 *
 * <p>Thread-safe.
 *
 * @param <T> the record
 * @since 0.1
 */
public final class StructuredOutput<T extends Record> {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final String VALIDATOR = "structured-output";

    private final Class<T> type;
    private final OutputShape.Properties shape;
    private final String jsonSchema;

    private StructuredOutput(Class<T> type, OutputShape.Properties shape) {
        this.type = type;
        this.shape = shape;
        this.jsonSchema = OutputDefinitions.schema(shape).toString();
    }

    /**
     * Looks at a record.
     *
     * @param type the record
     * @param <T> the record
     * @return its form as an answer
     * @throws IllegalArgumentException when it holds a type that has no form in JSON here; the message names the
     *     component
     */
    public static <T extends Record> StructuredOutput<T> of(Class<T> type) {
        return new StructuredOutput<>(type, OutputShapes.of(Objects.requireNonNull(type, "type")));
    }

    /**
     * Returns the JSON Schema of the answer, for {@code ChatPromptTemplate.Builder.outputSchema}.
     *
     * @return the schema as JSON without white space
     */
    public String jsonSchema() {
        return jsonSchema;
    }

    /**
     * Reads an answer: JSON, or JSON between the marks of a Markdown code block as some models put it. Properties that
     * the record does not have are left alone, so a later version of the schema may add some.
     *
     * @param answer the text of the answer
     * @return the record
     * @throws UnreadableOutputException when the text is no JSON or does not fit; its message names the place, such as
     *     {@code $.orders[1].total}, and holds nothing of the answer
     */
    public T read(String answer) {
        OutputPlace root = new OutputPlace(type.getSimpleName(), "$");
        return type.cast(shape.read(parse(CodeFence.remove(Objects.requireNonNull(answer, "answer")), root), root));
    }

    /**
     * Returns a validator that repairs what is only badly written, with {@link JsonRepair} and where nothing is lost,
     * and otherwise asks the model again when it answers with anything else, and tells it where the mistake is.
     *
     * @return a validator of whole answers, named {@value #VALIDATOR}
     */
    public Validator validator() {
        Identity identity = Identity.of(VALIDATOR, "2", Map.of("record", type.getName(), "schema", jsonSchema));
        return Validator.of(identity, (answer, context) -> {
            try {
                T unused = read(answer);
                return ValidationOutcome.pass();
            } catch (UnreadableOutputException e) {
                Optional<JsonRepair.Repaired> repaired = JsonRepair.repair(answer)
                        .filter(done -> !done.changes().isEmpty() && !done.losesData() && isReadable(done.json()));
                if (repaired.isPresent()) {
                    return ValidationOutcome.following(
                            answer,
                            List.of(Finding.of(
                                            VALIDATOR,
                                            "repaired-json",
                                            Finding.Severity.ERROR,
                                            "The JSON was badly written and has been repaired: "
                                                    + repaired.get().changes())
                                    .withRemedy(
                                            new Remedy.Rewrite(repaired.get().json()))));
                }
                String mistake = "at " + e.path() + " it " + e.found();
                return new ValidationOutcome.Retry(
                        "Your answer is not the JSON that was asked for: " + mistake
                                + ". Answer again with the whole JSON and nothing else.",
                        List.of(new Finding(
                                VALIDATOR,
                                "unreadable-output",
                                Finding.Severity.ERROR,
                                "The answer is no " + type.getSimpleName() + ": " + mistake,
                                Optional.empty())));
            }
        });
    }

    private boolean isReadable(String json) {
        try {
            T unused = read(json);
            return true;
        } catch (UnreadableOutputException e) {
            // The model is told what is wrong with its own text, not with the repaired one.
            return false;
        }
    }

    private static JsonNode parse(String json, OutputPlace root) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            // Jackson's message and its cause quote the text, so only the place is told.
            String line = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            throw root.wrong("is not valid JSON" + line);
        }
    }
}
