package dev.llmlifecycle.core.docs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import dev.langchain4j.store.memory.chat.InMemoryChatMemoryStore;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.conversation.ConversationWindow;
import dev.llmlifecycle.core.conversation.Conversations;
import dev.llmlifecycle.core.conversation.FileConversationStore;
import dev.llmlifecycle.core.conversation.FollowUpRewriter;
import dev.llmlifecycle.core.conversation.ModelRewriter;
import dev.llmlifecycle.core.conversation.ModelSummarizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of docs/conversation.md. */
final class ConversationPageTest {

    private final Identity gpt = Identity.of("gpt-4o-mini", "2024-07-18");
    private final List<String> shown = new ArrayList<>();

    @TempDir
    private Path directory;

    private final ChatModel chatModel = new ChatModel() {
        @Override
        public ChatResponse doChat(ChatRequest request) {
            return ChatResponse.builder().aiMessage(AiMessage.from("14 days")).build();
        }
    };

    @Test
    void keepsAConversationAndErasesIt() {
        // docs:begin app
        Conversations conversations = Conversations.builder(
                        FileConversationStore.builder(directory).build())
                .window(ConversationWindow.messages(20)) // the default
                .build();
        LlmApp app = LlmApp.builder()
                .model(gpt, chatModel)
                .conversations(conversations)
                .rewriter(FollowUpRewriter.builder().build())
                .build();

        app.ask(Question.builder("How long does a refund take?")
                .conversationId("conversation-17")
                .user("user-4")
                .build());
        Answer answer = app.ask(Question.builder("and for business customers?")
                .conversationId("conversation-17")
                .user("user-4")
                .build());
        answer.interaction().standaloneQuestion(); // How long does a refund take, for business customers?
        // docs:end app
        assertThat(answer.interaction().standaloneQuestion())
                .contains("How long does a refund take, for business customers?");
        assertThat(answer.interaction().steps())
                .filteredOn(step -> step.type().equals(Step.CONVERSATION))
                .singleElement()
                .satisfies(step -> assertThat(step.attributes()).containsEntry(Step.TURN, "2"));

        // docs:begin erase
        int erased = conversations.erase("user-4");
        // docs:end erase
        assertThat(erased).isEqualTo(1);

        // docs:begin clarify
        Answer vague = app.ask(Question.builder("And that?")
                .conversationId("conversation-18")
                .user("user-4")
                .build());
        if (vague.outcome() instanceof Outcome.AskedBack askedBack) {
            show(askedBack.text()); // and send the reply with the same conversation id
        }
        // docs:end clarify
        assertThat(shown).containsExactly("I am not sure what you are asking about. Can you name it?");
        app.close();
    }

    @Test
    void usesAModelWhereThereIsOneAndAStoreOfTheHost() {
        ChatMemoryStore hostStore = new InMemoryChatMemoryStore();
        // docs:begin summary
        ExecutorService background = Executors.newSingleThreadExecutor();
        Conversations conversations = Conversations.builder(
                        FileConversationStore.builder(directory).build())
                .window(ConversationWindow.messages(10))
                .summary(ModelSummarizer.of(chatModel, Duration.ofSeconds(30)), background)
                .build();
        // docs:end summary
        assertThat(conversations.erase("nobody")).isZero();
        background.shutdown();

        // docs:begin rewriter
        ModelRewriter rewriter = ModelRewriter.builder(gpt, chatModel)
                .timeout(Duration.ofSeconds(5)) // then the rules decide; default 10 s
                .clarification("Which product do you mean?")
                .build();
        // docs:end rewriter
        assertThat(rewriter.identity().name()).isEqualTo("model-rewriter");

        // docs:begin host
        Conversations hosted = Conversations.builder(
                        hostStore, // any ChatMemoryStore: it gets the texts
                        FileConversationStore.builder(directory).build()) // whose they are, without a text
                .build();
        // docs:end host
        assertThat(hosted.delete("none")).isFalse();
    }

    private void show(String text) {
        shown.add(text);
    }
}
