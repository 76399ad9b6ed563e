package dev.llmlifecycle.core.validation.content;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.contract.ValidatorContract;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

@NullMarked
final class ContentValidatorsTest {

    private static final ValidationContext CONTEXT = ValidationContext.of(
            "How long does a refund take, and whom do I ask?",
            List.of(
                    new Passage(
                            "refunds",
                            TextSegment.from("Refunds are paid within 14 days. Orders above 1,500 euros take 16 days."),
                            1),
                    new Passage(
                            "contact",
                            TextSegment.from("Write to help@shop.example or call +44 20 7946 0958. Rules:"
                                    + " https://www.shop.example/help/refunds."),
                            0.9)));

    private static List<String> codes(Validator validator, String answer) {
        return codes(validator, answer, CONTEXT);
    }

    private static List<String> codes(Validator validator, String answer, ValidationContext context) {
        return validator.validate(answer, context).findings().stream()
                .map(Finding::code)
                .toList();
    }

    @Nested
    final class Citations extends ValidatorContract {

        @Override
        protected Validator create() {
            return ContentValidators.citations();
        }

        @Override
        protected String acceptable() {
            return "Refunds are paid within 14 days [1]. Write to help@shop.example [2].";
        }

        @Override
        protected String objectionable() {
            return "Refunds are paid within 14 days [3].";
        }

        @Override
        protected ValidationContext context() {
            return CONTEXT;
        }

        @Test
        @DisplayName("a citation names a passage that says the sentence, with its numbers")
        void areHeldAgainstWhatTheyCite() {
            ValidationOutcome outcome = create().validate(
                            "Refunds are paid within 14 days [2]. Refunds are paid within 30 days [1]. Fine [1][7].",
                            CONTEXT);

            assertThat(outcome.findings())
                    .extracting(Finding::code, finding -> finding.evidence().orElse(""))
                    .containsExactly(
                            tuple("unsupported-citation", ""),
                            tuple("unsupported-number", "30"),
                            tuple("unknown-citation", ""));
            assertThat(outcome).isInstanceOf(ValidationOutcome.Retry.class);
        }

        @Test
        void mayShareASentenceAndWriteANumberOtherwise() {
            assertThat(codes(create(), "Refunds within 14 days; write to help@shop.example [1][2]."))
                    .isEmpty();
            assertThat(codes(create(), "Orders above 1500 euros take 16 days [1]."))
                    .isEmpty();
            assertThat(codes(create(), "Yes [1].")).isEmpty();
        }

        @Test
        void areNotTheIndexesOfCode() {
            assertThat(codes(create(), "Use `items[9]`:\n```java\nint x = items[12];\n```"))
                    .isEmpty();
        }

        @Test
        void areAWarningWhereThereAreNoPassages() {
            assertThat(create().validate("See [1].", ValidationContext.of("Why?", List.of())))
                    .isInstanceOf(ValidationOutcome.Pass.class)
                    .extracting(outcome -> outcome.findings().size())
                    .isEqualTo(1);
        }
    }

    @Nested
    final class Contacts extends ValidatorContract {

        @Override
        protected Validator create() {
            return ContentValidators.contacts();
        }

        @Override
        protected String acceptable() {
            return "Write to Help@shop.example, call 020 7946 0958, or see http://shop.example/help/refunds#rules.";
        }

        @Override
        protected String objectionable() {
            return "Write to refunds@shop.example.";
        }

        @Override
        protected ValidationContext context() {
            return CONTEXT;
        }

        @Test
        void areThoseThatTheModelWasGiven() {
            assertThat(
                            codes(
                                    create(),
                                    "Write to refunds@shop.example, call +44 20 7946 0111 or see https://shop.example/refunds/now."))
                    .containsExactly(
                            "unsupported-mail-address", "unsupported-telephone-number", "unsupported-web-address");
        }

        @Test
        @DisplayName("what stands in the question or the prompt is known")
        void mayComeFromQuestionAndPrompt() {
            ValidationContext asked = ValidationContext.of("Is me@mail.example right?", List.of())
                    .withPrompt("Our page is https://page.example/a");

            assertThat(codes(create(), "me@mail.example is right, see page.example/a and www.page.example.", asked))
                    .isEmpty();
        }

        @Test
        void areAWarningWhereThereAreNoPassages() {
            assertThat(create().validate(objectionable(), ValidationContext.of("Whom?", List.of())))
                    .isInstanceOf(ValidationOutcome.Pass.class)
                    .extracting(outcome -> outcome.findings().size())
                    .isEqualTo(1);
        }
    }

    @Nested
    final class Repetition extends ValidatorContract {

        @Override
        protected Validator create() {
            return ContentValidators.repetition();
        }

        @Override
        protected String acceptable() {
            return "Refunds are paid within 14 days.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two\n- one\n- two";
        }

        @Override
        protected String objectionable() {
            return "Refunds are paid. " + "And then the money comes back. ".repeat(12);
        }

        @Test
        void comesInFourForms() {
            assertThat(codes(create(), "Sure. " + "ha".repeat(3) + "a".repeat(200)))
                    .containsExactly("repeated-characters");
            assertThat(codes(create(), objectionable())).containsExactly("repeated-words");
            assertThat(codes(create(), "\u6211\u4e0d\u77e5\u9053\u3002".repeat(20)))
                    .containsExactly("repeated-words");
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 6; i++) {
                lines.append("This line comes again and again.\n")
                        .append("Line number ")
                        .append(i)
                        .append(" does not.\n");
            }
            assertThat(codes(create(), lines.toString())).containsExactly("repeated-lines");
            StringBuilder words = new StringBuilder();
            for (int i = 0; i < 70; i++) {
                words.append("w").append(i).append(' ');
            }
            assertThat(codes(create(), words + "and " + words + words)).containsExactly("repeated-phrases");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "no no no no no",
                    "--------------------------------------------------------------------------------------------------------------------------------------------",
                    "0 0 0\n0 1 0\n0 0 0",
                    "Yes. Yes. Yes."
                })
        void isNotWhatIsShortOrALine(String text) {
            assertThat(codes(create(), text)).isEmpty();
        }
    }

    @Nested
    final class Language extends ValidatorContract {

        @Override
        protected Validator create() {
            return ContentValidators.language();
        }

        @Override
        protected String acceptable() {
            return "A refund is paid within fourteen days of the day on which we receive the parcel.";
        }

        @Override
        protected String objectionable() {
            return "Die Erstattung wird innerhalb von vierzehn Tagen nach dem Eingang des Pakets bei uns gezahlt.";
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "How long does a refund take? | Le remboursement est fait dans les quatorze jours qui suivent. | fr",
                    "Wie lange dauert die Erstattung? | The refund is paid within fourteen days of the return. | en",
                    "\u00bfCu\u00e1nto tarda el reembolso de mi pedido? | The refund is paid within fourteen days. | en",
                    "\u0421\u043a\u043e\u043b\u044c\u043a\u043e \u0436\u0434\u0430\u0442\u044c \u0438 \u043a\u0430\u043a \u044d\u0442\u043e \u0431\u044b\u043b\u043e? | The refund is paid within fourteen days. | en",
                })
        void isThatOfTheQuestion(String question, String answer, String found) {
            ValidationOutcome outcome = create().validate(answer, ValidationContext.of(question, List.of()));

            assertThat(outcome).isInstanceOf(ValidationOutcome.Retry.class);
            assertThat(outcome.findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.message()).startsWith("The answer is in '" + found + "'"));
        }

        @Test
        void isThatOfTheLocaleWhereTheQuestionDoesNotTell() {
            ValidationContext german =
                    new ValidationContext("XPS 13 9310?", List.of(), Optional.empty(), Locale.GERMAN, Map.of());

            assertThat(codes(create(), acceptable(), german)).containsExactly("other-language");
            assertThat(codes(create(), objectionable(), german)).isEmpty();
            assertThat(((ValidationOutcome.Retry) create().validate(acceptable(), german)).instruction())
                    .isEqualTo("Answer again in German.");
        }

        @ParameterizedTest
        @ValueSource(strings = {"Paris", "42 \u20ac", "```python\nfor der in die:\n    das(und)\n```", "Ja, 14."})
        void isNotAskedOfNamesNumbersAndCode(String answer) {
            assertThat(codes(create(), answer)).isEmpty();
        }

        @Test
        void isKnownByItsScript() {
            assertThat(LanguageDetector.detect("\u8fd4\u91d1\u306f\u3044\u3064\u3067\u3059\u304b"))
                    .map(LanguageDetector.Language::code)
                    .contains("ja");
            assertThat(LanguageDetector.detect("\u9000\u6b3e\u9700\u8981\u591a\u4e45"))
                    .map(LanguageDetector.Language::code)
                    .contains("zh");
            assertThat(LanguageDetector.detect("1234 !?")).isEmpty();
        }
    }

    @Nested
    final class CodeBlocks extends ValidatorContract {

        @Override
        protected Validator create() {
            return ContentValidators.codeBlocks();
        }

        @Override
        protected String acceptable() {
            return """
                    So:
                    ```json
                    {"a": [1]}
                    ```
                    ~~~xml
                    <?xml version="1.0"?><!-- < --><a b='>'>x<c/></a>
                    ~~~
                    ```java
                    char c = '('; // :)
                    String s = "]\\"";
                    foo(s[0]);
                    ```
                    ```js
                    const r = /[(]/; const t = `${a}(`;
                    ```
                    ```bash
                    case x in a) ;; esac
                    ```
                    ```python
                    '''(''' # )
                    print("it's")
                    ```
                    """;
        }

        @Override
        protected String objectionable() {
            return "So:\n```json\n{\"a\": [1}\n```";
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '^',
                value = {
                    "```json\\n{'a': 1}\\n``` | invalid-json",
                    "```xml\\n<a><b></a></b>\\n``` | invalid-xml",
                    "```xml\\n<a>\\n``` | invalid-xml",
                    "```xml\\n<a b='x>\\n``` | invalid-xml",
                    "```java\\nfoo(bar[1);\\n``` | unbalanced-code",
                    "```sql\\nselect count(* from t;\\n``` | unbalanced-code",
                    "````md\\n```json\\nx\\n``` | unclosed-code-block",
                })
        void mustBeWellFormed(String answer, String code) {
            assertThat(codes(create(), answer.replace("\\n", "\n"))).containsExactly(code);
        }

        @Test
        void areClosed() {
            assertThat(create().validate("So:\n~~~~java\nint x;", CONTEXT))
                    .isInstanceOfSatisfying(
                            ValidationOutcome.Rewrite.class,
                            rewrite -> assertThat(rewrite.text()).isEqualTo("So:\n~~~~java\nint x;\n~~~~"));
        }

        @Test
        void areNotCodeWithinALine() {
            assertThat(codes(create(), "Write ```x``` and `y`.\n```inline``` too"))
                    .isEmpty();
        }
    }

    @Nested
    final class Refusals extends ValidatorContract {

        @Override
        protected Validator create() {
            return ContentValidators.refusals();
        }

        @Override
        protected String acceptable() {
            return "Refunds are paid within 14 days.";
        }

        @Override
        protected String objectionable() {
            return "I'm sorry, but I can't help with that.";
        }

        @Test
        void areNoticedAndDecideNothing() {
            ValidationOutcome partial = create().validate(
                            "I cannot help with that. However, you can try:\n1. a letter\n2. a call", CONTEXT);

            assertThat(partial).isInstanceOf(ValidationOutcome.Pass.class);
            assertThat(partial.findings())
                    .extracting(Finding::code, Finding::severity)
                    .containsExactly(tuple("partial-refusal", Finding.Severity.WARNING));
            assertThat(codes(create(), objectionable())).containsExactly("refusal");
        }
    }
}
