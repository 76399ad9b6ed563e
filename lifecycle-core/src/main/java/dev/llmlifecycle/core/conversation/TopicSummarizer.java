package dev.llmlifecycle.core.conversation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.core.internal.text.Words;

/**
 * Summarises without a model: the questions that were asked, as far back as there is room.
 *
 * <p>A question that stands alone is kept as it is, its first words where it is long. When there is no more room, the
 * oldest goes. Answers are left out: documents change, and the passages of the next question tell what holds then.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class TopicSummarizer implements ConversationSummarizer {

    private static final String SEPARATOR = " | ";
    private static final int LONGEST_QUESTION = 160;

    private final int maxCharacters;

    private TopicSummarizer(int maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    /**
     * Creates a summarizer.
     *
     * @param maxCharacters how long a summary is at most, at least 1
     * @return the summarizer
     */
    public static TopicSummarizer of(int maxCharacters) {
        return new TopicSummarizer(Limits.atLeastOne(maxCharacters, "maxCharacters", "500"));
    }

    @Override
    public String summarize(Optional<String> before, List<ChatMessage> older) {
        Deque<String> questions = new ArrayDeque<>();
        before.ifPresent(text -> questions.addAll(List.of(text.split(" \\| ", -1))));
        for (ChatMessage message : older) {
            if (message instanceof UserMessage user && user.hasSingleText()) {
                String question = oneLine(user.singleText());
                if (!Words.content(question).isEmpty()) {
                    questions.remove(question);
                    questions.add(question);
                }
            }
        }
        String summary = String.join(SEPARATOR, questions);
        while (summary.length() > maxCharacters && questions.size() > 1) {
            questions.remove();
            summary = String.join(SEPARATOR, questions);
        }
        return Excerpts.start(summary, maxCharacters);
    }

    private static String oneLine(String question) {
        return Excerpts.start(question.replace('|', '/').replaceAll("\\s+", " ").strip(), LONGEST_QUESTION);
    }
}
