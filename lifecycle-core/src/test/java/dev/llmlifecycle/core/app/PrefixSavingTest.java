package dev.llmlifecycle.core.app;

import java.math.BigDecimal;
import java.util.List;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.TokenPrices;
import dev.llmlifecycle.api.monitoring.Step;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
class PrefixSavingTest {

    @Test
    @DisplayName("the cached tokens that an endpoint reports are on the interaction and add up")
    void addsUpWhatTheEndpointReports() {
        Answer told = ask(OpenAiTokenUsage.builder()
                .inputTokenCount(2_000)
                .inputTokensDetails(OpenAiTokenUsage.InputTokensDetails.builder()
                        .cachedTokens(1_500)
                        .build())
                .outputTokenCount(20)
                .totalTokenCount(2_020)
                .build());
        Answer untold = ask(OpenAiTokenUsage.builder().inputTokenCount(2_000).build());
        Answer other = ask(new TokenUsage(2_000, 20));

        assertThat(told.interaction().steps())
                .filteredOn(step -> step.type().equals(Step.MODEL))
                .singleElement()
                .satisfies(step -> assertThat(step.attributes()).containsEntry("cachedInputTokens", "1500"));
        PrefixSaving saving = PrefixSaving.of(List.of(told.interaction(), untold.interaction(), other.interaction()));
        assertThat(saving).isEqualTo(new PrefixSaving(1, 2_000, 1_500));
        assertThat(saving.share()).hasValue(0.75);
        assertThat(saving.saved(new TokenPrices(new BigDecimal("2"), BigDecimal.ONE), new BigDecimal("0.5")))
                .isEqualByComparingTo("0.0015");
    }

    @Test
    void saysNothingWhereNothingWasTold() {
        assertThat(PrefixSaving.of(List.of()).share()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PrefixSaving.of(List.of())
                        .saved(new TokenPrices(BigDecimal.ONE, BigDecimal.ONE), new BigDecimal("1.5")))
                .withMessage("the discount must be in [0, 1] but was 1.5; 0.5 is half of the price");
        assertThatIllegalArgumentException().isThrownBy(() -> new PrefixSaving(-1, 0, 0));
    }

    private static Answer ask(TokenUsage usage) {
        ScriptedModel model = ScriptedModel.doing(request -> ChatResponse.builder()
                .aiMessage(AiMessage.from("14 days [1]."))
                .tokenUsage(usage)
                .build());
        try (LlmApp app =
                Given.app(model).retriever(Given.retriever(Given.REFUNDS)).build()) {
            return app.ask("How long?");
        }
    }
}
