package dev.llmlifecycle.core.prompt;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.Seeds;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PromptVariable;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
class DotpromptFilesTest {

    private static final String ORDERS = """
            ---
            model: googleai/gemini-1.5-flash
            config:
              temperature: 0.3
              topK: 40
            input:
              schema:
                shop: string, the name
                tone?(enum): [formal, friendly]
                orders(array, of the customer):
                  id: string
                  total: number
                note?: string
              default:
                tone: friendly
            output:
              format: json
              schema:
                reply: string, the answer
            tools: [lookup]
            ---
            {{role "system"}}
            You work for {{shop}}, in a {{tone}} tone.
            {{#each orders}}
            - {{id}}: {{this.total}} at {{../shop}}{{#unless @last}},{{/unless}}
            {{else}}
            no orders
            {{/each}}
            {{#if note}}
            Note: {{note}}
            {{else}}
            No note.
            {{/if}}
            {{role "user"}}
            {{question}}
            """;

    @Test
    void readsWhatBothCanSay() {
        Dotprompt read = DotpromptFiles.read("orders", ORDERS, Map.of());

        assertThat(read.model()).contains("googleai/gemini-1.5-flash");
        assertThat(read.unused()).containsExactly("config.topK", "output.format", "tools");
        assertThat(read.template().parameters())
                .isEqualTo(ModelParameters.builder().temperature(0.3).build());
        assertThat(read.template().outputSchema().orElseThrow()).contains("\"reply\":{", "\"the answer\"");
        assertThat(render(
                        read.template(),
                        Map.of(
                                "shop", "Acme",
                                "question", "Where is it?",
                                "orders", List.of(Map.of("id", "A-1", "total", 5), Map.of("id", "A-2", "total", 7)))))
                .isEqualTo("\nYou work for Acme, in a friendly tone.\n- A-1: 5 at Acme,\n- A-2: 7 at Acme\nNo note.\n");
        assertThat(render(
                        read.template(),
                        Map.of("shop", "Acme", "question", "x", "note", "urgent", "orders", List.of())))
                .isEqualTo("\nYou work for Acme, in a friendly tone.\nno orders\nNote: urgent\n");
    }

    @Test
    void whatIsNotDeclaredIsToldByItsUse() {
        ChatPromptTemplate template = DotpromptFiles.read(
                        "x",
                        "{{name}} {{#if brief}}short{{/if}} {{#each tags}}{{this}} {{/each}}"
                                + "{{#each orders}}{{id}}{{/each}}{{customer.name}}",
                        Map.of())
                .template();

        assertThat(template.variables())
                .containsExactly(
                        PromptVariable.text("name"),
                        PromptVariable.bool("brief").withDefault("false"),
                        PromptVariable.list("tags"),
                        PromptVariable.list("orders", PromptVariable.text("id")),
                        PromptVariable.object("customer", PromptVariable.text("name")));
    }

    @Test
    void anElseOfUnlessIsShownWhenThereIsAValue() {
        ChatPromptTemplate template = DotpromptFiles.read(
                        "x", "{{#unless brief}}\nlong\n{{else}}\nshort\n{{/unless}}\nend", Map.of())
                .template();

        assertThat(render(template, Map.of("brief", true))).isEqualTo("short\nend");
        assertThat(render(template, Map.of())).isEqualTo("long\nend");
    }

    @Test
    void aTildeTakesWhatItTakesInHandlebars() {
        ChatPromptTemplate template = DotpromptFiles.read(
                        "x", "a\n{{~#if x}}\nb\n  {{/if~}}\n  c\n  {{#if x~}}\n  d{{/if}}", Map.of())
                .template();

        assertThat(render(template, Map.of("x", true))).isEqualTo("ab\nc\nd");
        assertThat(render(template, Map.of())).isEqualTo("ac\n");
    }

    @Test
    void blocksThatAreNestedTooDeepAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DotpromptFiles.read("x", "{{#if a}}".repeat(20_000), Map.of()))
                .withMessage("line 1: blocks are nested deeper than 50 levels; make the text flatter");
    }

    @Test
    void partialsBesideTheFileArePutIn(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("greeting.prompt");
        Files.writeString(directory.resolve("_style.prompt"), "Be {{tone}}.\nBe brief.\n");
        Files.writeString(file, "First.\n  {{>style}}\nLast: {{> style}}");

        Dotprompt read = DotpromptFiles.read(file);

        assertThat(read.template().name()).isEqualTo("greeting");
        assertThat(render(read.template(), Map.of("tone", "kind")))
                .isEqualTo("First.\n  Be kind.\n  Be brief.\nLast: Be kind.\nBe brief.\n");

        Files.writeString(directory.resolve("_style.prompt"), "{{> style}}");
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> DotpromptFiles.read(file))
                .withMessageStartingWith(
                        file + ", line 2: in the partial 'style', line 1: the partials put each other in");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> DotpromptFiles.read(directory.resolve("none.prompt")))
                .withMessage("Reading the prompt " + directory.resolve("none.prompt")
                        + " failed: there is no such file; check the path");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a\\n{{json this}}                            | line 2: {{json …}} has no equal in a template; write the text itself or a variable
            {{#ifEquals a b}}x{{/ifEquals}}              | line 1: #ifEquals has no equal in a template; write a condition or loop over one name
            {{#each a}}\\n{{@index}}{{/each}}            | line 2: {{@index}} has no equal in a template; write {{-index}}, which counts from 1, in a template of this library
            {{#if a}}{{role 'user'}}b{{/if}}             | line 1: {{role}} inside a block or a partial has no equal in a template; write it between them: which messages there are is fixed
            {{role 'tool'}}b                             | line 1: the role 'tool' has no equal in a template; write system, user or model
            {{#if a}}b                                   | line 1: the block #if has no end; close it with {{/if}}
            {{#if a}}b{{/each}}                          | line 1: {{/each}} closes #if; correct it
            a {{else}}                                   | line 1: an else stands outside #if, #unless and #each, or is the second one; correct it
            a {{b                                        | line 1: a tag has no end; close it with }}
            {{> a}}                                      | line 1: the partial 'a' is not there; put it beside the file as _a.prompt
            {{../a}}                                     | line 1: '../a' leads out of the text; leave a ../ out
            {{@state.a}}                                 | line 1: {{@state.a}} has no equal in a template; write a variable
            \\\\{{a}}                                    | line 1: a backslash before braces has no equal in a template; leave it out
            ---\\ninput:\\n  schema:\\n    a: text\\n---\\nx | line 2: the schema has the type 'text', which is none of string, boolean, null, number, integer, any; correct it
            ---\\nconfig:\\n  temperature: hot\\n---\\nx | line 2: temperature is no number; correct it
            {{#each a}}{{#if this}}x{{/if}}{{/each}}     | line 1: 'this' here has no equal in a template; write a name such as order.total
            ---\\ninput:\\n  schema:\\n    n?: number\\n---\\n{{#if n}}x{{/if}} | line 6: 'n' may be a number, which is false when it is 0, and so nothing can depend on it here; change the schema or the text
            ---\\nconfig:\\n  maxOutputTokens: 1.9\\n---\\nx | line 2: maxOutputTokens is no whole number up to 2147483647; correct it
            ---\\nname: x                                | line 1: the front matter has no end; write a line of three hyphens below it
            ---\\na: &x 1\\n---\\nb                      | line 2: YAML tags, anchors and aliases are not allowed; write the value itself, or put quotes around the text
            """)
    void whatHasNoEqualIsNamedWithItsLine(String file, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DotpromptFiles.read(
                        "x", file.replace("\\\\", "\u0001").replace("\\n", "\n").replace("\u0001", "\\"), Map.of()))
                .withMessage(message);
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void whatIsWrittenIsReadAgain(SplittableRandom random, @TempDir Path directory) {
        String[] pieces = {
            "text ",
            "\n",
            " ",
            "{{shop}}",
            "{{#brief}}short{{/brief}}",
            "\n{{#brief}}\nshort\n{{/brief}}\n",
            "{{^brief}}long{{/brief}}",
            "{{#orders}}{{id}} at {{shop}}{{^-last}}, {{/-last}}{{/orders}}{{^orders}}none{{/orders}}",
            "\n{{#orders}}\n- {{id}}\n{{/orders}}\n",
            "{{#tags}}{{.}}{{/tags}}",
            "{{#customer}}{{name}}{{/customer}}{{customer.name}}",
            "é \"quoted\" 'too'",
            "---"
        };
        ChatPromptTemplate.Builder builder = ChatPromptTemplate.builder("round-trip")
                .variable(PromptVariable.text("shop"))
                .variable(PromptVariable.bool("brief").withDefault("false"))
                .variable(PromptVariable.list("orders", PromptVariable.text("id"), PromptVariable.number("total")))
                .variable(PromptVariable.list("tags"))
                .variable(PromptVariable.object("customer", PromptVariable.text("name")))
                .variable(PromptVariable.oneOf("tone", "formal", "friendly").withDefault("formal"))
                .system("s" + Seeds.text(random, 8, pieces) + "s")
                .history()
                .user("u" + Seeds.text(random, 8, pieces) + "{{question}}" + Seeds.text(random, 2, "\n", " "))
                .parameters(ModelParameters.builder().temperature(0.5).build());
        ChatPromptTemplate template = builder.build();
        Path file = directory.resolve("round-trip.prompt");

        DotpromptFiles.write(file, template);
        Dotprompt read = DotpromptFiles.read(file);

        assertThat(read.model()).isEqualTo(Optional.empty());
        assertThat(read.template().variables()).isEqualTo(template.variables());
        Map<String, Object> values = Map.of(
                "shop",
                "Acme",
                "brief",
                random.nextBoolean(),
                "orders",
                random.nextBoolean()
                        ? List.of()
                        : List.of(Map.of("id", "1", "total", 2), Map.of("id", "2", "total", 3)),
                "tags",
                List.of("a", "b"),
                "customer",
                Map.of("name", "Ada"),
                "question",
                "why?");
        List<ChatMessage> history = List.of(UserMessage.from("before"));
        assertThat(new PromptRenderer().render(read.template(), values, history, List.of()))
                .isEqualTo(new PromptRenderer().render(template, values, history, List.of()));
    }

    @Test
    void whatDotpromptCannotSayIsNotWritten(@TempDir Path directory) {
        Path file = directory.resolve("x.prompt");
        ChatPromptTemplate.Builder limited = ChatPromptTemplate.builder("x")
                .variable(PromptVariable.text("mail").delimited())
                .history()
                .user("{{mail}}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DotpromptFiles.write(file, limited.build()))
                .withMessage("prompt 'x' cannot be written as Dotprompt: it has the variable 'mail' with a limit or"
                        + " handling of its values; write it with TemplateFiles");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DotpromptFiles.write(
                        file, ChatPromptTemplate.builder("x").user("hi").build()))
                .withMessageContaining("it has no place for the history");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DotpromptFiles.write(
                        file,
                        ChatPromptTemplate.builder("x")
                                .variable(PromptVariable.list("tags"))
                                .history()
                                .user("{{#tags}}{{-index}}{{/tags}}")
                                .build()))
                .withMessageContaining("it has '-index', which counts from 1");
        assertThat(file).doesNotExist();
    }

    private static String render(ChatPromptTemplate template, Map<String, Object> values) {
        ChatMessage first = new PromptRenderer()
                .render(template, values, List.of(), List.of())
                .get(0);
        return first instanceof UserMessage user
                ? user.singleText()
                : ((dev.langchain4j.data.message.SystemMessage) first).text();
    }
}
