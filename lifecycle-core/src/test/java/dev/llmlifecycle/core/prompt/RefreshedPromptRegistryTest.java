package dev.llmlifecycle.core.prompt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.contract.PromptRegistryContract;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.core.internal.refresh.ManualScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class RefreshedPromptRegistryTest extends PromptRegistryContract {

    private static final String NAME = "support-answer";
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final ManualScheduler scheduler = new ManualScheduler();
    private PromptRegistry store = InMemoryPromptRegistry.builder().build();

    @TempDir
    private Path directory;

    @Override
    protected PromptRegistry create() {
        store = InMemoryPromptRegistry.builder().build();
        return open();
    }

    @Override
    protected Optional<PromptRegistry> reopen() {
        return Optional.of(open());
    }

    @Test
    void seesWhatOthersWroteAfterTheNextRefresh() {
        RefreshedPromptRegistry prompts = open();
        PromptVersion first = store.register(template("one"), "ada", "first");
        store.label(NAME, "reviewed", 1);
        assertThat(prompts.find(NAME, 1)).isEmpty();

        scheduler.passedAndDone(PERIOD);
        assertThat(prompts.find(NAME, 1)).contains(first);
        assertThat(prompts.labelled(NAME, "reviewed")).contains(first);

        PromptVersion second = store.register(template("two"), "ada", "second");
        store.label(NAME, "reviewed", 2);
        scheduler.passedAndDone(PERIOD);
        assertThat(prompts.history(NAME)).containsExactly(first, second);
        assertThat(prompts.labelled(NAME, "reviewed")).contains(second);
    }

    @Test
    void readsItsOwnWritesBetweenThoseOfOthers() {
        RefreshedPromptRegistry prompts = open();
        store.register(template("one"), "bob", "of another process");
        PromptVersion second = prompts.register(template("two"), "ada", "second");
        prompts.label(NAME, "reviewed", 2);

        assertThat(second.number()).isEqualTo(2);
        assertThat(prompts.labelled(NAME, "reviewed")).contains(second);
        assertThat(prompts.history(NAME)).containsExactly(second);

        scheduler.passedAndDone(PERIOD);
        assertThat(prompts.history(NAME)).hasSize(2);
    }

    @Test
    void tellsWhichVersionIsDamagedAndReadsItWhenItIsRestored() throws IOException {
        store = FilePromptRegistry.builder(directory).build();
        PromptVersion first = store.register(template("one"), "ada", "first");
        store.register(template("two"), "ada", "second");
        store.label(NAME, "reviewed", 2);
        Path file = directory.resolve(NAME).resolve("0002.prompt.md");
        String sound = Files.readString(file);
        Files.writeString(file, sound.replace("two", "owt"));

        RefreshedPromptRegistry prompts = open();

        assertThat(prompts.history(NAME)).containsExactly(first);
        assertThatExceptionOfType(DamagedDataException.class).isThrownBy(() -> prompts.find(NAME, 2));
        assertThatExceptionOfType(DamagedDataException.class).isThrownBy(() -> prompts.labelled(NAME, "reviewed"));
        Files.writeString(file, sound);
        scheduler.passedAndDone(PERIOD);
        assertThat(prompts.labelled(NAME, "reviewed"))
                .map(PromptVersion::number)
                .contains(2);
    }

    @Test
    void damagedLabelsOfOnePromptHoldNothingElseUp() throws IOException {
        store = FilePromptRegistry.builder(directory).build();
        PromptVersion first = store.register(template("one"), "ada", "first");
        store.label(NAME, "reviewed", 1);
        RefreshedPromptRegistry prompts = open();
        Path file = directory.resolve(NAME).resolve("labels.json");
        String sound = Files.readString(file);
        Files.writeString(file, "{");
        PromptVersion second = store.register(template("two"), "ada", "second");

        prompts.refresh();

        assertThat(prompts.history(NAME)).containsExactly(first, second);
        assertThatExceptionOfType(DamagedDataException.class).isThrownBy(() -> prompts.labels(NAME));
        assertThatExceptionOfType(DamagedDataException.class).isThrownBy(() -> prompts.labelled(NAME, "reviewed"));
        Files.writeString(file, sound);
        prompts.refresh();
        assertThat(prompts.labelled(NAME, "reviewed")).contains(first);
    }

    @Test
    void noticesThatFilesWereExchangedUnderneath() throws IOException {
        store = FilePromptRegistry.builder(directory).build();
        store.register(template("one"), "ada", "first");
        RefreshedPromptRegistry prompts = open();
        Files.delete(directory.resolve(NAME).resolve("0001.prompt.md"));
        PromptVersion other = store.register(template("other"), "bob", "of another branch");

        prompts.refresh();

        assertThat(prompts.find(NAME, 1)).contains(other);
        Files.delete(directory.resolve(NAME).resolve("0001.prompt.md"));
        prompts.refresh();
        assertThat(prompts.names()).isEmpty();
    }

    private RefreshedPromptRegistry open() {
        return RefreshedPromptRegistry.builder(store)
                .executor(scheduler)
                .nanoTime(scheduler)
                .build();
    }

    private static ChatPromptTemplate template(String system) {
        return ChatPromptTemplate.builder(NAME)
                .system(system)
                .user("{{question}}")
                .build();
    }
}
