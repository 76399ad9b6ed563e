package dev.llmlifecycle.core.prompt;

import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptVariable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class PromptLayoutTest {

    private static final String RULES =
            "Answer from the passages alone, name each by its number, and say so when they do"
                    + " not answer. Write two sentences at most.";

    private final TokenCountEstimator estimator = new CharacterTokenCountEstimator();

    @Test
    @DisplayName("a prompt whose instructions come first is stable up to its passages, and nothing is to be moved")
    void knowsTheStablePrefix() {
        PromptLayout layout = layout(ChatPromptTemplate.builder("p")
                .partial("rules", RULES)
                .system("{{! by the editors }}{{> rules}}")
                .history()
                .user("{{passages}}\n{{question}}")
                .build());

        assertThat(layout.stablePrefix()).isEqualTo("SYSTEM\n" + RULES + "\n");
        assertThat(layout.prefixTokens()).isBetween(15, 60);
        assertThat(layout.firstVarying()).contains("the history");
        assertThat(layout.hints()).isEmpty();
        assertThat(layout.cacheKey()).hasSizeLessThan(20).isNotBlank();
    }

    @Test
    @DisplayName("a place that varies before unchanging text is named, with what it costs")
    void namesWhatStandsTooEarly() {
        PromptLayout layout = layout(ChatPromptTemplate.builder("p")
                .system("Today's question: {{question}}\n" + RULES)
                .user("{{passages}}")
                .build());

        assertThat(layout.firstVarying()).contains("'question' in message 1");
        assertThat(layout.hints())
                .singleElement()
                .asString()
                .matches(
                        "'question' in message 1 stands before about \\d+ tokens that never change; move it behind them,"
                                + " so that they can be cached");
        assertThat(layout.laterTokens()).isGreaterThan(15);
    }

    @Test
    void constantVariablesDoNotVary() {
        ChatPromptTemplate template = ChatPromptTemplate.builder("p")
                .variable(PromptVariable.text("shop").trusted())
                .system("You answer for {{shop}}. " + RULES)
                .user("{{passages}}{{question}}")
                .build();

        assertThat(layout(template).hints()).hasSize(1);
        PromptLayout layout = PromptLayout.of(template, estimator, Set.of("shop"));
        assertThat(layout.hints()).isEmpty();
        assertThat(layout.firstVarying()).contains("'passages' in message 2");
        assertThat(layout.cacheKey()).isNotEqualTo(layout(template).cacheKey());
    }

    @Test
    void sectionsVary() {
        PromptLayout layout = layout(ChatPromptTemplate.builder("p")
                .variable(PromptVariable.bool("vip"))
                .system("{{#vip}}Be quick.{{/vip}}" + RULES)
                .user("{{question}}")
                .build());

        assertThat(layout.firstVarying()).contains("'vip' in message 1");
        assertThat(layout.stablePrefix()).isEqualTo("SYSTEM\n");
        assertThat(layout.hints()).hasSize(1);
    }

    @Test
    void countsWhatRenderedPromptsShare() {
        ChatPromptTemplate good = ChatPromptTemplate.builder("p")
                .system(RULES)
                .user("{{question}}")
                .build();
        ChatPromptTemplate bad = ChatPromptTemplate.builder("p")
                .system("{{question}} " + RULES)
                .user("Answer.")
                .build();

        assertThat(PromptLayout.sharedTokens(rendered(good), estimator))
                .isGreaterThan(5 * PromptLayout.sharedTokens(rendered(bad), estimator))
                .isGreaterThan(15);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptLayout.sharedTokens(List.of(), estimator))
                .withMessageStartingWith("shared tokens need at least two prompts but got 0");
    }

    private static List<List<ChatMessage>> rendered(ChatPromptTemplate template) {
        PromptRenderer renderer = new PromptRenderer();
        return List.of(
                renderer.render(template, Map.of("question", "How long?"), List.of(), List.of()),
                renderer.render(template, Map.of("question", "What now?"), List.of(), List.of()));
    }

    private PromptLayout layout(ChatPromptTemplate template) {
        return PromptLayout.of(template, estimator, Set.of());
    }
}
