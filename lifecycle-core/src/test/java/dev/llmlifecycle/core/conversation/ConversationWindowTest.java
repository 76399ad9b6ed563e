package dev.llmlifecycle.core.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.TokenCountEstimator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class ConversationWindowTest {

    private static final TokenCountEstimator CHARACTERS = new TokenCountEstimator() {
        @Override
        public int estimateTokenCountInText(String text) {
            return text.length();
        }

        @Override
        public int estimateTokenCountInMessage(ChatMessage message) {
            return message instanceof UserMessage user
                    ? user.singleText().length()
                    : ((AiMessage) message).text().length();
        }

        @Override
        public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
            int count = 0;
            for (ChatMessage message : messages) {
                count += estimateTokenCountInMessage(message);
            }
            return count;
        }
    };

    private static final List<ChatMessage> THREE = List.of(
            UserMessage.from("q1"),
            AiMessage.from("a1"),
            UserMessage.from("q2"),
            AiMessage.from("a2"),
            UserMessage.from("q3"),
            AiMessage.from("a3"));

    private static List<ChatMessage> newest(ConversationWindow window, List<ChatMessage> messages) {
        return Exchange.messages(window.newest(Exchange.of(messages)));
    }

    @Test
    void keepsTheNewestTurnsThatFitAndSplitsNone() {
        assertThat(newest(ConversationWindow.messages(5), THREE)).isEqualTo(THREE.subList(2, 6));
        assertThat(newest(ConversationWindow.messages(6), THREE)).isEqualTo(THREE);
        assertThat(newest(ConversationWindow.tokens(7, CHARACTERS), THREE)).isEqualTo(THREE.subList(4, 6));
        assertThat(newest(ConversationWindow.tokens(8, CHARACTERS), THREE)).isEqualTo(THREE.subList(2, 6));
    }

    @Test
    void keepsNothingBeforeATurnThatIsTooLarge() {
        List<ChatMessage> messages = new ArrayList<>(THREE);
        messages.set(3, AiMessage.from("long answer"));

        assertThat(newest(ConversationWindow.tokens(12, CHARACTERS), messages)).isEqualTo(messages.subList(4, 6));
        assertThat(newest(ConversationWindow.tokens(3, CHARACTERS), messages)).isEmpty();
    }

    @Test
    void isLargeEnoughForATurn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConversationWindow.messages(1))
                .withMessage("maxMessages must be at least 2 but was 1; a turn has a question and an answer");
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void keepsWithinItsLimitWhateverWasSaid(SplittableRandom random) {
        List<ChatMessage> messages = new ArrayList<>();
        int count = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            String text = "x".repeat(1 + random.nextInt(20));
            int kind = random.nextInt(7);
            messages.add(
                    kind == 0 ? SystemMessage.from(text) : kind < 4 ? UserMessage.from(text) : AiMessage.from(text));
        }
        int limit = 2 + random.nextInt(60);

        List<ChatMessage> kept = newest(ConversationWindow.tokens(limit, CHARACTERS), messages);

        assertThat(CHARACTERS.estimateTokenCountInMessages(kept)).isLessThanOrEqualTo(limit);
        if (!kept.isEmpty()) {
            assertThat(kept.get(0)).isInstanceOf(UserMessage.class);
            List<ChatMessage> said = Exchange.messages(Exchange.of(messages));
            assertThat(said.subList(said.size() - kept.size(), said.size())).isEqualTo(kept);
        }
    }
}
