package dev.llmlifecycle.core.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Question;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conversations of an application: what was said in each is kept within a window, what falls out of it is
 * summarised, and all that a user said can be erased.
 *
 * <pre>{@code
 * Conversations conversations = Conversations.builder(FileConversationStore.builder(directory).build())
 *         .window(ConversationWindow.messages(20))
 *         .build();
 * LlmApp app = LlmApp.builder()
 *         .model(model)
 *         .conversations(conversations)
 *         .rewriter(FollowUpRewriter.builder().build())
 *         .build();
 * conversations.erase("user-4");
 * }</pre>
 *
 * <p>A conversation belongs to the user who is named with its first question that names one, and nobody else continues
 * it. Turns of one conversation at the same time are all kept, in the order in which they end. A turn that was under
 * way when its conversation was erased is not kept, and brings nothing back.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class Conversations {

    private static final Logger log = LoggerFactory.getLogger(Conversations.class);

    /** How many turns may wait to be summarised before they are dropped. */
    private static final int LONGEST_BACKLOG = 50;

    private final ConversationStore store;
    private final Optional<ChatMemoryStore> texts;
    private final ConversationWindow window;
    private final Optional<ConversationSummarizer> summarizer;
    private final Executor executor;
    private final int maxSummaryCharacters;

    private Conversations(Builder builder) {
        this.store = builder.store;
        this.texts = Optional.ofNullable(builder.texts);
        this.window = builder.window;
        this.summarizer = Optional.ofNullable(builder.summarizer);
        this.executor = builder.executor;
        this.maxSummaryCharacters = builder.maxSummaryCharacters;
    }

    /**
     * Starts conversations in a store.
     *
     * @param store keeps texts and owners
     * @return a builder
     */
    public static Builder builder(ConversationStore store) {
        return new Builder(store, null);
    }

    /**
     * Starts conversations whose texts are in a store of the host, which knows no owners.
     *
     * <p>The host's store is written without comparing: of two turns of one conversation that end at the same moment,
     * it may keep one.
     *
     * @param texts keeps the messages, under the ids of the conversations
     * @param owners keeps which conversation belongs to whom, and no text; it must live as long as the texts do
     * @return a builder
     */
    public static Builder builder(ChatMemoryStore texts, ConversationStore owners) {
        return new Builder(owners, Objects.requireNonNull(texts, "texts"));
    }

    /**
     * Opens the conversation of a question for one turn, beginning it where there is none.
     *
     * @param question a question with a conversation id
     * @return the turn
     * @throws IllegalArgumentException when the question has no conversation id
     * @throws LifecycleException when the conversation belongs to another user, or the store fails
     */
    public ConversationSession open(Question question) {
        String id = question.conversationId()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the question has no conversation id; set one or ask without a conversation"));
        Optional<ConversationOwner> asker = ConversationOwner.of(question);
        Conversation conversation = findOrBegin(id, asker);
        if (conversation.owner().isPresent() && !conversation.owner().equals(asker)) {
            throw new LifecycleException("The conversation belongs to another user than the one who asks;"
                    + " give each user a conversation of his own");
        }
        return new Turn(conversation, asker, messages(conversation));
    }

    /**
     * Erases all conversations of a user, in an application without tenants.
     *
     * @param user the user's id
     * @return how many there were
     * @throws LifecycleException when the store fails; call it again then
     */
    public int erase(String user) {
        return erase(ConversationOwner.of(user));
    }

    /**
     * Erases all conversations of a user.
     *
     * @param owner the user
     * @return how many there were
     * @throws LifecycleException when the store fails; call it again then
     */
    public int erase(ConversationOwner owner) {
        texts.ifPresent(messages -> store.conversationsOf(owner).forEach(messages::deleteMessages));
        return store.erase(owner);
    }

    /**
     * Erases one conversation.
     *
     * @param id its id
     * @return false when there was none
     * @throws LifecycleException when the store fails; call it again then
     */
    public boolean delete(String id) {
        texts.ifPresent(messages -> messages.deleteMessages(id));
        return store.delete(id);
    }

    private Conversation findOrBegin(String id, Optional<ConversationOwner> asker) {
        while (true) {
            Optional<Conversation> found = store.find(id);
            if (found.isPresent()) {
                return found.get();
            }
            // The owner is on record before the first text is, so no text is missed by an erasure.
            Conversation begun = Conversation.begin(id, asker);
            if (store.replace(Optional.empty(), begun)) {
                return begun;
            }
        }
    }

    private List<ChatMessage> messages(Conversation conversation) {
        return texts.map(messages -> messages.getMessages(conversation.id())).orElse(conversation.messages());
    }

    /**
     * Puts a conversation in the place of another, with its texts wherever they are kept.
     *
     * @return false when the other is not there any more
     */
    private boolean replace(Conversation expected, Conversation next) {
        if (texts.isEmpty()) {
            return store.replace(Optional.of(expected), next);
        }
        if (!store.replace(Optional.of(expected), next.withoutMessages())) {
            return false;
        }
        texts.get().updateMessages(next.id(), next.messages());
        if (find(next).isEmpty()) {
            // Erased between the two writes: the erasure has the last word.
            texts.get().deleteMessages(next.id());
        }
        return true;
    }

    /** Finds a conversation that is still the same one. */
    private Optional<Conversation> find(Conversation known) {
        return store.find(known.id()).filter(known::isSameAs);
    }

    /** Returns the messages that stay: system messages, the summary, and what the window holds. */
    private List<ChatMessage> kept(List<ChatMessage> messages, List<Exchange> exchanges) {
        List<ChatMessage> kept = new ArrayList<>();
        messages.stream().filter(SystemMessage.class::isInstance).forEach(kept::add);
        exchanges.stream().filter(Summary::isIn).forEach(summary -> kept.addAll(summary.messages()));
        List<Exchange> said = Summary.leftOut(exchanges);
        List<Exchange> newest = window.newest(said);
        int backlog = summarizer.isPresent() ? Math.min(LONGEST_BACKLOG, said.size() - newest.size()) : 0;
        kept.addAll(Exchange.messages(said.subList(said.size() - newest.size() - backlog, said.size())));
        return kept;
    }

    private void summarizeLater(Conversation conversation) {
        if (summarizer.isEmpty()) {
            return;
        }
        try {
            executor.execute(() -> summarize(conversation, summarizer.get()));
        } catch (RejectedExecutionException e) {
            log.warn("A conversation was not summarised, since the executor of the summaries takes no more work;"
                    + " give it room");
        }
    }

    /** Takes what has fallen out of the window into the summary. */
    private void summarize(Conversation known, ConversationSummarizer summaries) {
        try {
            Optional<Conversation> current = find(known);
            if (current.isEmpty()) {
                return;
            }
            List<Exchange> exchanges = Exchange.of(messages(current.get()));
            List<Exchange> said = Summary.leftOut(exchanges);
            List<Exchange> older =
                    said.subList(0, said.size() - window.newest(said).size());
            if (!older.isEmpty()) {
                Optional<String> before = Summary.of(exchanges);
                compact(current.get(), older, summary(summaries, before, older));
            }
        } catch (RuntimeException e) {
            log.warn(
                    "A conversation was not summarised ({}); mend its store",
                    e.getClass().getSimpleName());
        }
    }

    private Optional<String> summary(ConversationSummarizer summaries, Optional<String> before, List<Exchange> older) {
        try {
            String summary =
                    summaries.summarize(before, Exchange.messages(older)).strip();
            return Optional.of(summary)
                    .filter(text -> !text.isEmpty())
                    .map(text -> Excerpts.start(text, maxSummaryCharacters));
        } catch (RuntimeException e) {
            // The exception may quote what it was to summarise.
            log.warn(
                    "A conversation goes on with its window alone: summarising failed ({}); mend the summarizer",
                    e.getClass().getSimpleName());
            return before;
        }
    }

    /** Puts the summary in the place of the older turns, if they still stand where they stood. */
    private void compact(Conversation seen, List<Exchange> older, Optional<String> summary) {
        Conversation current = seen;
        while (true) {
            List<ChatMessage> messages = messages(current);
            List<Exchange> said = Summary.leftOut(Exchange.of(messages));
            if (said.size() < older.size() || !said.subList(0, older.size()).equals(older)) {
                return;
            }
            List<ChatMessage> kept = new ArrayList<>();
            messages.stream().filter(SystemMessage.class::isInstance).forEach(kept::add);
            summary.ifPresent(text -> kept.addAll(Summary.exchange(text).messages()));
            kept.addAll(Exchange.messages(said.subList(older.size(), said.size())));
            if (replace(current, current.withMessages(kept))) {
                return;
            }
            Optional<Conversation> changed = find(seen);
            if (changed.isEmpty()) {
                return;
            }
            current = changed.get();
        }
    }

    /** One turn of a conversation. */
    private final class Turn implements ConversationSession {

        private final Conversation conversation;
        private final Optional<ConversationOwner> asker;
        private final List<Exchange> history;

        Turn(Conversation conversation, Optional<ConversationOwner> asker, List<ChatMessage> messages) {
            this.conversation = conversation;
            this.asker = asker;
            List<Exchange> exchanges = Exchange.of(messages);
            List<Exchange> shown = new ArrayList<>();
            exchanges.stream().filter(Summary::isIn).forEach(shown::add);
            shown.addAll(window.newest(Summary.leftOut(exchanges)));
            this.history = shown;
        }

        @Override
        public OptionalInt turn() {
            return OptionalInt.of(conversation.turns() + 1);
        }

        @Override
        public List<ChatMessage> history() {
            return Exchange.messages(history);
        }

        @Override
        public List<ChatMessage> topic() {
            boolean allOnTopic = conversation.turnsOnTopic() == conversation.turns();
            int from = allOnTopic ? 0 : Math.max(0, history.size() - conversation.turnsOnTopic());
            return Exchange.messages(history.subList(from, history.size()));
        }

        @Override
        public boolean remember(String question, String answer, boolean newTopic) {
            while (true) {
                Optional<Conversation> found = find(conversation);
                if (found.isEmpty()) {
                    return false;
                }
                Conversation current = found.get();
                List<ChatMessage> messages = new ArrayList<>(messages(current));
                messages.add(UserMessage.from(question));
                messages.add(AiMessage.from(answer));
                Conversation next = current.next(
                        current.owner().or(() -> asker),
                        current.turns() + 1,
                        newTopic ? 1 : current.turnsOnTopic() + 1,
                        kept(messages, Exchange.of(messages)));
                if (replace(current, next)) {
                    summarizeLater(next);
                    return true;
                }
            }
        }
    }

    /** Builds {@link Conversations}. Not thread-safe. */
    public static final class Builder {

        private final ConversationStore store;
        private final @Nullable ChatMemoryStore texts;
        private ConversationWindow window = ConversationWindow.messages(20);
        private @Nullable ConversationSummarizer summarizer;
        private Executor executor = Runnable::run;
        private int maxSummaryCharacters = 1_000;

        private Builder(ConversationStore store, @Nullable ChatMemoryStore texts) {
            this.store = Objects.requireNonNull(store, "store");
            this.texts = texts;
        }

        /**
         * Sets how much is kept word for word. Default: 20 messages.
         *
         * @param window the window
         * @return this builder
         */
        public Builder window(ConversationWindow window) {
            this.window = Objects.requireNonNull(window, "window");
            return this;
        }

        /**
         * Sets what summarises the turns that fall out of the window. Default: nothing, so they are forgotten.
         *
         * @param summarizer the summarizer
         * @param executor where it is called; {@code Runnable::run} does for one that is done at once, such as
         *     {@link TopicSummarizer}. It is not closed
         * @return this builder
         */
        public Builder summary(ConversationSummarizer summarizer, Executor executor) {
            this.summarizer = Objects.requireNonNull(summarizer, "summarizer");
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets how long a summary may be; a longer one is cut. Default: 1,000 characters.
         *
         * @param maxSummaryCharacters at least 1
         * @return this builder
         */
        public Builder maxSummaryCharacters(int maxSummaryCharacters) {
            this.maxSummaryCharacters = Limits.atLeastOne(maxSummaryCharacters, "maxSummaryCharacters", "1,000");
            return this;
        }

        /**
         * Builds the conversations.
         *
         * @return the conversations
         */
        public Conversations build() {
            return new Conversations(this);
        }
    }
}
