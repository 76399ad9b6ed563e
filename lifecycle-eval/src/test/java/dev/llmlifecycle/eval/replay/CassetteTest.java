package dev.llmlifecycle.eval.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class CassetteTest {

    private static final Identity MODEL = Identity.of("scripted", "1");

    @TempDir
    Path folder = Path.of("");

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void replaysWhatWasRecordedWithoutAsking() {
        ChatResponse first = model(ReplayMode.AUTO).chat(request("How long?", 0.5));
        ReplayChatModel replay = Cassette.replaying(file()).chatModel(MODEL, () -> {
            throw new IllegalStateException("a replay needs no model");
        });

        assertThat(replay.chat(request("How long?", 0.5))).isEqualTo(first);
        assertThat(replay.identity()).isEqualTo(MODEL);
        assertThat(replay.supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        assertThat(asked).hasValue(1);
    }

    @Test
    void replaysRepeatedRequestsInTheirOrderForEachModelAndRefusesOneMore() {
        ReplayChatModel recording = model(ReplayMode.AUTO);
        recording.chat("again");
        recording.chat("again");
        Cassette cassette = Cassette.replaying(file());
        ReplayChatModel replay = cassette.chatModel();

        assertThat(replay.chat("again")).isEqualTo("answer 1\nto again");
        assertThat(replay.chat("again")).isEqualTo("answer 2\nto again");
        assertThatExceptionOfType(NotRecordedException.class)
                .isThrownBy(() -> replay.chat("again"))
                .withMessageContaining("recorded 2 times and is now asked once more")
                .satisfies(e -> assertThat(e.cassette()).isEqualTo(file().toString()));
        assertThat(cassette.chatModel().chat("again")).isEqualTo("answer 1\nto again");
    }

    @Test
    void showsWhatChangedAgainstTheNearestRequest() {
        ReplayChatModel recording = model(ReplayMode.AUTO);
        recording.chat("Something else entirely");
        recording.chat(request("How long does a refund take?", 0.0));
        ReplayChatModel replay = Cassette.replaying(file()).chatModel();

        assertThatExceptionOfType(NotRecordedException.class)
                .isThrownBy(() -> replay.chat(request("How long does an exchange take?", 0.2)))
                .withMessageContaining("none of the 2 recorded requests equals it, the nearest is at line ")
                .withMessageEndingWith("""
                          message 2 (user):
                            recorded  How long does a refund take?
                            now       How long does an exchange take?
                          parameter temperature:
                            recorded  0.0
                            now       0.2
                        undo the change, or record it with ReplayMode.AUTO, which in prompt tests is -Dlifecycle.replay=auto""");
    }

    @Test
    void recordsAnewAndLeavesTheOtherRecordingsAlone() throws IOException {
        model(ReplayMode.AUTO).chat("a");
        model(ReplayMode.AUTO).chat("b");
        String before = Files.readString(file());
        Cassette anew = Cassette.builder(file()).mode(ReplayMode.RECORD).build();
        anew.chatModel(MODEL, scripted()).chat("b");

        assertThat(Files.readString(file())).isNotEqualTo(before).contains("answer 1", "answer 3");
        assertThat(changedLines(before, Files.readString(file()))).isEqualTo(2);
        assertThat(anew.unused()).singleElement().asString().startsWith("line ").endsWith(": chat model " + MODEL);
    }

    @Test
    void liveModelsAreAskedAndNothingIsWritten() {
        assertThat(model(ReplayMode.LIVE).chat("a")).startsWith("answer 1");

        assertThat(file()).doesNotExist();
    }

    @Test
    void scrubsSecretsFromRequestAndAnswer() throws IOException {
        Cassette.builder(file())
                .mode(ReplayMode.AUTO)
                .scrub(Pattern.compile("PIN \\d+"))
                .build()
                .chatModel(MODEL, scripted())
                .chat(
                        "Bearer abcdefghijkl and sk-abcdefghijklmnop0123 and PIN 1234 and https://ann:hunter22@example.com"
                                + " and\n-----BEGIN PRIVATE KEY-----\nMIIabcdefgh\n-----END PRIVATE KEY-----");

        assertThat(Files.readString(file()))
                .contains("[scrubbed] and [scrubbed] and [scrubbed] and https://[scrubbed]@example.com")
                .doesNotContain("abcdefgh", "1234", "hunter22");
    }

    @Test
    void theSameCallsGiveTheSameFileInWhateverOrder() throws IOException {
        ChatModel echo = echoing(ReplayMode.RECORD);
        echo.chat("a");
        echo.chat("b");
        String first = Files.readString(file());
        Files.delete(file());
        ChatModel again = echoing(ReplayMode.RECORD);
        again.chat("b");
        again.chat("a");

        assertThat(file()).hasContent(first);
    }

    @Test
    void severalThatRecordIntoOneFileAtOnceLoseNothing() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<String>> work = new ArrayList<>();
            ChatModel shared = echoing(ReplayMode.AUTO);
            for (int i = 0; i < 12; i++) {
                String question = "question " + i;
                ChatModel model = i % 2 == 0 ? shared : echoing(ReplayMode.AUTO);
                work.add(() -> model.chat(question));
            }
            for (Future<String> done : threads.invokeAll(work)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }

        ReplayChatModel replay = Cassette.replaying(file()).chatModel();
        for (int i = 0; i < 12; i++) {
            assertThat(replay.chat("question " + i)).isEqualTo("question " + i);
        }
    }

    @Test
    void keepsAnswersThatAreMoreThanAText() {
        AiMessage call = AiMessage.builder()
                .thinking("It is about a refund.")
                .toolExecutionRequests(List.of(ToolExecutionRequest.builder()
                        .id("1")
                        .name("refund")
                        .arguments("{}")
                        .build()))
                .build();
        ChatModel tools = answering(ChatResponse.builder().aiMessage(call).finishReason(FinishReason.TOOL_EXECUTION));
        recording(ReplayMode.AUTO).chatModel(MODEL, tools).chat(request("q", 0));

        assertThat(Cassette.replaying(file()).chatModel().chat(request("q", 0)).aiMessage())
                .isEqualTo(call);
    }

    @Test
    void anEditedOrBrokenCassetteNamesCallAndLine() throws IOException {
        model(ReplayMode.AUTO).chat("q");
        String recorded = Files.readString(file());

        Files.writeString(file(), recorded.replace("answer 1", "answer 9"));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> Cassette.replaying(file()))
                .withMessageContaining("call 1, line 14: the call was edited after it was recorded, remove its 'hash'");

        Files.writeString(
                file(),
                recorded.replace("answer 1", "answer 9")
                        .replaceAll("(?m),\\s*\"hash\" ?: \"[0-9a-f]*\"(\\s*\\})", "$1"));
        assertThat(Cassette.replaying(file()).chatModel().chat("q")).startsWith("answer 9");

        for (int end = 0; end < recorded.length() - 2; end++) {
            Files.writeString(file(), recorded.substring(0, end));
            assertThatExceptionOfType(DamagedDataException.class)
                    .isThrownBy(() -> Cassette.replaying(file()))
                    .withMessageContaining("line ")
                    .withMessageNotContaining("answer 1");
        }
    }

    @Test
    void namesTheLineOfWhatIsMissingTwiceOrUnknown() throws IOException {
        model(ReplayMode.AUTO).chat("q");
        String recorded = Files.readString(file());

        assertDamaged(
                recorded.replace("\"finishReason\": \"STOP\"", "\"text\": \"x\""), "line 28: a field is there twice");
        assertDamaged(
                recorded.replace("\"finishReason\": \"STOP\"", "\"finishReason\": \"BORED\""), "no finish reason");
        assertDamaged(recorded.replaceFirst("\"kind\": \"chat\"", "\"kind\": \"smell\""), "line 5: the model's 'kind'");
        assertDamaged(recorded.replaceFirst("\"name\": \"scripted\",", ""), "line 5: the model has no text 'name'");
        assertDamaged(recorded.replaceFirst("\"messages\"", "\"letters\""), "call 1, line 14: the request has no list");
        assertDamaged(
                recorded.replaceFirst("\"response\"", "\"answer\""), "call 1, line 14: the call has no 'request'");
        assertDamaged(recorded.replaceFirst("\"calls\"", "\"notes\""), "line 5: the model has no list 'calls'");
        assertDamaged(recorded.replaceFirst("\"models\"", "\"modells\""), "there is no list 'models'");
        assertDamaged(recorded.replaceFirst("\"version\": 1", "\"version\": 2"), "line 3: the version is not 1");
        assertDamaged(recorded.replaceFirst("llm-lifecycle", "other"), "it does not say \"format\"");
        assertDamaged(recorded + "{}", "something follows the object");
        assertDamaged("[]", "line 1: there is no JSON object");
    }

    @Test
    void aHandMayWriteARecording() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), """
                {"format": "llm-lifecycle-cassette", "version": 1, "models": [{
                  "kind": "chat", "name": "scripted", "version": "1",
                  "configurationHash": "%s",
                  "calls": [{
                    "request": {"messages": [{"role": "user", "text": "How\\nlong?"}]},
                    "response": {"text": ["Five", "days."]}
                  }]
                }]}
                """.formatted(MODEL.configurationHash().hex()));

        assertThat(Cassette.replaying(file()).chatModel().chat("How\nlong?")).isEqualTo("Five\ndays.");
    }

    @Test
    void refusesAnotherModelAndAMissingCassette() {
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> Cassette.replaying(file()))
                .withMessageContaining("there is no such cassette; record it with ReplayMode.AUTO");
        model(ReplayMode.AUTO).chat("q");
        assertThatExceptionOfType(NotRecordedException.class)
                .isThrownBy(() -> Cassette.replaying(file())
                        .chatModel(Identity.of("other", "1"), scripted())
                        .chat("q"))
                .withMessageContaining("the recorded calls are of [chat model " + MODEL + "]");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> Cassette.replaying(file()).embeddingModel())
                .withMessageContaining("there is none in it");
        recording(ReplayMode.AUTO)
                .chatModel(Identity.of("other", "1"), scripted())
                .chat("q");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> Cassette.replaying(file()).chatModel())
                .withMessageContaining("there are several");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cassette.builder(file()).lockTimeout(Duration.ofSeconds(-1)));
    }

    @Test
    void listenersOfTheModelHearOnce() {
        AtomicInteger heard = new AtomicInteger();
        ChatModel listened = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return ChatResponse.builder().aiMessage(AiMessage.from("yes")).build();
            }

            @Override
            public List<ChatModelListener> listeners() {
                return List.of(new ChatModelListener() {
                    @Override
                    public void onResponse(ChatModelResponseContext context) {
                        heard.incrementAndGet();
                    }
                });
            }
        };
        Cassette cassette = recording(ReplayMode.AUTO);
        cassette.chatModel(MODEL, listened).chat("q");
        cassette.chatModel(MODEL, listened).chat("q");

        assertThat(heard).hasValue(1);
    }

    private void assertDamaged(String content, String message) throws IOException {
        Files.writeString(file(), content);
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> Cassette.replaying(file()))
                .withMessageStartingWith(file() + ", ")
                .withMessageContaining(message);
    }

    private static long changedLines(String before, String after) {
        List<String> old = before.lines().toList();
        List<String> now = after.lines().toList();
        assertThat(now).hasSameSizeAs(old);
        long changed = 0;
        for (int i = 0; i < old.size(); i++) {
            changed += old.get(i).equals(now.get(i)) ? 0 : 1;
        }
        return changed;
    }

    private Path file() {
        return folder.resolve("cassettes/test.json");
    }

    private Cassette recording(ReplayMode mode) {
        return Cassette.builder(file()).mode(mode).build();
    }

    private ReplayChatModel model(ReplayMode mode) {
        return recording(mode).chatModel(MODEL, scripted());
    }

    private ReplayChatModel echoing(ReplayMode mode) {
        return recording(mode).chatModel(MODEL, echo());
    }

    private static ChatRequest request(String question, double temperature) {
        return ChatRequest.builder()
                .messages(SystemMessage.from("Answer.\nBe brief."), UserMessage.from(question))
                .temperature(temperature)
                .build();
    }

    private ChatModel scripted() {
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                int number = asked.incrementAndGet();
                return ChatResponse.builder()
                        .aiMessage(AiMessage.from("answer " + number + "\nto " + last(request)))
                        .tokenUsage(new TokenUsage(7, 3))
                        .finishReason(FinishReason.STOP)
                        .modelName("scripted-1")
                        .build();
            }

            @Override
            public Set<Capability> supportedCapabilities() {
                return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
            }
        };
    }

    private static ChatModel echo() {
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return ChatResponse.builder()
                        .aiMessage(AiMessage.from(last(request)))
                        .build();
            }
        };
    }

    private static ChatModel answering(ChatResponse.Builder response) {
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return response.build();
            }
        };
    }

    private static String last(ChatRequest request) {
        return ((UserMessage) request.messages().get(request.messages().size() - 1)).singleText();
    }
}
