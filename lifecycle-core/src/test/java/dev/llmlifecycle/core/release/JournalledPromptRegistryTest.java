package dev.llmlifecycle.core.release;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.prompt.FilePromptRegistry;
import dev.llmlifecycle.core.prompt.InMemoryPromptRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.AdditionalAnswers;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.groups.Tuple.tuple;

final class JournalledPromptRegistryTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);

    private final PromptRegistry plain =
            InMemoryPromptRegistry.builder().clock(CLOCK).build();
    private final InMemoryReleaseStore store = new InMemoryReleaseStore();

    @TempDir
    private Path directory;

    @Test
    void journalsVersionsAndLabelsWithWhoAndWhy() {
        JournalledPromptRegistry prompts = journalled(plain, store);

        PromptVersion one = prompts.register(template("one"), "ada", "first");
        prompts.register(template("one"), "bob", "the same again");
        prompts.label("answer", "reviewed", 1, "bob", "read it");
        prompts.label("answer", "reviewed", 1, "bob", "read it again");
        prompts.label("answer", "draft", 1);

        assertThat(store.journal())
                .extracting(JournalEntry::actor, JournalEntry::reason, JournalEntry::event)
                .containsExactly(
                        tuple("ada", "first", new JournalEvent.PromptRegistered(one.pin())),
                        tuple("bob", "read it", new JournalEvent.PromptLabelled(one.pin(), "reviewed")),
                        tuple("service", "no reason given", new JournalEvent.PromptLabelled(one.pin(), "draft")));
        assertThat(prompts.find("answer", 1)).contains(one);
        assertThat(prompts.history("answer")).containsExactly(one);
        assertThat(prompts.names()).containsExactly("answer");
        assertThat(prompts.labelled("answer", "draft")).contains(one);
        assertThat(prompts.labels("answer")).containsOnlyKeys("draft", "reviewed");
        assertThat(prompts.search(version -> true)).containsExactly(one);
    }

    @Test
    void journalsWhatACallDidAndNotWhatAnotherDidMeanwhile() {
        prompts(plain);
        PromptRegistry busy = Mockito.mock(PromptRegistry.class, AdditionalAnswers.delegatesTo(plain));
        Mockito.doAnswer(call -> {
                    plain.label("answer", "reviewed", 1);
                    plain.label("answer", "reviewed", 2);
                    return null;
                })
                .when(busy)
                .label("answer", "reviewed", 1);
        JournalledPromptRegistry prompts = journalled(busy, store);

        prompts.label("answer", "reviewed", 1, "ada", "read the first");

        assertThat(labels())
                .extracting(JournalEntry::actor, entry -> entry.event().toString())
                .containsExactly(tuple("ada", labelled(1)));
        prompts.reconcile();
        assertThat(labels())
                .extracting(JournalEntry::actor, entry -> entry.event().toString())
                .containsExactly(tuple("ada", labelled(1)), tuple("service", labelled(2)));
    }

    private static void prompts(PromptRegistry registry) {
        registry.register(template("one"), "ada", "first");
        registry.register(template("two"), "ada", "second");
    }

    private List<JournalEntry> labels() {
        return store.journal().stream()
                .filter(entry -> entry.event() instanceof JournalEvent.PromptLabelled)
                .toList();
    }

    private String labelled(int number) {
        return new JournalEvent.PromptLabelled(
                        plain.find("answer", number).orElseThrow().pin(), "reviewed")
                .toString();
    }

    @Test
    void sharesOneChainWithDeployments() {
        JournalledPromptRegistry prompts = journalled(plain, store);
        PromptVersion one = prompts.register(template("one"), "ada", "first");
        Deployments.builder(store)
                .build()
                .promote(
                        "canary",
                        Release.builder(Releases.release("1").model(), one.pin())
                                .build(),
                        "ada",
                        "first");
        prompts.register(template("two"), "ada", "second", Set.of("support"));

        assertThat(store.journal())
                .extracting(entry -> entry.event().word())
                .containsExactly("REGISTER", "PROMOTE", "REGISTER");
        assertThat(JournalVerifier.builder().build().verify(store)).isInstanceOf(JournalVerification.Intact.class);
    }

    @Test
    void recordsWhatACrashBetweenVersionAndEntryLeftOut() {
        PromptRegistry files = FilePromptRegistry.builder(directory.resolve("prompts"))
                .clock(CLOCK)
                .build();
        FileReleaseStore journal =
                FileReleaseStore.builder(directory.resolve("deployments")).build();
        Crashing crashing = new Crashing(journal);
        JournalledPromptRegistry prompts = journalled(files, crashing);
        PromptVersion one = prompts.register(template("one"), "ada", "first");
        prompts.label("answer", "reviewed", 1, "bob", "read it");

        crashing.down = true;
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> prompts.register(template("two"), "carol", "second"));
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> prompts.label("answer", "reviewed", 2, "bob", "read it"));
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> prompts.label("answer", "draft", 1, "bob", "read it"));
        assertThat(journal.journal()).hasSize(2);

        JournalledPromptRegistry reopened = journalled(files, journal);

        PromptVersion two = reopened.find("answer", 2).orElseThrow();
        assertThat(journal.journal())
                .extracting(JournalEntry::event)
                .containsExactly(
                        new JournalEvent.PromptRegistered(one.pin()),
                        new JournalEvent.PromptLabelled(one.pin(), "reviewed"),
                        new JournalEvent.PromptRegistered(two.pin()),
                        new JournalEvent.PromptLabelled(one.pin(), "draft"),
                        new JournalEvent.PromptLabelled(two.pin(), "reviewed"));
        assertThat(journal.journal().get(2).actor()).isEqualTo("carol");
        assertThat(journal.journal().get(2).reason()).isEqualTo("second");
        assertThat(journal.journal().get(3).reason()).isEqualTo("found in the registry without a journal entry");
        assertThat(reopened.reconcile()).isEmpty();
    }

    @Test
    void registeringAgainJournalsWhatACrashLeftOut() {
        Crashing crashing = new Crashing(store);
        JournalledPromptRegistry prompts = journalled(plain, crashing);
        crashing.down = true;
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> prompts.register(template("one"), "ada", "first"));

        crashing.down = false;
        prompts.register(template("one"), "ada", "first");

        assertThat(store.journal()).hasSize(1);
    }

    @Test
    void doesNotJournalAReplacedVersionAsTheOneThatWasRecorded() {
        journalled(plain, store).register(template("one"), "ada", "first");
        PromptRegistry replaced = InMemoryPromptRegistry.builder().clock(CLOCK).build();
        replaced.register(template("another"), "eve", "first");

        assertThat(journalled(replaced, store).reconcile()).isEmpty();
        assertThat(store.journal()).hasSize(1);
    }

    @Test
    void journalsEachVersionOnceWhenManyRegisterAtATime() throws InterruptedException, ExecutionException {
        JournalledPromptRegistry one = journalled(plain, store);
        JournalledPromptRegistry other = journalled(plain, store);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<PromptVersion>> registered = IntStream.range(0, 40)
                    .mapToObj(i -> pool.submit(
                            () -> (i % 2 == 0 ? one : other).register(template("text " + i / 4), "ada", "version")))
                    .toList();
            for (Future<PromptVersion> each : registered) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(store.journal())
                .extracting(JournalEntry::event)
                .containsExactlyInAnyOrderElementsOf(plain.history("answer").stream()
                        .map(version -> (JournalEvent) new JournalEvent.PromptRegistered(version.pin()))
                        .toList());
    }

    @Test
    void refusesBlankNames() {
        JournalledPromptRegistry prompts = journalled(plain, store);
        prompts.register(template("one"), "ada", "first");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> prompts.label("answer", "reviewed", 1, " ", "read it"))
                .withMessageContaining("has a blank actor or reason");
        assertThatIllegalArgumentException().isThrownBy(() -> JournalledPromptRegistry.builder(plain, store, " "));
        assertThat(prompts.labels("answer")).isEmpty();
    }

    private static JournalledPromptRegistry journalled(PromptRegistry prompts, ReleaseStore store) {
        return JournalledPromptRegistry.builder(prompts, store, "service")
                .clock(CLOCK)
                .build();
    }

    private static ChatPromptTemplate template(String text) {
        return ChatPromptTemplate.builder("answer").system(text).build();
    }

    /** A store whose process dies before it appends. */
    private static final class Crashing implements ReleaseStore {

        private final ReleaseStore store;
        private boolean down;

        Crashing(ReleaseStore store) {
            this.store = store;
        }

        @Override
        public void save(Release release) {
            store.save(release);
        }

        @Override
        public Optional<Release> find(Hash hash) {
            return store.find(hash);
        }

        @Override
        public Optional<Deployment> deployment(String label) {
            return store.deployment(label);
        }

        @Override
        public List<JournalEntry> journal() {
            return store.journal();
        }

        @Override
        public boolean append(JournalEntry entry) {
            if (down) {
                throw new LifecycleException("the process died; start it again");
            }
            return store.append(entry);
        }
    }
}
