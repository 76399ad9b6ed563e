package dev.llmlifecycle.api.contract;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.InteractionStore;
import dev.llmlifecycle.api.monitoring.RecordedInteraction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What every {@link InteractionStore} must hold to.
 *
 * <p>Extend it in a test of your own and supply {@link #create}. The store must have room for a thousand small records.
 */
public abstract class InteractionStoreContract {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    /**
     * Returns a new store without content.
     *
     * @return the store under test; each test closes what it was given
     */
    protected abstract InteractionStore create();

    @Test
    public final void readsWhatWasRecordedInOrder() {
        try (InteractionStore store = create()) {
            for (int i = 0; i < 20; i++) {
                store.record(interaction("i-" + (i * 7 % 20), NOON, Optional.empty(), "ada"));
            }

            assertThat(all(store))
                    .extracting(RecordedInteraction::interaction)
                    .containsExactlyElementsOf(Stream.iterate(0, i -> i + 1)
                            .limit(20)
                            .map(i -> interaction("i-" + (i * 7 % 20), NOON, Optional.empty(), "ada"))
                            .toList());
        }
    }

    @Test
    public final void readsNothingFromAnEmptyStore() {
        try (InteractionStore store = create()) {
            assertThat(all(store)).isEmpty();
            assertThat(store.find("i-1")).isEmpty();
            assertThat(store.erase(Optional.empty(), "ada")).isEqualTo(new InteractionStore.Erasure(0, 0, 0));
        }
    }

    @Test
    public final void readsASpanOfTime() {
        try (InteractionStore store = create()) {
            for (int i = 0; i < 5; i++) {
                store.record(interaction("i-" + i, NOON.plusSeconds(i), Optional.empty(), "ada"));
            }

            try (Stream<RecordedInteraction> some = store.read(NOON.plusSeconds(1), NOON.plusSeconds(3))) {
                assertThat(ids(some.toList())).containsExactly("i-1", "i-2");
            }
            try (Stream<RecordedInteraction> none = store.read(NOON, NOON)) {
                assertThat(none).isEmpty();
            }
            assertThatIllegalArgumentException().isThrownBy(() -> store.read(NOON, NOON.minusSeconds(1)));
        }
    }

    @Test
    public final void joinsAllFeedbackInOrder() {
        Feedback early = feedback("i-1", "early", NOON.plusSeconds(1));
        Feedback later = feedback("i-1", "later", NOON.plusSeconds(2));
        try (InteractionStore store = create()) {
            store.record(interaction("i-1", NOON, Optional.empty(), "ada"));
            store.record(later);
            store.record(interaction("i-2", NOON, Optional.empty(), "ada"));
            store.record(early);

            RecordedInteraction first = all(store).get(0);
            assertThat(first.feedback()).containsExactly(later, early);
            assertThat(first.latestFeedback()).contains(later);
            assertThat(all(store).get(1).feedback()).isEmpty();
            assertThat(store.find("i-1")).contains(first);
        }
    }

    @Test
    public final void joinsFeedbackThatComesFirst() {
        Feedback feedback = feedback("i-1", "quick", NOON);
        try (InteractionStore store = create()) {
            store.record(feedback);
            assertThat(all(store)).isEmpty();

            store.record(interaction("i-1", NOON, Optional.empty(), "ada"));

            assertThat(all(store)).extracting(RecordedInteraction::feedback).containsExactly(List.of(feedback));
        }
    }

    @Test
    public final void findsById() {
        try (InteractionStore store = create()) {
            store.record(interaction("i-1", NOON, Optional.empty(), "ada"));
            store.record(interaction("i-11", NOON, Optional.empty(), "bob"));

            assertThat(store.find("i-11").orElseThrow().interaction().user()).contains("bob");
            assertThat(store.find("i-111")).isEmpty();
        }
    }

    @Test
    public final void readsWhatWasThereWhenItWasAsked() {
        try (InteractionStore store = create()) {
            store.record(interaction("i-1", NOON, Optional.empty(), "ada"));
            store.record(interaction("i-2", NOON, Optional.empty(), "ada"));
            try (Stream<RecordedInteraction> stream = store.read()) {
                var read = stream.iterator();
                assertThat(read.next().interaction().id()).isEqualTo("i-1");
                store.record(interaction("i-3", NOON, Optional.empty(), "ada"));
                assertThat(read.next().interaction().id()).isEqualTo("i-2");
            }
            assertThat(all(store)).hasSize(3);
        }
    }

    @Test
    public final void erasesAUserWithTheFeedback() {
        try (InteractionStore store = create()) {
            store.record(interaction("i-1", NOON, Optional.empty(), "ada"));
            store.record(interaction("i-2", NOON, Optional.empty(), "bob"));
            store.record(interaction("i-3", NOON, Optional.empty(), "ada"));
            store.record(feedback("i-1", "one", NOON));
            store.record(feedback("i-2", "two", NOON));
            store.record(feedback("i-1", "three", NOON));

            assertThat(store.erase(Optional.empty(), "ada")).isEqualTo(new InteractionStore.Erasure(2, 2, 0));

            assertThat(ids(all(store))).containsExactly("i-2");
            assertThat(all(store).get(0).feedback()).hasSize(1);
            assertThat(store.find("i-1")).isEmpty();
            store.record(interaction("i-1", NOON, Optional.empty(), "bob"));
            assertThat(store.find("i-1").orElseThrow().feedback())
                    .as("feedback that was erased")
                    .isEmpty();
            assertThat(store.erase(Optional.empty(), "ada")).isEqualTo(new InteractionStore.Erasure(0, 0, 0));
        }
    }

    @Test
    public final void takesUsersOfTwoTenantsForTwo() {
        try (InteractionStore store = create()) {
            store.record(interaction("i-1", NOON, Optional.of("acme"), "ada"));
            store.record(interaction("i-2", NOON, Optional.of("umbrella"), "ada"));
            store.record(interaction("i-3", NOON, Optional.empty(), "ada"));

            store.erase(Optional.of("acme"), "ada");
            assertThat(ids(all(store))).containsExactly("i-2", "i-3");

            store.erase(Optional.empty(), "ada");
            assertThat(ids(all(store))).containsExactly("i-2");
        }
    }

    @Test
    public final void keepsWhatNobodyAsked() {
        try (InteractionStore store = create()) {
            store.record(Interaction.builder("i-1", NOON, "Who am I?").build());
            store.record(Interaction.builder("i-2", NOON, "Who am I?")
                    .tenant(Optional.of("acme"))
                    .build());

            store.erase(Optional.empty(), "ada");
            store.erase(Optional.of("acme"), "ada");

            assertThat(ids(all(store))).containsExactly("i-1", "i-2");
        }
    }

    @Test
    public final void losesNothingWhenThreadsRecordTogether() {
        try (InteractionStore store = create()) {
            Threads.together(thread -> {
                for (int i = 0; i < 40; i++) {
                    store.record(interaction(thread + "/" + i, NOON, Optional.empty(), "ada"));
                    store.record(feedback(thread + "/" + i, "fine", NOON));
                }
                return thread;
            });

            List<RecordedInteraction> all = all(store);
            assertThat(all).hasSize(Threads.COUNT * 40);
            assertThat(all).allSatisfy(each -> assertThat(each.feedback()).hasSize(1));
        }
    }

    @Test
    public final void keepsWhatOthersRecordDuringAnErasure() throws Exception {
        try (InteractionStore store = create()) {
            for (int i = 0; i < 200; i++) {
                store.record(interaction("old-" + i, NOON, Optional.empty(), i % 2 == 0 ? "ada" : "bob"));
            }
            CountDownLatch recording = new CountDownLatch(1);
            ExecutorService executor = Executors.newSingleThreadExecutor();
            try {
                Future<?> recorder = executor.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        store.record(interaction("new-" + i, NOON, Optional.empty(), "bob"));
                        recording.countDown();
                    }
                });
                assertThat(recording.await(60, TimeUnit.SECONDS)).isTrue();
                assertThat(store.erase(Optional.empty(), "ada").interactions()).isEqualTo(100);
                recorder.get(60, TimeUnit.SECONDS);
            } finally {
                executor.shutdownNow();
            }

            assertThat(all(store)).hasSize(300);
            assertThat(all(store))
                    .allSatisfy(each -> assertThat(each.interaction().user()).contains("bob"));
        }
    }

    @Test
    public final void isOfNoUseAfterItIsClosed() {
        InteractionStore store = create();
        store.close();
        store.close();

        Interaction interaction = interaction("i-1", NOON, Optional.empty(), "ada");
        assertThatIllegalStateException().isThrownBy(() -> store.record(interaction));
        assertThatIllegalStateException().isThrownBy(() -> store.record(feedback("i-1", "late", NOON)));
        assertThatIllegalStateException().isThrownBy(() -> store.find("i-1"));
        assertThatIllegalStateException().isThrownBy(store::read);
        assertThatIllegalStateException().isThrownBy(() -> store.erase(Optional.empty(), "ada"));
    }

    private static List<RecordedInteraction> all(InteractionStore store) {
        try (Stream<RecordedInteraction> stream = store.read()) {
            return stream.toList();
        }
    }

    private static List<String> ids(List<RecordedInteraction> recorded) {
        return recorded.stream().map(each -> each.interaction().id()).toList();
    }

    private static Interaction interaction(String id, Instant startedAt, Optional<String> tenant, String user) {
        return Interaction.builder(id, startedAt, "How long does a refund take?")
                .tenant(tenant)
                .user(Optional.of(user))
                .outcome("answered", "Five days.")
                .build();
    }

    private static Feedback feedback(String interactionId, String reason, Instant at) {
        return new Feedback(interactionId, Feedback.Rating.DOWN, Optional.of(reason), Optional.empty(), at);
    }
}
