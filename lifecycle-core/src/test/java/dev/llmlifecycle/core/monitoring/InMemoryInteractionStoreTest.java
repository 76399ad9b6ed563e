package dev.llmlifecycle.core.monitoring;

import java.time.Instant;
import java.util.stream.Stream;

import dev.llmlifecycle.api.contract.InteractionStoreContract;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.InteractionStore;
import dev.llmlifecycle.api.monitoring.RecordedInteraction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class InMemoryInteractionStoreTest extends InteractionStoreContract {

    @Override
    protected InteractionStore create() {
        return InMemoryInteractionStore.builder().build();
    }

    @Test
    void forgetsTheOldestFirst() {
        try (InteractionStore store =
                InMemoryInteractionStore.builder().maxRecords(2).build()) {
            for (int i = 1; i <= 3; i++) {
                store.record(Interaction.builder("i-" + i, Instant.EPOCH, "How long?")
                        .build());
            }
            try (Stream<RecordedInteraction> read = store.read()) {
                assertThat(read.map(each -> each.interaction().id())).containsExactly("i-2", "i-3");
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InMemoryInteractionStore.builder().maxRecords(0))
                .withMessage("maxRecords of an interaction store must be at least 1 but was 0; leave it out for"
                        + " 10,000");
    }
}
