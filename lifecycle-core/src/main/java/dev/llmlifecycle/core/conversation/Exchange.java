package dev.llmlifecycle.core.conversation;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;

/** A question and all that followed it up to the next one: what a window keeps or drops as a whole. */
record Exchange(List<ChatMessage> messages) {

    Exchange {
        messages = List.copyOf(messages);
    }

    /** Cuts a conversation at its questions; answers without a question and system messages are left out. */
    static List<Exchange> of(List<ChatMessage> messages) {
        List<Exchange> exchanges = new ArrayList<>();
        List<ChatMessage> current = new ArrayList<>();
        for (ChatMessage message : messages) {
            if (message instanceof SystemMessage) {
                continue;
            }
            if (message instanceof UserMessage && !current.isEmpty()) {
                exchanges.add(new Exchange(current));
                current.clear();
            }
            if (message instanceof UserMessage || !current.isEmpty()) {
                current.add(message);
            }
        }
        if (!current.isEmpty()) {
            exchanges.add(new Exchange(current));
        }
        return exchanges;
    }

    static List<ChatMessage> messages(List<Exchange> exchanges) {
        return exchanges.stream()
                .flatMap(exchange -> exchange.messages().stream())
                .toList();
    }
}
