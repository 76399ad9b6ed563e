package dev.llmlifecycle.core.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.core.conversation.Conversation;
import dev.llmlifecycle.core.conversation.ConversationOwner;
import dev.llmlifecycle.core.conversation.ConversationStore;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What every {@link ConversationStore} must hold to.
 *
 * <p>Extend it in a test of your own and supply {@link #create}, with a store that has room for a hundred
 * conversations.
 *
 * @since 0.1
 */
public abstract class ConversationStoreContract {

    private static final ConversationOwner ANN = ConversationOwner.of("ann");
    private static final ConversationOwner BEN = ConversationOwner.of("ben");
    private static final int THREADS = 4;
    private static final int CHANGES = 10;

    /** Opens an empty store; called once in each test. */
    protected abstract ConversationStore create();

    @Test
    void findsWhatWasPut() {
        ConversationStore store = create();
        Conversation begun = Conversation.begin("c1", Optional.of(ANN));
        Conversation next = changed(begun, said("How long?", "14 days."));

        assertThat(store.find("c1")).isEmpty();
        assertThat(store.replace(Optional.empty(), begun)).isTrue();
        assertThat(store.find("c1")).contains(begun);
        assertThat(store.replace(Optional.of(begun), next)).isTrue();
        assertThat(store.find("c1")).contains(next);
        assertThat(store.find("c2")).isEmpty();
    }

    @Test
    void replacesNothingThatTheCallerHasNotSeen() {
        ConversationStore store = create();
        Conversation begun = Conversation.begin("c1", Optional.empty());
        store.replace(Optional.empty(), begun);
        Conversation next = changed(begun, said("How long?", "14 days."));
        store.replace(Optional.of(begun), next);
        Conversation again = Conversation.begin("c1", Optional.empty());

        assertThat(store.replace(Optional.empty(), again)).isFalse();
        assertThat(store.replace(Optional.of(begun), changed(begun, List.of()))).isFalse();
        assertThat(store.find("c1")).contains(next);
        store.delete("c1");
        assertThat(store.replace(Optional.of(next), changed(next, List.of()))).isFalse();
        assertThat(store.find("c1")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.replace(Optional.of(begun), Conversation.begin("c2", Optional.empty())))
                .withMessage(
                        "a conversation was to be replaced by one with another id;" + " delete it and begin the other");
    }

    @Test
    void tellsAConversationFromTheErasedOneBefore() {
        ConversationStore store = create();
        Conversation first = Conversation.begin("c1", Optional.of(ANN));
        store.replace(Optional.empty(), first);
        store.delete("c1");
        Conversation second = Conversation.begin("c1", Optional.of(ANN));
        store.replace(Optional.empty(), second);

        assertThat(store.replace(Optional.of(first), changed(first, said("Old?", "Old."))))
                .isFalse();
        assertThat(store.find("c1")).contains(second);
    }

    @Test
    void takesEveryIdThatIsText() {
        ConversationStore store = create();
        List<String> ids = List.of(
                "../../escape",
                "/etc/passwd",
                "..",
                ".",
                "a/b\\c",
                "nul\u0000byte",
                "CON",
                "x".repeat(300),
                "\ud83d\ude00 emoji",
                " ",
                "c1",
                "C1",
                "line\nbreak",
                "*?\"<>|:");
        for (String id : ids) {
            assertThat(store.replace(Optional.empty(), Conversation.begin(id, Optional.of(ANN))))
                    .isTrue();
        }

        assertThat(ids)
                .allSatisfy(id -> assertThat(store.find(id))
                        .hasValueSatisfying(found -> assertThat(found.id()).isEqualTo(id)));
        assertThat(store.conversationsOf(ANN))
                .containsExactlyInAnyOrderElementsOf(ids)
                .isSorted();
        assertThatIllegalArgumentException().isThrownBy(() -> store.find(""));
        assertThatIllegalArgumentException().isThrownBy(() -> store.find("half a pair \ud83d"));
    }

    @Test
    void keepsMessagesOfAllKinds() {
        ConversationStore store = create();
        List<ChatMessage> messages = List.of(
                SystemMessage.from("Be kind."),
                UserMessage.from("How long?\n\u0000\ud83d\ude00 \"quoted\""),
                UserMessage.from("ann", "with a name"),
                AiMessage.from(ToolExecutionRequest.builder()
                        .id("t1")
                        .name("look")
                        .arguments("{}")
                        .build()),
                ToolExecutionResultMessage.from("t1", "look", "found"),
                AiMessage.from("14 days."));
        Conversation begun = Conversation.begin("c1", Optional.empty());
        store.replace(Optional.empty(), begun);
        store.replace(Optional.of(begun), changed(begun, messages));

        assertThat(store.find("c1").orElseThrow().messages()).isEqualTo(messages);
    }

    @Test
    void erasesAllOfOneUserAndNothingElse() {
        ConversationStore store = create();
        ConversationOwner annElsewhere = ConversationOwner.of("tenant", "ann");
        store.replace(Optional.empty(), Conversation.begin("a1", Optional.of(ANN)));
        store.replace(Optional.empty(), Conversation.begin("a2", Optional.of(ANN)));
        store.replace(Optional.empty(), Conversation.begin("b1", Optional.of(BEN)));
        store.replace(Optional.empty(), Conversation.begin("t1", Optional.of(annElsewhere)));
        store.replace(Optional.empty(), Conversation.begin("n1", Optional.empty()));

        assertThat(store.conversationsOf(ANN)).containsExactly("a1", "a2");
        assertThat(store.erase(ANN)).isEqualTo(2);
        assertThat(store.erase(ANN)).isZero();
        assertThat(store.conversationsOf(ANN)).isEmpty();
        assertThat(store.find("a1")).isEmpty();
        assertThat(store.find("b1")).isPresent();
        assertThat(store.find("n1")).isPresent();
        assertThat(store.conversationsOf(annElsewhere)).containsExactly("t1");
    }

    @Test
    void erasesNothingOfWhoeverTookOverAnErasedId() {
        ConversationStore store = create();
        store.replace(Optional.empty(), Conversation.begin("c1", Optional.of(ANN)));
        assertThat(store.delete("c1")).isTrue();
        assertThat(store.delete("c1")).isFalse();
        store.replace(Optional.empty(), Conversation.begin("c1", Optional.of(BEN)));

        assertThat(store.erase(ANN)).isZero();
        assertThat(store.find("c1")).isPresent();
        assertThat(store.erase(BEN)).isEqualTo(1);
    }

    @Test
    void servesMemoriesOfLangChain4j() {
        ConversationStore store = create();

        assertThat(store.getMessages("c1")).isEmpty();
        store.updateMessages("c1", said("How long?", "14 days."));
        store.updateMessages("c1", said("And now?", "Still."));
        assertThat(store.getMessages("c1")).isEqualTo(said("And now?", "Still."));
        store.deleteMessages("c1");
        assertThat(store.getMessages("c1")).isEmpty();
    }

    @Test
    void losesNoChangeOfSeveralThreads() throws Exception {
        ConversationStore store = create();
        store.replace(Optional.empty(), Conversation.begin("c1", Optional.empty()));
        Callable<Void> task = () -> {
            for (int i = 0; i < CHANGES; i++) {
                Conversation found;
                List<ChatMessage> messages;
                do {
                    found = store.find("c1").orElseThrow();
                    messages = new ArrayList<>(found.messages());
                    messages.addAll(said("q", "a"));
                } while (!store.replace(Optional.of(found), changed(found, messages)));
            }
            return null;
        };
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<Void> done : pool.invokeAll(List.of(task, task, task, task))) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }

        Conversation found = store.find("c1").orElseThrow();
        assertThat(found.messages()).hasSize(2 * THREADS * CHANGES);
        assertThat(found.revision()).isEqualTo(1 + THREADS * CHANGES);
    }

    private static Conversation changed(Conversation conversation, List<ChatMessage> messages) {
        return new Conversation(
                conversation.id(),
                conversation.start(),
                conversation.owner(),
                conversation.revision() + 1,
                conversation.turns() + 1,
                conversation.turnsOnTopic() + 1,
                messages);
    }

    private static List<ChatMessage> said(String question, String answer) {
        return List.of(UserMessage.from(question), AiMessage.from(answer));
    }
}
