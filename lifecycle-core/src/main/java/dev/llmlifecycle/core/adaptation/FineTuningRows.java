package dev.llmlifecycle.core.adaptation;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.RecordedInteraction;
import dev.llmlifecycle.core.data.FeedbackCuration;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.JsonObject;

/**
 * Conversations for fine-tuning, in the chat format of OpenAI: JSON Lines of {@code {"messages":[{"role":…,
 * "content":…},…]}}, each ending with what the model shall answer.
 *
 * <pre>{@code
 * FineTuningRows rows = FineTuningRows.builder()
 *         .system("You answer questions about refunds.")
 *         .addFeedback(log.read())
 *         .build();
 * rows.writeJsonLines(Path.of("fine-tuning.jsonl"));
 * }</pre>
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class FineTuningRows {

    private final List<List<ChatMessage>> rows;

    private FineTuningRows(Builder builder) {
        this.rows = List.copyOf(builder.rows);
    }

    /**
     * Starts without rows.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the conversations.
     *
     * @return in the order they were added, each with an answer of the model at its end
     */
    public List<List<ChatMessage>> rows() {
        return rows;
    }

    /**
     * Returns the number of conversations.
     *
     * @return at least 0
     */
    public int size() {
        return rows.size();
    }

    /**
     * Writes the conversations, replacing the file if there is one.
     *
     * @param file the file; its directory is created when it is missing
     * @throws IllegalStateException when there are none
     * @throws LifecycleException when it cannot be written; an old file is then untouched
     */
    public void writeJsonLines(Path file) {
        if (rows.isEmpty()) {
            throw new IllegalStateException("writing " + file + " failed: there are no rows for fine-tuning; add"
                    + " interactions that were corrected or voted up");
        }
        StringBuilder text = new StringBuilder();
        for (List<ChatMessage> row : rows) {
            text.append(JsonObject.line(Map.of(
                            "messages", row.stream().map(FineTuningRows::toJson).toList())))
                    .append('\n');
        }
        DurableFiles.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> toJson(ChatMessage message) {
        if (message instanceof SystemMessage system) {
            return toJson("system", system.text());
        }
        if (message instanceof UserMessage user) {
            return toJson("user", user.singleText());
        }
        return toJson("assistant", ((AiMessage) message).text());
    }

    private static Map<String, Object> toJson(String role, String content) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("role", role);
        json.put("content", content);
        return json;
    }

    /** Builds {@link FineTuningRows}. Not thread-safe. */
    public static final class Builder {

        private final List<List<ChatMessage>> rows = new ArrayList<>();
        private Optional<SystemMessage> system = Optional.empty();

        private Builder() {}

        /**
         * Sets the system message of the interactions that are added after this. Default: none.
         *
         * @param text the instructions that the tuned model will be given
         * @return this builder
         */
        public Builder system(String text) {
            if (Objects.requireNonNull(text, "text").isBlank()) {
                throw new IllegalArgumentException(
                        "the system message of fine-tuning rows is blank; fill it in or leave it out");
            }
            this.system = Optional.of(SystemMessage.from(text));
            return this;
        }

        /**
         * Adds a conversation.
         *
         * @param messages system, user and assistant messages of text, with an assistant message last
         * @return this builder
         * @throws IllegalArgumentException when the last message is not the model's, or one is of another kind or blank
         */
        public Builder add(List<ChatMessage> messages) {
            for (int i = 0; i < messages.size(); i++) {
                requireText(messages.get(i), i, rows.size());
            }
            if (messages.isEmpty() || !(messages.get(messages.size() - 1) instanceof AiMessage)) {
                throw new IllegalArgumentException("fine-tuning row " + (rows.size() + 1)
                        + " does not end with an answer of the model; add the answer that it shall learn");
            }
            rows.add(List.copyOf(messages));
            return this;
        }

        /**
         * Adds question and answer of every interaction that users last corrected or voted up, as
         * {@link #addFeedback(Stream)} does.
         *
         * @param interactions the interactions
         * @param feedback what was said of them; feedback on other interactions is passed over
         * @return this builder
         */
        public Builder addFeedback(List<Interaction> interactions, List<Feedback> feedback) {
            return addFeedback(FeedbackCuration.join(interactions, feedback));
        }

        /**
         * Adds question and answer of every interaction that users last corrected or voted up.
         *
         * <p>The question is the one that was answered; the answer is the correction, or what was answered where it was
         * voted up. An interaction that is there twice counts once; one that was voted up without an answer, or that
         * has a blank question, not at all. The passages are not in the rows.
         *
         * @param recorded the interactions with what was said of them; read to its end, and left to the caller to close
         * @return this builder
         */
        public Builder addFeedback(Stream<RecordedInteraction> recorded) {
            Set<String> seen = new HashSet<>();
            recorded.forEach(each -> each.latestFeedback()
                    .filter(said -> seen.add(said.interactionId()))
                    .flatMap(said -> wanted(each.interaction(), said))
                    .ifPresent(answer -> {
                        List<ChatMessage> row = new ArrayList<>();
                        system.ifPresent(row::add);
                        row.add(UserMessage.from(FeedbackCuration.answeredQuestion(each.interaction())));
                        row.add(AiMessage.from(answer));
                        add(row);
                    }));
            return this;
        }

        /**
         * Builds the rows.
         *
         * @return the rows
         */
        public FineTuningRows build() {
            return new FineTuningRows(this);
        }

        private static Optional<String> wanted(Interaction interaction, Feedback said) {
            Optional<String> correction = said.correction().filter(text -> !text.isBlank());
            if (correction.isPresent() || said.rating() == Feedback.Rating.DOWN) {
                return correction;
            }
            return Optional.of(interaction.answer())
                    .filter(answer -> interaction.outcome().equals("answered") && !answer.isBlank());
        }

        private static void requireText(ChatMessage message, int index, int row) {
            boolean text = message instanceof SystemMessage
                    || (message instanceof UserMessage user && user.hasSingleText())
                    || (message instanceof AiMessage answer
                            && answer.text() != null
                            && !answer.text().isBlank());
            if (!text) {
                throw new IllegalArgumentException("message " + (index + 1) + " of fine-tuning row " + (row + 1)
                        + " (" + message.type() + ") has no plain text; use system, user and assistant messages"
                        + " of text");
            }
        }
    }
}
