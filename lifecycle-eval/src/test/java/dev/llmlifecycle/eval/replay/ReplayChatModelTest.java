package dev.llmlifecycle.eval.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
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
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
final class ReplayChatModelTest {

    private static final Identity MODEL = Identity.of("scripted", "1");

    @TempDir
    Path folder = Path.of("");

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void replaysWhatWasRecordedWithoutAsking() {
        ChatResponse first = model(ReplayMode.AUTO).chat(request("How long?", 0.5));
        ReplayChatModel replay = ReplayChatModel.replaying(file());

        assertThat(replay.chat(request("How long?", 0.5))).isEqualTo(first);
        assertThat(replay.identity()).isEqualTo(MODEL);
        assertThat(asked).hasValue(1);
    }

    @Test
    void replaysRepeatedRequestsInTheirOrderAndRefusesOneMore() {
        ReplayChatModel recording = model(ReplayMode.AUTO);
        recording.chat("again");
        recording.chat("again");
        ReplayChatModel replay = ReplayChatModel.replaying(file());

        assertThat(replay.chat("again")).isEqualTo("answer 1\nto again");
        assertThat(replay.chat("again")).isEqualTo("answer 2\nto again");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> replay.chat("again"))
                .withMessageContaining("recorded 2 times and is now asked once more");
    }

    @Test
    void showsWhatChangedAgainstTheNearestRequest() {
        ReplayChatModel recording = model(ReplayMode.AUTO);
        recording.chat("Something else entirely");
        recording.chat(request("How long does a refund take?", 0.0));
        ReplayChatModel replay = ReplayChatModel.replaying(file());

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> replay.chat(request("How long does an exchange take?", 0.2)))
                .withMessageContaining("none of the 2 recorded requests equals it, the nearest is at line ")
                .withMessageEndingWith("""
                          message 2 (user):
                            recorded  How long does a refund take?
                            now       How long does an exchange take?
                          parameter temperature:
                            recorded  0.0
                            now       0.2
                        undo the change, or record it with ReplayMode.AUTO""");
    }

    @Test
    void scrubsSecretsFromRequestAndAnswer() throws IOException {
        ReplayChatModel.builder(file())
                .model(MODEL, scripted())
                .mode(ReplayMode.AUTO)
                .scrub(Pattern.compile("PIN \\d+"))
                .build()
                .chat("Bearer abcdefghijkl and sk-abcdefghijklmnop0123 and PIN 1234");

        assertThat(Files.readString(file()))
                .contains("[scrubbed] and [scrubbed] and [scrubbed]")
                .doesNotContain("abcdefgh", "1234");
    }

    @Test
    void theSameCallsGiveTheSameFileInWhateverOrder() throws IOException {
        ChatModel echo = ReplayChatModel.builder(file())
                .model(MODEL, echo())
                .mode(ReplayMode.RECORD)
                .build();
        echo.chat("a");
        echo.chat("b");
        String first = Files.readString(file());
        ChatModel again = ReplayChatModel.builder(file())
                .model(MODEL, echo())
                .mode(ReplayMode.RECORD)
                .build();
        again.chat("b");
        again.chat("a");

        assertThat(file()).hasContent(first);
    }

    @Test
    void keepsAnswersThatAreMoreThanAText() {
        AiMessage call = AiMessage.from(ToolExecutionRequest.builder()
                .id("1")
                .name("refund")
                .arguments("{}")
                .build());
        ChatModel tools = answering(ChatResponse.builder().aiMessage(call).finishReason(FinishReason.TOOL_EXECUTION));
        ReplayChatModel.builder(file())
                .model(MODEL, tools)
                .mode(ReplayMode.AUTO)
                .build()
                .chat(request("q", 0));

        assertThat(ReplayChatModel.replaying(file()).chat(request("q", 0)).aiMessage())
                .isEqualTo(call);
    }

    @Test
    void anEditedOrBrokenCassetteNamesCallAndLine() throws IOException {
        model(ReplayMode.AUTO).chat("q");
        String recorded = Files.readString(file());

        Files.writeString(file(), recorded.replace("answer 1", "answer 9"));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> ReplayChatModel.replaying(file()))
                .withMessageContaining("call 1, line 10: the call was edited after it was recorded");

        Files.writeString(file(), recorded.replace("answer 1", "answer 9").replaceAll("(?m)^ *\"hash\" ?: .*\n", ""));
        assertThat(ReplayChatModel.replaying(file()).chat("q")).startsWith("answer 9");

        for (int end = 0; end < recorded.length() - 2; end++) {
            Files.writeString(file(), recorded.substring(0, end));
            assertThatExceptionOfType(DamagedDataException.class)
                    .isThrownBy(() -> ReplayChatModel.replaying(file()))
                    .withMessageContaining("line ");
        }
    }

    @Test
    void refusesAnotherModelAnotherWriterAndAMissingCassette() {
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> ReplayChatModel.replaying(file()))
                .withMessageContaining("there is no such cassette; record it first");
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        ReplayChatModel.builder(file()).mode(ReplayMode.AUTO).build())
                .withMessageContaining("records but has no model to ask");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReplayChatModel.builder(file()).model(scripted()));

        ReplayChatModel one = model(ReplayMode.AUTO);
        model(ReplayMode.AUTO).chat("two");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> one.chat("one"))
                .withMessageContaining("was changed by others");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> ReplayChatModel.builder(file())
                        .identity(Identity.of("other", "1"))
                        .build())
                .withMessageContaining("was recorded from scripted:1");
    }

    private Path file() {
        return folder.resolve("cassettes/test.json");
    }

    private ReplayChatModel model(ReplayMode mode) {
        return ReplayChatModel.builder(file())
                .model(MODEL, scripted())
                .mode(mode)
                .build();
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
