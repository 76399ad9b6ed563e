package dev.llmlifecycle.core.prompt;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.Seeds;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.core.internal.LineProblem;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class PromptTextTest {

    private static final String[] HOSTILE = {
        "a",
        "é",
        "\ud83d\ude00",
        " ",
        "  ",
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "---",
        "\n---\n",
        "=== system ===",
        "\n=== user ===\n",
        "=== x === ",
        "\\",
        "\\n",
        "\\=",
        "\\u{41}",
        "(escaped)",
        "key: value",
        "- item",
        "#",
        " #",
        "'",
        "\"",
        "{{",
        "}}",
        "[",
        "|",
        ">",
        "&a",
        "*a",
        "!!str",
        "%",
        "@",
        "`",
        "?",
        "null",
        "true",
        "1",
        "1.0",
        "0x1F",
        ".inf",
        "~",
        "yes",
        "2026-01-31",
        "12:30",
        "\u0000",
        "\u001b",
        "\u007f",
        "\u0085",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\u202e",
        "\u2066",
        "\u200d",
        "\u00a0",
        "\u3000",
        "\ue000",
        "\uffff",
        "\udb40\udc41",
        ":",
        ": ",
        ",",
        "<<"
    };

    @TempDir
    private Path temporary;

    static Stream<Named<SplittableRandom>> seeds() {
        return Seeds.some().limit(100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void readsEveryTextAsItWasWritten(SplittableRandom random) {
        for (int i = 0; i < 4; i++) {
            ChatPromptTemplate template = ChatPromptTemplate.builder("hostile")
                    .variable(PromptVariable.text("first").withDefault(text(random)))
                    .variable(PromptVariable.oneOf("second", "x" + text(random), "y")
                            .trusted())
                    .system("s" + text(random))
                    .history()
                    .user(text(random) + "u")
                    .partial("one", text(random))
                    .partial("two", text(random))
                    .outputSchema(text(random))
                    .parameters(ModelParameters.builder()
                            .stopSequences("e" + text(random))
                            .build())
                    .build();
            PromptVersion version = new PromptVersion(
                    template,
                    2,
                    Optional.of(template.hash()),
                    "a" + text(random),
                    text(random) + "m",
                    Instant.EPOCH,
                    PromptVersion.tags(List.of("1.0", "true", "v1")));

            String file = PromptText.write(version);

            assertThat(PromptText.readVersion(file)).isEqualTo(version);
            assertThat(PromptText.readVersion(file.replace("\n", "\r\n"))).isEqualTo(version);
            assertThat(PromptText.readVersion("\ufeff" + file.substring(0, file.length() - 1)))
                    .as("without the end that an editor may take away")
                    .isEqualTo(version);
        }
    }

    @Test
    void writesAFileThatPeopleCanRead() {
        ChatPromptTemplate template = ChatPromptTemplate.builder("support-answer")
                .variable(PromptVariable.text("product").maxLength(80))
                .variable(PromptVariable.number("stars").between(1, 5).withDefault("3"))
                .variable(
                        PromptVariable.list("orders", PromptVariable.text("id").delimited())
                                .maxItems(20))
                .partial("style", "Be brief. ")
                .system("# Rules\n\n{{> style}}\n{{#orders}}{{id}}{{/orders}} {{stars}}")
                .history()
                .user("{{question}} about {{product}}")
                .parameters(ModelParameters.builder()
                        .temperature(0.2)
                        .maxOutputTokens(256)
                        .stopSequences("END", "\n\n")
                        .build())
                .outputSchema("{\"type\":\"object\",\"properties\":{\"answer\":{\"type\":\"string\"}}}")
                .build();

        assertThat(PromptText.write(template)).isEqualTo("""
                ---
                format: 2
                name: support-answer
                variables:
                  - name: product
                    type: text
                    maxLength: 80
                  - name: stars
                    type: number
                    default: "3"
                    minimum: 1
                    maximum: 5
                  - name: orders
                    type: list
                    maxItems: 20
                    properties:
                      - name: id
                        type: text
                        handling: delimited
                parameters:
                  temperature: 0.2
                  maxOutputTokens: 256
                  stopSequences:
                    - END
                    - "\\n\\n"
                outputSchema:
                  type: object
                  properties:
                    answer:
                      type: string
                ---
                === system ===
                # Rules

                {{> style}}
                {{#orders}}{{id}}{{/orders}} {{stars}}

                === history ===

                === user ===
                {{question}} about {{product}}

                === partial style (escaped) ===
                Be brief.\\s
                """);
        assertThat(PromptText.readTemplate(PromptText.write(template))).isEqualTo(template);
    }

    @Test
    void refusesHalfASurrogatePair() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptText.write(
                        ChatPromptTemplate.builder("p").user("half \ud83d").build()))
                .withMessageContaining("half a surrogate pair");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptText.write(ChatPromptTemplate.builder("p")
                        .variable(PromptVariable.text("a").withDefault("half \ude00"))
                        .user("{{a}}")
                        .build()));
    }

    @Test
    void readsAFileThatSomebodyWroteByHand() throws Exception {
        Path file = Files.writeString(temporary.resolve("answer.prompt.md"), """
                ---
                name: answer
                variables:
                  - name: product   # a text, since nothing else is said
                  - name: stars
                    type: number
                    default: 3
                ---

                === system ===

                About {{product}} with {{stars}} stars.


                === user ===
                {{question}}
                """);

        assertThat(TemplateFiles.read(file))
                .isEqualTo(ChatPromptTemplate.builder("answer")
                        .variable(PromptVariable.text("product"))
                        .variable(PromptVariable.number("stars").withDefault("3"))
                        .system("About {{product}} with {{stars}} stars.")
                        .user("{{question}}")
                        .build());
        TemplateFiles.write(file, TemplateFiles.read(PromptTextTest.class, "greeting.prompt.md"));
        assertThat(TemplateFiles.read(file))
                .isEqualTo(ChatPromptTemplate.builder("greeting")
                        .user("Say hello to {{question}}.")
                        .build());
    }

    @Test
    void namesFileAndLineOfAMistake() throws Exception {
        Path file = Files.writeString(temporary.resolve("p.prompt.md"), """
                ---
                name: p
                ---
                === user ===
                Hello {{qestion}}
                """);

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> TemplateFiles.read(file))
                .withMessage(file + ", line 4: below this marker, prompt 'p', message 1, line 1: the placeholder"
                        + " 'qestion' is not declared (did you mean 'question'?); declare it with variable(...) or"
                        + " correct the name; correct the file");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> TemplateFiles.read(temporary.resolve("none.prompt.md")))
                .withMessageContaining("there is no such file");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> TemplateFiles.read(PromptTextTest.class, "none.prompt.md"))
                .withMessageContaining("there is no such resource");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name: p                                                   | 1 | does not begin with a line of three hyphens
            ---;name: p                                               | 1 | the front matter has no end
            ---;name: p;---;Hello                                     | 4 | a text stands before the first marker
            ---;name: p;---;=== usr ===;Hello                         | 4 | the marker 'usr' is not known; write one of
            ---;name: p;---;=== User! ===;Hello                       | 4 | the marker is not one
            ---;name: p;---;=== user ===;;=== system ===;x            | 4 | the message is blank
            ---;name: p;---;=== history ===;x                         | 4 | a text stands under the place for history
            ---;name: p;---;=== user ===;x;=== partial a ===;=== partial a === | 7 | partial a stands there twice
            ---;name: p;---;=== user (escaped) ===;a;b \\q            | 6 | the backslash escapes nothing
            ---;name: p;name: q;---;=== user ===;x                    | 3 | the key 'name' stands there twice
            ---;name: p;variable: 1;---;=== user ===;x                | 3 | (did you mean 'variables'?)
            ---;name: p;variables: 1;---;=== user ===;x               | 3 | the field 'variables' is not a list
            ---;name: p;variables:;  - name: a;    maxLenght: 3;---;=== user ===;x | 5 | (did you mean 'maxLength'?)
            ---;name: p;variables:;  - name: a;  - name: 1;---;=== user ===;x | 5 | is not a text
            ---;name: p;variables:;  - name: a;  - name: b!;---;=== user ===;x | 5 | the prompt variable name 'b!' is not allowed
            ---;name: p;variables:;  - 7;---;=== user ===;x           | 4 | is not an object
            ---;name: p;parameters:;  topP: much;---;=== user ===;x   | 4 | the field 'parameters.topP' is not a number
            ---;name: p;a: &x 1;---;=== user ===;x                    | 3 | tags, anchors and aliases are not allowed
            ---;name: p;a: !!java.net.URL x;---;=== user ===;x        | 3 | tags, anchors and aliases are not allowed
            ---;name: p;a: [1;---;=== user ===;x                      | 3 | not valid YAML
            ---;format: 3;name: p;---;=== user ===;x                  | 2 | reads up to 2
            ---;---;=== user ===;x                                    | 1 | the field 'name' is missing
            """)
    void saysInWhichLineAFileIsWrong(String file, int line, String problem) {
        assertThatExceptionOfType(LineProblem.class)
                .isThrownBy(() -> PromptText.readTemplate(file.replace(";", "\n")))
                .withMessageContaining(problem)
                .satisfies(e -> assertThat(e.line()).as(e.getMessage()).isEqualTo(line));
    }

    @Test
    void refusesDeepYamlWithoutRunningOutOfStack() {
        for (String deep : List.of("[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000))) {
            assertThatExceptionOfType(LineProblem.class)
                    .isThrownBy(() -> PromptText.readTemplate("---\nname: p\na:\n " + deep + "\n---\n=== user ===\nx"))
                    .withMessageContaining("nested deeper than 50 levels");
        }
    }

    private static String text(SplittableRandom random) {
        return Seeds.text(random, 6, HOSTILE);
    }
}
