package dev.llmlifecycle.core.release;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.contract.ReleaseStoreContract;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.internal.refresh.ManualScheduler;
import dev.llmlifecycle.core.prompt.InMemoryPromptRegistry;
import dev.llmlifecycle.core.prompt.RefreshedPromptRegistry;
import org.junit.jupiter.api.Test;

import static dev.llmlifecycle.core.release.Releases.next;
import static dev.llmlifecycle.core.release.Releases.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class RefreshedReleaseStoreTest extends ReleaseStoreContract {

    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final AtomicBoolean down = new AtomicBoolean();
    private ReleaseStore store = new InMemoryReleaseStore();

    @Override
    protected ReleaseStore create() {
        store = new InMemoryReleaseStore();
        return open().build();
    }

    @Override
    protected Optional<ReleaseStore> reopen() {
        return Optional.of(open().build());
    }

    @Test
    void answersFromMemoryWhileTheStoreIsDownAndRecovers() {
        move("production", release("1"));
        RefreshedReleaseStore memory = open().maxAge(Duration.ofSeconds(8)).build();
        down.set(true);

        scheduler.passedAndDone(PERIOD);
        scheduler.passedAndDone(PERIOD);

        assertThat(memory.deployment("production"))
                .map(Deployment::release)
                .contains(release("1").hash());
        assertThat(memory.find(release("1").hash())).contains(release("1"));
        assertThat(memory.freshness().stale()).isTrue();
        assertThat(memory.freshness().problem()).contains("The store is down; start it");
        assertThatExceptionOfType(LifecycleException.class).isThrownBy(memory::journal);

        down.set(false);
        move("production", release("2"));
        scheduler.passedAndDone(PERIOD);
        assertThat(memory.deployment("production"))
                .map(Deployment::release)
                .contains(release("2").hash());
        assertThat(memory.find(release("1").hash())).contains(release("1"));
        assertThat(memory.freshness().stale()).isFalse();
    }

    @Test
    void decidesOnTheStoreAndShowsItsOwnMoveAtOnce() {
        RefreshedReleaseStore memory = open().build();
        move("canary", release("1"));

        Deployments deployments = Deployments.builder(memory).build();
        deployments.promote("production", release("2"), "ada", "first release");

        assertThat(memory.deployment("production")).map(Deployment::revision).contains(2L);
        assertThat(memory.deployment("canary")).isEmpty();
        scheduler.passedAndDone(PERIOD);
        assertThat(memory.deployment("canary")).map(Deployment::revision).contains(1L);
        assertThat(memory.deployment("production")).map(Deployment::revision).contains(2L);
    }

    @Test
    void showsAMoveWhenThePromptsOfItsReleaseAreInMemory() {
        PromptRegistry shared = InMemoryPromptRegistry.builder().build();
        RefreshedPromptRegistry prompts = RefreshedPromptRegistry.builder(shared)
                .executor(new ManualScheduler())
                .build();
        move("production", of(shared.register(prompt("one"), "ada", "first")));
        RefreshedReleaseStore memory = open().prompts(prompts).build();
        PromptVersion second = shared.register(prompt("two"), "ada", "second");
        move("production", of(second));
        assertThat(prompts.find("answer", 2)).isEmpty();

        scheduler.passedAndDone(PERIOD);

        assertThat(memory.deployment("production")).map(Deployment::revision).contains(2L);
        assertThat(prompts.find("answer", 2)).contains(second);
    }

    @Test
    void keepsALabelWhereItWasWhileItsNextReleaseIsNotComplete() {
        PromptRegistry shared = InMemoryPromptRegistry.builder().build();
        RefreshedPromptRegistry prompts = RefreshedPromptRegistry.builder(shared)
                .executor(new ManualScheduler())
                .build();
        move("production", of(shared.register(prompt("one"), "ada", "first")));
        RefreshedReleaseStore memory = open().prompts(prompts).build();
        PromptVersion elsewhere =
                InMemoryPromptRegistry.builder().build().register(prompt("unknown here"), "ada", "first");
        move("production", of(elsewhere));
        move("canary", of(shared.register(prompt("two"), "ada", "second")));

        scheduler.passedAndDone(PERIOD);

        assertThat(memory.deployment("production")).map(Deployment::revision).contains(1L);
        assertThat(memory.deployment("canary")).map(Deployment::revision).contains(3L);
        assertThat(memory.freshness().problem().orElseThrow())
                .startsWith("Prompt answer@1 in the registry has the hash");

        move("production", of(shared.find("answer", 2).orElseThrow()));
        scheduler.passedAndDone(PERIOD);
        assertThat(memory.deployment("production")).map(Deployment::revision).contains(4L);
        assertThat(memory.freshness().problem()).isEmpty();
    }

    @Test
    void keepsNotMoreReleasesThanItNeeds() {
        RefreshedReleaseStore memory = open().build();
        Deployments deployments = Deployments.builder(memory).build();
        for (int i = 0; i < 105; i++) {
            deployments.promote("production", release("v" + i), "ada", "next");
        }
        down.set(true);

        assertThat(memory.find(release("v104").hash())).isPresent();
        assertThat(memory.find(release("v5").hash())).isPresent();
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> memory.find(release("v4").hash()));
    }

    private void move(String label, Release release) {
        store.save(release);
        assertThat(store.append(next(store.journal(), label, release))).isTrue();
    }

    private RefreshedReleaseStore.Builder open() {
        return RefreshedReleaseStore.builder(new Switched(store, down))
                .refreshEvery(PERIOD)
                .executor(scheduler)
                .nanoTime(scheduler);
    }

    private static ChatPromptTemplate prompt(String system) {
        return ChatPromptTemplate.builder("answer")
                .system(system)
                .user("{{question}}")
                .build();
    }

    private static Release of(PromptVersion prompt) {
        return Release.builder(Identity.of("model", "1"), prompt.pin()).build();
    }

    /** A store that can be down. */
    private record Switched(ReleaseStore store, AtomicBoolean down) implements ReleaseStore {

        @Override
        public void save(Release release) {
            up().save(release);
        }

        @Override
        public Optional<Release> find(Hash hash) {
            return up().find(hash);
        }

        @Override
        public Optional<Deployment> deployment(String label) {
            return up().deployment(label);
        }

        @Override
        public List<JournalEntry> journal() {
            return up().journal();
        }

        @Override
        public boolean append(JournalEntry entry) {
            return up().append(entry);
        }

        private ReleaseStore up() {
            if (down.get()) {
                throw new LifecycleException("The store is down; start it");
            }
            return store;
        }
    }
}
