package dev.llmlifecycle.core.validation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.model.moderation.ModerationModel;
import dev.langchain4j.model.moderation.ModerationRequest;
import dev.langchain4j.model.moderation.ModerationResponse;
import dev.llmlifecycle.api.classify.Classification;
import dev.llmlifecycle.api.classify.Explanation;
import dev.llmlifecycle.api.classify.LabelProbability;
import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.contract.ValidatorContract;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

@NullMarked
final class ValidatorsTest {

    private static final ValidationContext CONTEXT = ValidationContext.of("How long?", List.of());
    private static final Identity MODEL = Identity.of("model", "1");

    @Nested
    final class Words extends ValidatorContract {

        @Override
        protected Validator create() {
            return Validators.words("rivals", List.of("Acme", "acme corp", "Globex", "\u7981\u6b62", "Stra\u00dfe 7"));
        }

        @Override
        protected String acceptable() {
            return "Acmeism is a school of poetry, and a corp is not.";
        }

        @Override
        protected String objectionable() {
            return "Try ACME instead.";
        }

        @Test
        void areFoundWholeWhateverTheirCaseAndWhatStandsBetween() {
            assertThat(found("acme,  Corp. and globex!")).containsExactly("acme,  Corp", "globex");
            assertThat(found("Acmes, acme-corp, (Acme)")).containsExactly("acme-corp", "Acme");
            assertThat(found("\u8fd9\u88ab\u7981\u6b62\u4e86")).containsExactly("\u7981\u6b62");
            assertThat(found("stra\u00dfe 7, Stra\u00dfe 70")).containsExactly("stra\u00dfe 7");
            assertThat(found("\uff21cme")).as("full width").containsExactly("\uff21cme");
            assertThat(found("a" + "\u0300".repeat(500) + " Acme")).containsExactly("Acme");
        }

        private List<String> found(String text) {
            return create().validate(text, CONTEXT).findings().stream()
                    .map(finding -> finding.span().orElseThrow().of(text))
                    .toList();
        }

        @Test
        void mustBeThere() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Validators.words("empty", List.of()))
                    .withMessage("the word list 'empty' is empty; give it a word");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Validators.words("signs", List.of("fine", "??")))
                    .withMessage("the word list 'signs' has an entry without letters or digits; use a pattern to find"
                            + " signs");
        }
    }

    @Nested
    final class Pattern extends ValidatorContract {

        @Override
        protected Validator create() {
            return Validators.pattern("orders", "(?i)order (\\d+)+");
        }

        @Override
        protected String acceptable() {
            return "Your order is on its way.";
        }

        @Override
        protected String objectionable() {
            return "See order 4711 or Order 12.";
        }

        @Test
        void findsEveryMatch() {
            assertThat(create().validate(objectionable(), CONTEXT).findings())
                    .extracting(finding -> finding.span().orElseThrow())
                    .containsExactly(new TextSpan(4, 14), new TextSpan(18, 26));
        }

        @Test
        void mustBeOneThatTakesLinearTime() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Validators.pattern("ahead", "a(?=b)"))
                    .withMessageStartingWith("the pattern 'ahead' is not a regular expression of RE2 (");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Validators.pattern("any", "x*"))
                    .withMessage("the pattern 'any' matches the empty text, so it would match everywhere; ask for a"
                            + " character");
        }
    }

    @Nested
    final class JsonSchema extends ValidatorContract {

        private static final String SCHEMA =
                "{\"type\":\"object\",\"properties\":{\"days\":{\"type\":\"integer\"}}," + "\"required\":[\"days\"]}";

        @Override
        protected Validator create() {
            return Validators.jsonSchema("refund", SCHEMA);
        }

        @Override
        protected String acceptable() {
            return "```json\n{\"days\": 5}\n```";
        }

        @Override
        protected String objectionable() {
            return "{\"days\": \"five\"}";
        }

        @Test
        void tellsTheModelWhatIsWrongAndQuotesNoAnswer() {
            ValidationOutcome invalid = create().validate("{\"days\": secret", CONTEXT);
            ValidationOutcome wrong = create().validate("{\"days\": \"five\", \"more\": 1}", CONTEXT);

            assertThat(((ValidationOutcome.Retry) invalid).instruction())
                    .startsWith("The JSON of your answer is wrong: it is not JSON (line 1, column 10). Answer again"
                            + " with the whole JSON and nothing else.\nThe JSON of your answer is wrong: /days: ")
                    .doesNotContain("secret");
            assertThat(wrong.findings()).extracting(Finding::code).containsExactly("schema-violation");
            assertThat(((ValidationOutcome.Retry) wrong).instruction())
                    .startsWith("The JSON of your answer is wrong: /days: ")
                    .contains("integer");
        }

        @Test
        void repairsWhatIsBadlyWrittenAndLosesNothing() {
            ValidationOutcome outcome = create().validate("Here it is: {'days': 5,}", CONTEXT);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            ValidationOutcome.Rewrite.class,
                            rewrite -> assertThat(rewrite.text()).isEqualTo("{\"days\":5}"));
            assertThat(outcome.findings())
                    .extracting(Finding::code, Finding::message)
                    .containsExactly(tuple(
                            "repaired-json",
                            "The JSON was badly written and has been repaired: [SURROUNDING_TEXT, EXTRA_COMMA,"
                                    + " QUOTES]"));
        }

        @Test
        void asksAgainWhereARepairWouldLoseSomething() {
            assertThat(create().validate("{\"days\": 5, \"note\": \"unfin", CONTEXT))
                    .isInstanceOf(ValidationOutcome.Retry.class);
            assertThat(create().validate("five", CONTEXT)).isInstanceOf(ValidationOutcome.Retry.class);
        }

        @Test
        void mustBeASchema() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Validators.jsonSchema("refund", "{\"type\": 7}"))
                    .withMessage("the JSON schema of validator 'refund' cannot be used; correct what the cause names");
        }
    }

    @Nested
    final class ToolArguments extends ValidatorContract {

        private final ToolSpecification weather = ToolSpecification.builder()
                .name("weather")
                .parameters(JsonObjectSchema.builder()
                        .addStringProperty("city")
                        .addIntegerProperty("days")
                        .addEnumProperty("unit", List.of("celsius", "kelvin"))
                        .addProperty(
                                "places",
                                JsonArraySchema.builder()
                                        .items(JsonObjectSchema.builder()
                                                .addNumberProperty("lat")
                                                .addBooleanProperty("exact")
                                                .build())
                                        .build())
                        .addProperty(
                                "any",
                                JsonAnyOfSchema.builder()
                                        .anyOf(new JsonNullSchema(), new JsonStringSchema())
                                        .build())
                        .addProperty(
                                "same",
                                JsonReferenceSchema.builder().reference("place").build())
                        .addProperty("raw", JsonRawSchema.from("{\"const\":1}"))
                        .addProperty("open", JsonObjectSchema.builder().build())
                        .definitions(Map.of(
                                "place",
                                JsonObjectSchema.builder()
                                        .addStringProperty("name")
                                        .build()))
                        .required("city")
                        .build())
                .build();
        private final ToolSpecification now =
                ToolSpecification.builder().name("now").build();

        @Override
        protected Validator create() {
            return Validators.toolArguments(List.of(weather, now));
        }

        @Override
        protected String acceptable() {
            return "{\"city\":\"Rome\",\"days\":2,\"unit\":\"celsius\",\"places\":[{\"lat\":1.5,\"exact\":true}],"
                    + "\"any\":null,\"same\":{\"name\":\"x\"},\"raw\":1,\"open\":{\"free\":[]}}";
        }

        @Override
        protected String objectionable() {
            return "{\"days\":\"two\"}";
        }

        @Override
        protected ValidationContext context() {
            return of("weather");
        }

        private static ValidationContext of(String tool) {
            return new ValidationContext(
                            "", List.of(), Optional.empty(), Locale.ENGLISH, Map.of(Validators.TOOL_ATTRIBUTE, tool))
                    .withSubject(ValidationContext.Subject.TOOL_ARGUMENTS);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}",
                    "{\"city\":7}",
                    "{\"city\":\"Rome\",\"town\":\"Rome\"}",
                    "{\"city\":\"Rome\",\"unit\":\"miles\"}",
                    "{\"city\":\"Rome\",\"places\":[{\"lat\":\"north\"}]}",
                    "{\"city\":\"Rome\",\"places\":[{\"lon\":1}]}",
                    "{\"city\":\"Rome\",\"any\":1}",
                    "{\"city\":\"Rome\",\"same\":{\"name\":1}}",
                    "{\"city\":\"Rome\",\"raw\":2}",
                    "[]",
                    "city=Rome"
                })
        void mustBeThoseOfTheTool(String arguments) {
            assertThat(create().validate(arguments, context()))
                    .isInstanceOfSatisfying(
                            ValidationOutcome.Retry.class,
                            retry -> assertThat(retry.instruction())
                                    .startsWith("The arguments of the tool 'weather' are wrong: "));
        }

        @Test
        void ofAToolWithoutParametersAreAnEmptyObject() {
            assertThat(create().validate("{}", of("now"))).isEqualTo(ValidationOutcome.pass());
            assertThat(create().validate("{\"zone\":1}", of("now"))).isInstanceOf(ValidationOutcome.Retry.class);
        }

        @Test
        void areRepaired() {
            assertThat(create().validate("{'city': 'Rome'", context()))
                    .isInstanceOfSatisfying(
                            ValidationOutcome.Rewrite.class,
                            rewrite -> assertThat(rewrite.text()).isEqualTo("{\"city\":\"Rome\"}"));
        }

        @Test
        void belongToAToolThatIsKnown() {
            assertThat(create().validate("{}", of("tomorrow")))
                    .isInstanceOfSatisfying(
                            ValidationOutcome.Retry.class,
                            retry -> assertThat(retry.instruction())
                                    .isEqualTo("There is no tool of that name. Use one of [now, weather]."));
            assertThat(create().validate("{}", CONTEXT)).isEqualTo(ValidationOutcome.pass());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Validators.toolArguments(List.of(now, now)))
                    .withMessage("the tool 'now' is given twice; give each tool once");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Validators.toolArguments(Map.of()))
                    .withMessage("there is no tool whose arguments could be checked; give at least one");
        }
    }

    @Nested
    final class Classifier extends ValidatorContract {

        @Override
        protected Validator create() {
            return Validators.classifier(new Shouting(), "shouting", 0.5);
        }

        @Override
        protected String acceptable() {
            return "quiet";
        }

        @Override
        protected String objectionable() {
            return "LOUD";
        }

        @Test
        void isAsSureAsItsClassifier() {
            assertThat(create().validate("LOUd", CONTEXT).findings())
                    .extracting(Finding::code, Finding::confidence)
                    .containsExactly(tuple("shouting", 0.75));
            assertThat(create().identity().name()).isEqualTo("classifier-shouting");
        }

        @Test
        void knowsItsLabel() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Validators.classifier(new Shouting(), "rude", 0.5))
                    .withMessage("the classifier 'shouting' knows no label 'rude'; use one of [calm, shouting]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Validators.classifier(new Shouting(), "shouting", 0))
                    .withMessage("the threshold for the label 'shouting' must be in (0, 1] but was 0.0; give the least"
                            + " probability that is refused");
        }
    }

    @Nested
    final class ModerationModels extends ValidatorContract {

        @Override
        protected Validator create() {
            return Validators.moderation(MODEL, new ModerationModel() {
                @Override
                public ModerationResponse doModerate(ModerationRequest request) {
                    String text = request.texts().get(0);
                    return ModerationResponse.builder()
                            .moderation(text.contains("bad") ? Moderation.flagged(text) : Moderation.notFlagged())
                            .build();
                }
            });
        }

        @Override
        protected String acceptable() {
            return "good";
        }

        @Override
        protected String objectionable() {
            return "bad";
        }
    }

    /** The share of capital letters. */
    private static final class Shouting implements TextClassifier {

        @Override
        public Classification predict(String text) {
            double loud = text.isEmpty()
                    ? 0
                    : text.chars().filter(Character::isUpperCase).count() / (double) text.length();
            LabelProbability shouting = new LabelProbability("shouting", loud);
            LabelProbability calm = new LabelProbability("calm", 1 - loud);
            List<LabelProbability> ranking = loud > 0.5 ? List.of(shouting, calm) : List.of(calm, shouting);
            return new Classification(ranking, List.of(ranking.get(0).label()), List.of(), 0, false);
        }

        @Override
        public Explanation explain(String text) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> labels() {
            return List.of("calm", "shouting");
        }

        @Override
        public Identity identity() {
            return Identity.of("shouting", "1");
        }
    }
}
