package dev.llmlifecycle.core.resilience;

import java.time.Instant;

import dev.langchain4j.model.chat.ChatRequestOptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class DeadlineTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void travelsWithTheOtherAttributes() {
        ChatRequestOptions options = ChatRequestOptions.builder()
                .addListenerAttribute("trace", "t-1")
                .build();

        ChatRequestOptions limited = Deadline.at(NOON).addTo(options);

        assertThat(Deadline.of(limited)).contains(Deadline.at(NOON));
        assertThat(limited.listenerAttributes()).containsEntry("trace", "t-1");
        assertThat(Deadline.of(options)).isEmpty();
    }

    @Test
    void theEarlierOneHolds() {
        ChatRequestOptions noon = Deadline.at(NOON).addTo(ChatRequestOptions.EMPTY);

        assertThat(Deadline.of(Deadline.at(NOON.plusSeconds(1)).addTo(noon))).contains(Deadline.at(NOON));
        assertThat(Deadline.of(Deadline.at(NOON.minusSeconds(1)).addTo(noon)))
                .contains(Deadline.at(NOON.minusSeconds(1)));
    }
}
