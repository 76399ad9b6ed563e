package dev.llmlifecycle.core.prompt;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import dev.llmlifecycle.api.contract.PromptRegistryContract;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class InMemoryPromptRegistryTest extends PromptRegistryContract {

    @Override
    protected PromptRegistry create() {
        return InMemoryPromptRegistry.builder().build();
    }

    @Test
    void datesVersionsByItsClock() {
        Instant noon = Instant.parse("2026-01-31T12:00:00Z");
        PromptRegistry registry = InMemoryPromptRegistry.builder()
                .clock(Clock.fixed(noon, ZoneOffset.UTC))
                .build();

        assertThat(registry.register(ChatPromptTemplate.builder("p").user("go").build(), "ada", "first")
                        .createdAt())
                .isEqualTo(noon);
    }

    @Test
    void refusesATemplateThatCannotBeRendered() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> create().register(
                                ChatPromptTemplate.builder("p")
                                        .user("{{qestion}}")
                                        .build(),
                                "ada",
                                "first"))
                .withMessageContaining("did you mean 'question'?");
    }
}
