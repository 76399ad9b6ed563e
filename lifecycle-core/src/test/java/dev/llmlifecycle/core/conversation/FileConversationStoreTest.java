package dev.llmlifecycle.core.conversation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.core.testing.ConversationStoreContract;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@NullMarked
@Timeout(120)
final class FileConversationStoreTest extends ConversationStoreContract {

    private static final ConversationOwner ANN = ConversationOwner.of("ann");
    private static final String SECRET = "my number is 4711";

    @TempDir
    private Path temporary;

    @Override
    protected ConversationStore create() {
        return FileConversationStore.builder(root()).build();
    }

    private Path root() {
        return temporary.resolve("store");
    }

    private ConversationStore withOne(String id) {
        ConversationStore store = create();
        Conversation begun = Conversation.begin(id, Optional.of(ANN));
        store.replace(Optional.empty(), begun);
        store.replace(
                Optional.of(begun),
                begun.next(
                        begun.owner(), 1, 1, List.of(UserMessage.from(SECRET), AiMessage.from("Noted \ud83d\ude00"))));
        return store;
    }

    private List<Path> files(Path below) throws IOException {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private Path onlyConversation() throws IOException {
        return files(root().resolve("conversations")).get(0);
    }

    private boolean isAnywhere(String text) throws IOException {
        for (Path file : files(temporary)) {
            if (Files.readString(file).contains(text)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void writesNothingOutsideItsDirectoryAndNoIdIntoAName() throws IOException {
        ConversationStore store = create();
        for (String id : List.of("../../escape", "/escape", "..\\escape", "escape\u0000", "escape".repeat(50))) {
            store.replace(Optional.empty(), Conversation.begin(id, Optional.of(ConversationOwner.of(id))));
        }

        assertThat(files(temporary)).allSatisfy(file -> {
            assertThat(file).startsWithRaw(root());
            assertThat(root().relativize(file).toString()).doesNotContain("escape");
        });
    }

    @Test
    void keepsWhatItHasForTheNextProcess() {
        withOne("c1");

        assertThat(create().find("c1").orElseThrow().messages()).contains(UserMessage.from(SECRET));
    }

    @Test
    void namesAFileThatIsCutAtAnyByteAndReadsNothingOfIt() throws IOException {
        ConversationStore store = withOne("c1");
        Path file = onlyConversation();
        byte[] whole = Files.readAllBytes(file);

        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(DamagedDataException.class)
                    .as("cut at byte %s of %s", length, whole.length)
                    .isThrownBy(() -> store.find("c1"))
                    .withMessageContaining(file.toString())
                    .satisfies(damaged -> assertThat(damaged.toString()).doesNotContain("4711"));
        }
    }

    @Test
    void namesAFileInWhichAnyByteHasChanged() throws IOException {
        ConversationStore store = withOne("c1");
        Path file = onlyConversation();
        byte[] whole = Files.readAllBytes(file);

        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(file, changed);
            assertThatExceptionOfType(DamagedDataException.class)
                    .as("byte %s", at)
                    .isThrownBy(() -> store.find("c1"));
        }
    }

    @Test
    void neitherReadsNorCountsWhatAnInterruptedWriteLeaves() throws IOException {
        ConversationStore store = withOne("c1");
        Path file = onlyConversation();
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length <= whole.length; length += 7) {
            Files.write(
                    file.resolveSibling("." + file.getFileName() + ".1-1-" + length + ".tmp"),
                    Arrays.copyOf(whole, length));
        }

        assertThat(create().find("c1")).isEqualTo(store.find("c1")).isPresent();
        assertThat(create().conversationsOf(ANN)).containsExactly("c1");
    }

    @Test
    void erasesWhatAnInterruptedWriteLeavesToo() throws IOException {
        ConversationStore store = withOne("c1");
        Path file = onlyConversation();
        Files.copy(file, file.resolveSibling("." + file.getFileName() + ".1-1-1.tmp"));

        assertThat(store.erase(ANN)).isEqualTo(1);

        assertThat(isAnywhere("4711")).isFalse();
        assertThat(isAnywhere("ann")).isFalse();
    }

    @Test
    void erasesADamagedConversation() throws IOException {
        ConversationStore store = withOne("c1");
        Files.writeString(onlyConversation(), SECRET);

        assertThat(store.erase(ANN)).isEqualTo(1);

        assertThat(isAnywhere("4711")).isFalse();
        assertThat(store.find("c1")).isEmpty();
    }

    @Test
    void deletesADamagedConversation() throws IOException {
        ConversationStore store = withOne("c1");
        Files.writeString(onlyConversation(), SECRET);

        assertThat(store.delete("c1")).isTrue();

        assertThat(isAnywhere("4711")).isFalse();
        assertThat(store.erase(ANN)).isZero();
    }

    @Test
    void doesNotTakeTheFileOfAnotherConversation() throws IOException {
        ConversationStore store = withOne("c1");
        Path first = onlyConversation();
        store.replace(Optional.empty(), Conversation.begin("c2", Optional.empty()));
        Path second = files(root().resolve("conversations")).stream()
                .filter(file -> !file.equals(first))
                .findFirst()
                .orElseThrow();
        Files.write(second, Files.readAllBytes(first));

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> store.find("c2"))
                .withMessageContaining("it belongs to another conversation");
    }

    @Test
    void readsOnlyFormatsThatItKnows() throws IOException {
        ConversationStore store = withOne("c1");
        Path file = onlyConversation();
        Files.writeString(file, Files.readString(file).replace("{\"format\":1", "{\"format\":2"));

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> store.find("c1"))
                .withMessageContaining("it has the format 2");
    }

    @Test
    void refusesAConversationThatIsTooLong() {
        ConversationStore store =
                FileConversationStore.builder(root()).maxBytes(1_000).build();
        Conversation begun = Conversation.begin("c1", Optional.empty());
        store.replace(Optional.empty(), begun);

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> store.replace(
                        Optional.of(begun), begun.withMessages(List.of(UserMessage.from("x".repeat(1_000))))))
                .withMessageEndingWith("are more than the 1000 of maxBytes; give it a smaller window");
        assertThat(store.find("c1")).contains(begun);
    }

    @Test
    void letsTheOldestConversationsGoWhenThereAreTooMany() throws IOException {
        ConversationStore store =
                FileConversationStore.builder(root()).maxConversations(10).build();
        for (int i = 0; i < 10; i++) {
            store.replace(Optional.empty(), Conversation.begin("c" + i, Optional.of(ANN)));
        }
        for (Path file : files(root().resolve("conversations"))) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        }
        Path ninth = pathOf(store, "c9");
        Files.setLastModifiedTime(ninth, FileTime.fromMillis(2_000));

        store.replace(Optional.empty(), Conversation.begin("c10", Optional.of(ANN)));

        assertThat(store.conversationsOf(ANN)).hasSize(9).contains("c9", "c10");
    }

    private Path pathOf(ConversationStore store, String id) throws IOException {
        for (Path file : files(root().resolve("conversations"))) {
            if (Files.readString(file).contains("\"id\":\"" + id + "\"")) {
                return file;
            }
        }
        throw new AssertionError(store + " has no " + id);
    }

    @Test
    void refusesAFileInPlaceOfItsDirectory() throws IOException {
        Files.writeString(root(), "");

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(this::create)
                .withMessage("Opening the conversation store " + root() + " failed: it is a file; name a directory");
    }

    @Test
    void losesNoTurnToAnotherProcess() throws Exception {
        int turns = 20;
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Talker.class.getName(),
                        root().toString(),
                        Integer.toString(turns))
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("output").toFile())
                .start();
        try {
            while (other.isAlive() && create().find("c1").isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            Talker.talk(root(), turns);
            assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(other.exitValue())
                    .as(Files.readString(temporary.resolve("output")))
                    .isZero();
        } finally {
            other.destroyForcibly();
        }
        Conversation conversation = create().find("c1").orElseThrow();
        assertThat(conversation.turns()).isEqualTo(2 * turns);
        assertThat(conversation.messages()).hasSize(4 * turns);
    }

    /** Takes turns of one conversation, in this process or another. */
    static final class Talker {

        private Talker() {}

        public static void main(String[] args) {
            talk(Path.of(args[0]), Integer.parseInt(args[1]));
        }

        static void talk(Path directory, int turns) {
            Conversations conversations = Conversations.builder(
                            FileConversationStore.builder(directory).build())
                    .window(ConversationWindow.messages(1_000))
                    .build();
            Question question = Question.builder("How long?")
                    .conversationId("c1")
                    .user("ann")
                    .build();
            List<ChatMessage> seen = new ArrayList<>();
            for (int i = 0; i < turns; i++) {
                ConversationSession session = conversations.open(question);
                seen.addAll(session.history());
                if (!session.remember("How long?", "14 days.", false)) {
                    throw new AssertionError("turn " + i + " was lost after " + seen.size() + " messages");
                }
            }
        }
    }
}
