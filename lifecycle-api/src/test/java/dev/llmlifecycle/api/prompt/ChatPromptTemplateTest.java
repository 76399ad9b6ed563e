package dev.llmlifecycle.api.prompt;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.llmlifecycle.api.identity.Hash;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class ChatPromptTemplateTest {

    @Test
    void keepsItsPartsInOrder() {
        ChatPromptTemplate template = ChatPromptTemplate.builder("a-1")
                .system("s")
                .examples()
                .history()
                .user("u")
                .assistant("a")
                .build();

        assertThat(template.parts())
                .containsExactly(
                        new PromptPart.Message(PromptPart.Role.SYSTEM, "s"),
                        new PromptPart.Placeholder(PromptPart.Content.EXAMPLES),
                        new PromptPart.Placeholder(PromptPart.Content.HISTORY),
                        new PromptPart.Message(PromptPart.Role.USER, "u"),
                        new PromptPart.Message(PromptPart.Role.ASSISTANT, "a"));
        assertThat(template.parameters()).isEqualTo(ModelParameters.NONE);
        assertThat(template.outputSchema()).isEmpty();
        assertThat(template.variables()).isEmpty();
    }

    @Test
    void hasAHashOverEverything() {
        ChatPromptTemplate.Builder builder = ChatPromptTemplate.builder("a").user("u");
        ChatPromptTemplate template = builder.build();
        Set<Hash> hashes = Stream.of(
                        template,
                        ChatPromptTemplate.builder("b").user("u").build(),
                        ChatPromptTemplate.builder("a").user("v").build(),
                        ChatPromptTemplate.builder("a").system("u").build(),
                        ChatPromptTemplate.builder("a").user("u").history().build(),
                        ChatPromptTemplate.builder("a").history().user("u").build(),
                        ChatPromptTemplate.builder("a")
                                .user("u")
                                .outputSchema("{}")
                                .build(),
                        ChatPromptTemplate.builder("a")
                                .user("u")
                                .variable(PromptVariable.text("x"))
                                .build(),
                        ChatPromptTemplate.builder("a")
                                .user("u")
                                .parameters(
                                        ModelParameters.builder().temperature(0).build())
                                .build())
                .map(ChatPromptTemplate::hash)
                .collect(Collectors.toSet());

        assertThat(hashes).hasSize(9);
        assertThat(builder.build().hash()).isEqualTo(template.hash());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "A", "a_b", "-a", "a-", "a--b", "../a", "a/b", "ä", "a\n"})
    void refusesOtherNames(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatPromptTemplate.builder(name).user("u").build())
                .withMessage(
                        "the prompt name '" + name
                                + "' is not allowed; use lower-case letters, digits and single hyphens, such as 'support-answer'");
    }

    @Test
    void refusesWhatStandsTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatPromptTemplate.builder("a")
                        .user("u")
                        .variable(PromptVariable.text("x"))
                        .variable(PromptVariable.text("x"))
                        .build())
                .withMessage("prompt 'a' declares the variable 'x' twice, or one that the application fills in itself;"
                        + " remove one");
        for (String name : List.of(ChatPromptTemplate.QUESTION, ChatPromptTemplate.PASSAGES)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ChatPromptTemplate.builder("a")
                            .user("u")
                            .variable(PromptVariable.text(name))
                            .build());
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatPromptTemplate.builder("a")
                        .history()
                        .user("u")
                        .history()
                        .build())
                .withMessage("prompt 'a' has the place for HISTORY twice; keep one");
    }

    @Test
    void needsAMessageThatSaysSomething() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatPromptTemplate.builder("a").history().build())
                .withMessage("prompt 'a' has no message; add system(...) or user(...)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatPromptTemplate.builder("a").user(" "))
                .withMessage("a USER message of a prompt is blank; fill it in or leave it out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "a-b", "a b", "_a", "ä", "a}}"})
    void refusesOtherNamesOfVariables(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptVariable.text(name))
                .withMessage("the prompt variable name '" + name
                        + "' is not allowed; use letters, digits and underscores, starting with a letter");
    }

    @Test
    void takesOnlyDefaultsOfTheVariablesType() {
        assertThat(PromptVariable.text("x").required()).isTrue();
        for (String number : List.of("0", "-1.5", "1e9", "2.5E-3")) {
            assertThat(variable(PromptVariable.Type.NUMBER, number).required()).isFalse();
        }
        for (String number : List.of("", "one", "1,5", "NaN", "0x1", " 1", "١")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> variable(PromptVariable.Type.NUMBER, number))
                    .withMessage("the default of prompt variable 'x' is no NUMBER value; correct it or leave it out");
        }
        assertThat(variable(PromptVariable.Type.BOOLEAN, "true").defaultValue()).contains("true");
        assertThat(variable(PromptVariable.Type.BOOLEAN, "false").defaultValue())
                .contains("false");
        assertThatIllegalArgumentException().isThrownBy(() -> variable(PromptVariable.Type.BOOLEAN, "yes"));
        assertThat(variable(PromptVariable.Type.TEXT, "").defaultValue()).contains("");
    }

    private static PromptVariable variable(PromptVariable.Type type, String defaultValue) {
        return new PromptVariable("x", type, Optional.of(defaultValue));
    }
}
