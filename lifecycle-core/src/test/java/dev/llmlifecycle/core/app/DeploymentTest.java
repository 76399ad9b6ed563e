package dev.llmlifecycle.core.app;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.prompt.InMemoryPromptRegistry;
import dev.llmlifecycle.core.release.Deployments;
import dev.llmlifecycle.core.release.InMemoryReleaseStore;
import dev.llmlifecycle.core.release.RefreshedReleaseStore;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Which release answers, and what happens when its parts are not there. */
@NullMarked
@Timeout(60)
class DeploymentTest {

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final Identity SECOND_MODEL = Identity.of("second", "1");

    private final Store store = new Store();
    private final InMemoryPromptRegistry registry =
            InMemoryPromptRegistry.builder().clock(CLOCK).build();
    private final PinnedPrompt first = register("1 {{question}}");
    private final PinnedPrompt second = register("2 {{question}}");
    private final ScriptedModel model = ScriptedModel.saying("first model");

    @AutoClose
    private final LlmApp app = builder().build();

    private LlmApp.Builder builder() {
        return Given.app(model)
                .model(SECOND_MODEL, ScriptedModel.saying("second model"))
                .retriever(Given.retriever(Given.REFUNDS))
                .inputValidator(Given.rewriting("in", Validator.Scope.ANSWER, text -> text + "!"))
                .outputValidator(Given.rewriting("out", Validator.Scope.ANSWER, text -> text + "."))
                .deployment("production", store, registry);
    }

    private PinnedPrompt register(String template) {
        return registry.register(
                        ChatPromptTemplate.builder("answer").user(template).build(), "anna", "because")
                .pin();
    }

    private static Release.Builder release(PinnedPrompt prompt) {
        return Release.builder(ScriptedModel.IDENTITY, prompt);
    }

    private String failure() {
        Answer answer = app.ask("Hi");
        assertThat(answer.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.step()).isEqualTo(Step.RELEASE));
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(app::release)
                .withMessage(answer.text());
        return answer.text();
    }

    @Test
    void saysWhenTheLabelIsKnownFromAStoreThatCouldNotBeReadForLong() {
        AtomicLong nanos = new AtomicLong();
        InMemoryReleaseStore journalled = new InMemoryReleaseStore();
        Deployments.builder(journalled)
                .build()
                .promote("production", release(first).build(), "anna", "because");
        try (RefreshedReleaseStore memory = RefreshedReleaseStore.builder(journalled)
                        .refreshEvery(Duration.ofDays(1))
                        .clock(CLOCK)
                        .nanoTime(nanos::get)
                        .build();
                LlmApp refreshed = Given.app(model)
                        .deployment("production", memory, registry)
                        .build()) {
            Answer fresh = refreshed.ask("Hi");
            nanos.addAndGet(Duration.ofMinutes(2).toNanos());
            Answer stale = refreshed.ask("Hi");

            assertThat(fresh.interaction().steps().get(0).attributes()).doesNotContainKey("staleSince");
            assertThat(stale.text()).isEqualTo("first model");
            assertThat(stale.interaction().steps().get(0).attributes())
                    .containsEntry("staleSince", "1970-01-01T00:00:00Z");
        }
    }

    @Test
    void aMoveOfTheLabelIsSeenByTheNextQuestion() {
        Release one = release(first).build();
        Release two = Release.builder(SECOND_MODEL, second)
                .inputValidator(Identity.of("in", "1"))
                .outputValidator(Identity.of("out", "1"))
                .build();

        store.deploy("production", one);
        Answer before = app.ask("Hi");
        store.deploy("production", two);
        Answer after = app.ask("Hi");
        store.deploy("production", one);
        Answer back = app.ask("Hi");

        assertThat(before.text()).isEqualTo("first model").isEqualTo(back.text());
        assertThat(after.text()).isEqualTo("second model.");
        assertThat(before.release()).contains(one.hash()).isEqualTo(back.release());
        assertThat(after.release()).contains(two.hash());
        assertThat(before.interaction().label()).contains("production");
        assertThat(before.interaction().question()).isEqualTo("Hi");
        assertThat(after.interaction().question()).isEqualTo("Hi!");
        assertThat(before.interaction().prompt()).contains(first);
        assertThat(before.interaction().steps().get(0).attributes())
                .containsEntry("label", "production")
                .containsEntry("release", one.hash().hex());
        assertThat(ScriptedModel.texts(model.requests.get(0))).containsExactly("1 Hi");
        assertThat(app.release()).isEqualTo(one);
        assertThat(store.reads).as("a release is read once for each move").isEqualTo(3);
    }

    @Test
    void whatTheReleaseDoesNotNameIsLeftOut() {
        store.deploy("production", release(first).build());

        assertThat(app.ask("Hi").interaction().passages()).isEmpty();
        store.deploy(
                "production",
                release(first)
                        .part("retriever", Identity.of("fake", "1"))
                        .corpusId("help-centre")
                        .build());
        assertThat(app.ask("Hi").interaction().passages()).containsExactly(Given.REFUNDS);
    }

    @Test
    void aLabelWithoutReleaseSaysSo() {
        assertThat(failure())
                .isEqualTo("The deployment label 'production' points to no release; promote one to it before asking");
    }

    @Test
    void aReleaseThatIsGoneSaysSo() {
        Release gone = release(first).build();
        store.deploy("production", gone);
        store.releases.clear();

        assertThat(failure())
                .isEqualTo("The deployment label 'production' points to release "
                        + gone.hash().shortForm() + " that the store does not hold; restore it or roll back");
    }

    @Test
    void aMissingModelIsNamedWithThoseThatAreThere() {
        Release release = Release.builder(Identity.of("third", "1"), first).build();
        store.deploy("production", release);

        assertThat(failure())
                .startsWith("Release " + release.hash().shortForm() + " wants the model third:1@")
                .contains(" but this application has [scripted:1@", "second:1@")
                .endsWith("]; give it that part or deploy another release");
    }

    @Test
    void eachMissingPartIsNamedWithItsRole() {
        Identity other = Identity.of("other", "2");
        Map<String, Release> missing = Map.of(
                "wants the retriever other:2",
                        release(first).part("retriever", other).build(),
                "wants the router other:2", release(first).part("router", other).build(),
                "wants the rewriter other:2",
                        release(first).part("rewriter", other).build(),
                "wants the examples other:2",
                        release(first).part("examples", other).build(),
                "wants the reasoning other:2",
                        release(first).part("reasoning", other).build(),
                "wants the abstention other:2",
                        release(first).part("abstention", other).build(),
                "wants the input validator other:2",
                        release(first).inputValidator(other).build(),
                "wants the output validator other:2",
                        release(first).outputValidator(other).build(),
                "has parts in the roles [reranker]",
                        release(first).part("reranker", other).build(),
                "searches the corpus help-centre but this application has (none)",
                        release(first).corpusId("help-centre").build());

        missing.forEach((message, release) -> {
            store.deploy("production", release);
            assertThat(failure())
                    .contains(message)
                    .contains(release.hash().shortForm())
                    .contains("; ");
        });
    }

    @Test
    void anotherCorpusIsRefused() {
        store.deploy(
                "production",
                release(first)
                        .part("retriever", Identity.of("fake", "1"))
                        .corpusId("wiki")
                        .build());

        assertThat(failure())
                .endsWith("searches the corpus wiki but this application has help-centre; open that corpus or deploy"
                        + " another release");
    }

    @Test
    void aPinnedPromptThatIsMissingOrChangedIsRefused() {
        PinnedPrompt absent = new PinnedPrompt("answer", 3, first.hash());
        store.deploy("production", release(absent).build());
        assertThat(failure())
                .isEqualTo("Prompt " + absent
                        + " is pinned by a release but the registry does not hold it; register or restore it");

        PinnedPrompt changed = new PinnedPrompt("answer", 2, first.hash());
        store.deploy("production", release(changed).build());
        assertThat(failure())
                .isEqualTo("Prompt " + changed + " in the registry has the hash "
                        + second.hash().shortForm() + " but the release pins "
                        + first.hash().shortForm() + "; restore the version that was released");
    }

    @Test
    void aDeploymentAndPromptsOfItsOwnExcludeEachOther() {
        LlmApp.Builder both = builder()
                .prompt(new PromptVersion(
                        ChatPromptTemplate.builder("mine").user("{{question}}").build(),
                        1,
                        Optional.empty(),
                        "anna",
                        "because",
                        Instant.EPOCH));

        assertThatIllegalStateException()
                .isThrownBy(both::build)
                .withMessage(
                        "an application was given both prompts and the deployment 'production'; register the prompts"
                                + " and pin them in a release, or leave the deployment out");
    }

    @Test
    void aFixedReleaseMayBeDeployedAsItIs() {
        Release described;
        try (LlmApp fixed = Given.app(ScriptedModel.saying("x"))
                .prompt(registry.find("answer", 1).orElseThrow())
                .retriever(Given.retriever(Given.REFUNDS))
                .build()) {
            described = fixed.release();
        }
        store.deploy("production", described);

        assertThat(app.ask(Question.of("Hi")).release()).contains(described.hash());
    }

    /** Points labels to releases, without a journal. */
    private static final class Store implements ReleaseStore {

        private final Map<Hash, Release> releases = new HashMap<>();
        private final Map<String, Deployment> labels = new HashMap<>();
        private int reads;

        void deploy(String label, Release release) {
            save(release);
            labels.put(label, new Deployment(label, release.hash(), 1, Instant.EPOCH));
        }

        @Override
        public void save(Release release) {
            releases.put(release.hash(), release);
        }

        @Override
        public Optional<Release> find(Hash hash) {
            reads++;
            return Optional.ofNullable(releases.get(hash));
        }

        @Override
        public Optional<Deployment> deployment(String label) {
            return Optional.ofNullable(labels.get(label));
        }

        @Override
        public List<JournalEntry> journal() {
            return List.of();
        }

        @Override
        public boolean append(JournalEntry entry) {
            entry.deployment().ifPresent(deployment -> labels.put(deployment.label(), deployment));
            return true;
        }
    }
}
