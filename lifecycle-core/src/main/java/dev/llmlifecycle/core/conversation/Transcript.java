package dev.llmlifecycle.core.conversation;

import java.util.List;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;

/** A conversation as text for a model, the newest messages as far as there is room. */
final class Transcript {

    private Transcript() {}

    static String of(List<ChatMessage> messages, int mostMessages, int longestMessage) {
        StringBuilder text = new StringBuilder();
        for (ChatMessage message : messages.subList(Math.max(0, messages.size() - mostMessages), messages.size())) {
            if (message instanceof UserMessage user && user.hasSingleText()) {
                line(text, "User: ", user.singleText(), longestMessage);
            } else if (message instanceof AiMessage ai && ai.text() != null) {
                line(text, "Assistant: ", ai.text(), longestMessage);
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String speaker, String said, int longest) {
        String oneLine = Excerpts.start(said.replaceAll("\\s+", " ").strip(), longest);
        text.append(speaker).append(oneLine).append('\n');
    }
}
