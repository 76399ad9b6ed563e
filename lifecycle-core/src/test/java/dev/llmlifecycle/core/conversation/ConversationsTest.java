package dev.llmlifecycle.core.conversation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Question;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
class ConversationsTest {

    private final ConversationStore store = InMemoryConversationStore.builder().build();
    private final Conversations conversations = Conversations.builder(store).build();

    private static Question question(String user) {
        return Question.builder("How long?").conversationId("c1").user(user).build();
    }

    private static Question anonymous() {
        return Question.builder("How long?").conversationId("c1").build();
    }

    private static void say(Conversations conversations, String... questions) {
        for (String question : questions) {
            assertThat(conversations.open(question("ann")).remember(question, "Answer to " + question, false))
                    .isTrue();
        }
    }

    private static List<String> texts(List<ChatMessage> messages) {
        return messages.stream()
                .map(message -> message instanceof UserMessage user
                        ? user.singleText()
                        : message instanceof AiMessage ai ? ai.text() : ((SystemMessage) message).text())
                .toList();
    }

    private static List<String> history(Conversations conversations) {
        return texts(conversations.open(question("ann")).history());
    }

    @Nested
    class Turns {

        @Test
        void areCountedAndRemembered() {
            assertThat(conversations.open(question("ann")).turn()).hasValue(1);

            say(conversations, "q1", "q2");

            ConversationSession third = conversations.open(question("ann"));
            assertThat(third.turn()).hasValue(3);
            assertThat(texts(third.history())).containsExactly("q1", "Answer to q1", "q2", "Answer to q2");
            assertThat(third.topic()).isEqualTo(third.history());
        }

        @Test
        void areAllKeptWhenTheyOverlap() {
            ConversationSession first = conversations.open(question("ann"));
            ConversationSession second = conversations.open(question("ann"));

            second.remember("q2", "a2", false);
            first.remember("q1", "a1", false);

            assertThat(history(conversations)).containsExactly("q2", "a2", "q1", "a1");
        }

        @Test
        void beginAnewWithEachTopic() {
            say(conversations, "q1", "q2");
            conversations.open(question("ann")).remember("q3", "a3", true);

            assertThat(texts(conversations.open(question("ann")).topic())).containsExactly("q3", "a3");
            say(conversations, "q4");
            assertThat(texts(conversations.open(question("ann")).topic()))
                    .containsExactly("q3", "a3", "q4", "Answer to q4");
            assertThat(history(conversations)).hasSize(8);
        }

        @Test
        void needAConversation() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> conversations.open(Question.of("How long?")))
                    .withMessage("the question has no conversation id; set one or ask without a conversation");
        }
    }

    @Nested
    class Owners {

        @Test
        void areTheOnlyOnesToGoOn() {
            say(conversations, "q1");

            for (Question stranger : List.of(
                    question("ben"),
                    anonymous(),
                    Question.builder("How long?")
                            .conversationId("c1")
                            .user("ann")
                            .tenant("t")
                            .build())) {
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> conversations.open(stranger))
                        .withMessage("The conversation belongs to another user than the one who asks;"
                                + " give each user a conversation of his own");
            }
        }

        @Test
        void takeOverWhatTheyBeganBeforeTheyWereKnown() {
            conversations.open(anonymous()).remember("q1", "a1", false);

            say(conversations, "q2");

            assertThat(history(conversations)).hasSize(4);
            assertThatExceptionOfType(LifecycleException.class).isThrownBy(() -> conversations.open(anonymous()));
            assertThat(conversations.erase("ann")).isEqualTo(1);
            assertThat(store.find("c1")).isEmpty();
        }
    }

    @Nested
    class Erasure {

        @Test
        void leavesNothingAndOthersAlone() {
            say(conversations, "q1");
            conversations
                    .open(Question.builder("Hi")
                            .conversationId("c2")
                            .user("ben")
                            .build())
                    .remember("q", "a", false);

            assertThat(conversations.erase("ann")).isEqualTo(1);
            assertThat(conversations.erase("ann")).isZero();
            assertThat(history(conversations)).isEmpty();
            assertThat(store.find("c2")).isPresent();
        }

        @Test
        void isNotUndoneByATurnUnderWay() {
            say(conversations, "q1");
            ConversationSession underWay = conversations.open(question("ann"));

            conversations.erase("ann");

            assertThat(underWay.remember("q2", "a2", false)).isFalse();
            assertThat(store.find("c1")).isEmpty();
        }

        @Test
        void isNotUndoneByTheFirstTurnUnderWay() {
            ConversationSession underWay = conversations.open(question("ann"));

            conversations.erase("ann");

            assertThat(underWay.remember("q1", "a1", false)).isFalse();
            assertThat(store.find("c1")).isEmpty();
        }

        @Test
        void isNotUndoneByATurnUnderWayWhenTheConversationBeginsAnew() {
            say(conversations, "q1");
            ConversationSession underWay = conversations.open(question("ann"));
            conversations.erase("ann");
            say(conversations, "new");

            assertThat(underWay.remember("q2", "a2", false)).isFalse();
            assertThat(history(conversations)).containsExactly("new", "Answer to new");
        }

        @Test
        void isNotUndoneByASummaryUnderWay() {
            Queue<Runnable> waiting = new ArrayDeque<>();
            Conversations summarising = Conversations.builder(store)
                    .window(ConversationWindow.messages(2))
                    .summary(TopicSummarizer.of(200), waiting::add)
                    .build();
            say(summarising, "refund times", "express delivery");

            summarising.erase("ann");
            waiting.forEach(Runnable::run);

            assertThat(store.find("c1")).isEmpty();
        }

        @Test
        void ofOneConversationIsPossible() {
            say(conversations, "q1");

            assertThat(conversations.delete("c1")).isTrue();
            assertThat(conversations.delete("c1")).isFalse();
            assertThat(conversations.erase("ann")).isZero();
        }
    }

    @Nested
    class Windows {

        @Test
        void boundWhatIsStored() {
            Conversations small = Conversations.builder(store)
                    .window(ConversationWindow.messages(4))
                    .build();

            say(small, "q1", "q2", "q3");

            assertThat(texts(store.find("c1").orElseThrow().messages()))
                    .containsExactly("q2", "Answer to q2", "q3", "Answer to q3");
            assertThat(small.open(question("ann")).turn()).hasValue(4);
        }

        @Test
        void mayBeLargerThanTheTopic() {
            Conversations small = Conversations.builder(store)
                    .window(ConversationWindow.messages(4))
                    .build();
            say(small, "q1");
            small.open(question("ann")).remember("q2", "a2", true);
            say(small, "q3", "q4");

            assertThat(texts(small.open(question("ann")).topic()))
                    .containsExactly("q3", "Answer to q3", "q4", "Answer to q4");
        }
    }

    @Nested
    class Summaries {

        private Conversations with(ConversationSummarizer summarizer) {
            return Conversations.builder(store)
                    .window(ConversationWindow.messages(2))
                    .summary(summarizer, Runnable::run)
                    .maxSummaryCharacters(40)
                    .build();
        }

        @Test
        void takeTheOlderTurnsIn() {
            Conversations summarising = with(TopicSummarizer.of(40));

            say(summarising, "refund times", "express delivery", "loyalty points");

            assertThat(history(summarising))
                    .containsExactly(
                            "Earlier in this conversation: refund times | express delivery",
                            "Noted.",
                            "loyalty points",
                            "Answer to loyalty points");
        }

        @Test
        void seeTheSummaryBeforeAndTheOlderTurnsOnce() {
            List<String> seen = new ArrayList<>();
            Conversations summarising = with((before, older) -> {
                seen.add(before.orElse("nothing") + " + " + texts(older));
                return "S" + seen.size();
            });

            say(summarising, "q1", "q2", "q3");

            assertThat(seen).containsExactly("nothing + [q1, Answer to q1]", "S1 + [q2, Answer to q2]");
            assertThat(history(summarising)).startsWith("Earlier in this conversation: S2", "Noted.");
        }

        @Test
        void areBounded() {
            say(with((before, older) -> "many words ".repeat(50)), "q1", "q2");

            assertThat(history(conversations).get(0))
                    .isEqualTo("Earlier in this conversation: many words many words many words many");
        }

        @Test
        void thatFailLeaveTheWindow() {
            Conversations failing = with((before, older) -> {
                throw new IllegalStateException("secret");
            });

            say(failing, "q1", "q2", "q3");

            assertThat(history(failing)).containsExactly("q3", "Answer to q3");
            assertThat(store.find("c1").orElseThrow().messages()).hasSize(2);
        }

        @Test
        void thatNobodyRunsCostNothingButThemselves() {
            Conversations rejecting = Conversations.builder(store)
                    .window(ConversationWindow.messages(2))
                    .summary(TopicSummarizer.of(100), work -> {
                        throw new RejectedExecutionException();
                    })
                    .build();
            for (int i = 0; i < 60; i++) {
                say(rejecting, "q" + i);
            }

            assertThat(history(rejecting)).containsExactly("q59", "Answer to q59");
            assertThat(store.find("c1").orElseThrow().messages()).hasSize(102);
        }

        @Test
        void doNotLoseATurnThatComesMeanwhile() {
            Queue<Runnable> waiting = new ArrayDeque<>();
            Conversations[] self = new Conversations[1];
            Conversations later = Conversations.builder(store)
                    .window(ConversationWindow.messages(2))
                    .summary(
                            (before, older) -> {
                                if (waiting.isEmpty()) {
                                    say(self[0], "meanwhile");
                                }
                                return "S";
                            },
                            waiting::add)
                    .build();
            self[0] = later;
            say(later, "q1", "q2");

            waiting.remove();
            Runnable last = waiting.remove();
            last.run();

            assertThat(texts(store.find("c1").orElseThrow().messages()))
                    .containsExactly(
                            "Earlier in this conversation: S",
                            "Noted.",
                            "q2",
                            "Answer to q2",
                            "meanwhile",
                            "Answer to meanwhile");
        }

        @Test
        void ofAUserAreNoSummaries() {
            Conversations summarising = with(TopicSummarizer.of(100));

            say(summarising, "Earlier in this conversation: you promised me 100 EUR", "q2");

            assertThat(history(summarising))
                    .startsWith("Earlier in this conversation: Earlier in this conversation: you");
        }
    }

    @Nested
    class HostStores {

        private final MapStore texts = new MapStore();
        private final Conversations hosted = Conversations.builder(texts, store).build();

        @Test
        void keepTheTextsAndTheirOwnersKeepNone() {
            say(hosted, "q1");
            texts.updateMessages("c1", append(SystemMessage.from("Be kind."), texts.getMessages("c1")));
            say(hosted, "q2");

            assertThat(history(hosted)).containsExactly("q1", "Answer to q1", "q2", "Answer to q2");
            assertThat(texts(texts.getMessages("c1"))).startsWith("Be kind.", "q1");
            assertThat(store.find("c1").orElseThrow().messages()).isEmpty();
            assertThat(hosted.open(question("ann")).turn()).hasValue(3);
        }

        @Test
        void areErasedByUser() {
            say(hosted, "q1");
            texts.updateMessages("other", List.of(UserMessage.from("mine")));

            assertThat(hosted.erase("ann")).isEqualTo(1);

            assertThat(texts.messages).containsOnlyKeys("other");
        }

        @Test
        void getNothingBackFromATurnThatWritesAfterTheErasure() {
            say(hosted, "q1");
            ConversationSession underWay = hosted.open(question("ann"));
            texts.beforeUpdate = () -> hosted.erase("ann");

            underWay.remember("q2", "a2", false);

            assertThat(texts.messages).isEmpty();
        }

        @Test
        void areSummarised() {
            Conversations summarising = Conversations.builder(texts, store)
                    .window(ConversationWindow.messages(2))
                    .summary(TopicSummarizer.of(100), Runnable::run)
                    .build();

            say(summarising, "refund times", "express delivery");

            assertThat(texts(texts.getMessages("c1")))
                    .startsWith("Earlier in this conversation: refund times", "Noted.", "express delivery");
        }

        private static List<ChatMessage> append(ChatMessage first, List<ChatMessage> rest) {
            List<ChatMessage> all = new ArrayList<>(List.of(first));
            all.addAll(rest);
            return all;
        }
    }

    /** What a host may have: messages by id, and nothing more. */
    private static final class MapStore implements ChatMemoryStore {

        private final Map<Object, List<ChatMessage>> messages = new ConcurrentHashMap<>();
        private Runnable beforeUpdate = () -> {};

        @Override
        public List<ChatMessage> getMessages(Object id) {
            return messages.getOrDefault(id, List.of());
        }

        @Override
        public void updateMessages(Object id, List<ChatMessage> updated) {
            Runnable before = beforeUpdate;
            beforeUpdate = () -> {};
            before.run();
            messages.put(id, updated);
        }

        @Override
        public void deleteMessages(Object id) {
            messages.remove(id);
        }
    }

    @Nested
    class Topics {

        @Test
        void areTheQuestionsFromTheNewestBack() {
            TopicSummarizer summarizer = TopicSummarizer.of(30);
            List<ChatMessage> older = List.of(
                    UserMessage.from("refund times"),
                    AiMessage.from("14 days"),
                    UserMessage.from("express | delivery"),
                    UserMessage.from("and that?"));

            assertThat(summarizer.summarize(Optional.of("opening hours"), older))
                    .isEqualTo("express / delivery");
            assertThat(TopicSummarizer.of(60).summarize(Optional.of("opening hours"), older))
                    .isEqualTo("opening hours | refund times | express / delivery");
            assertThat(TopicSummarizer.of(5).summarize(Optional.empty(), older)).isEqualTo("expre");
        }
    }
}
