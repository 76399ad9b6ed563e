package dev.llmlifecycle.api.contract;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.InteractionStore;
import dev.llmlifecycle.api.monitoring.RecordedInteraction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class InteractionStoreContractTest extends InteractionStoreContract {

    @Override
    protected InteractionStore create() {
        return new Smallest();
    }

    @Test
    void noticesAStoreThatDoesNotLookAtTenants() {
        assertThat(failures(() -> new Smallest() {
                    @Override
                    boolean isOf(Interaction interaction, Optional<String> tenant, String user) {
                        return interaction.user().equals(Optional.of(user));
                    }
                }))
                .containsExactly("takesUsersOfTwoTenantsForTwo");
    }

    @Test
    void noticesAStoreThatKeepsTheFeedbackOfWhoIsErased() {
        assertThat(failures(() -> new Smallest() {
                    @Override
                    long eraseFeedback(Set<String> ids) {
                        return 0;
                    }
                }))
                .containsExactly("erasesAUserWithTheFeedback");
    }

    @Test
    void noticesAStoreThatForgetsEarlierFeedback() {
        assertThat(failures(() -> new Smallest() {
                    @Override
                    List<Feedback> feedbackOn(String id) {
                        List<Feedback> all = super.feedbackOn(id);
                        return all.isEmpty() ? all : all.subList(all.size() - 1, all.size());
                    }
                }))
                .containsExactly("joinsAllFeedbackInOrder");
    }

    @Test
    void noticesAStoreThatAnswersAfterItIsClosed() {
        assertThat(failures(() -> new Smallest() {
                    @Override
                    public void close() {
                        // Stays open.
                    }
                }))
                .containsExactly("isOfNoUseAfterItIsClosed");
    }

    private static List<String> failures(Supplier<InteractionStore> store) {
        return Failures.of(InteractionStoreContract.class, () -> new InteractionStoreContract() {
            @Override
            protected InteractionStore create() {
                return store.get();
            }
        });
    }

    /** The smallest store that keeps the contract; tests override single steps to break it. */
    private static class Smallest implements InteractionStore {

        private final ReentrantLock lock = new ReentrantLock();
        private final List<Interaction> interactions = new ArrayList<>();
        private final List<Feedback> feedback = new ArrayList<>();
        private boolean closed;

        @Override
        public void record(Interaction interaction) {
            locked(() -> interactions.add(interaction));
        }

        @Override
        public void record(Feedback said) {
            locked(() -> feedback.add(said));
        }

        @Override
        public Stream<RecordedInteraction> read(Instant from, Instant until) {
            if (until.isBefore(from)) {
                throw new IllegalArgumentException("the end is before the start");
            }
            return locked(() -> interactions.stream()
                    .filter(each ->
                            !each.startedAt().isBefore(from) && each.startedAt().isBefore(until))
                    .map(each -> new RecordedInteraction(each, feedbackOn(each.id())))
                    .toList()
                    .stream());
        }

        @Override
        public Optional<RecordedInteraction> find(String id) {
            return read().filter(each -> each.interaction().id().equals(id)).findFirst();
        }

        @Override
        public Erasure erase(Optional<String> tenant, String user) {
            return locked(() -> {
                List<Interaction> erased = interactions.stream()
                        .filter(each -> isOf(each, tenant, user))
                        .toList();
                interactions.removeAll(erased);
                return new Erasure(
                        erased.size(),
                        eraseFeedback(erased.stream().map(Interaction::id).collect(Collectors.toSet())),
                        0);
            });
        }

        @Override
        public void close() {
            closed = true;
        }

        boolean isOf(Interaction interaction, Optional<String> tenant, String user) {
            return interaction.tenant().equals(tenant) && interaction.user().equals(Optional.of(user));
        }

        long eraseFeedback(Set<String> ids) {
            int before = feedback.size();
            feedback.removeIf(each -> ids.contains(each.interactionId()));
            return (long) before - feedback.size();
        }

        List<Feedback> feedbackOn(String id) {
            return feedback.stream()
                    .filter(each -> each.interactionId().equals(id))
                    .toList();
        }

        private <T> T locked(Supplier<T> work) {
            lock.lock();
            try {
                if (closed) {
                    throw new IllegalStateException("the store is closed");
                }
                return work.get();
            } finally {
                lock.unlock();
            }
        }
    }
}
