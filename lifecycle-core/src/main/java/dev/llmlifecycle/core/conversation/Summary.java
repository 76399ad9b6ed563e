package dev.llmlifecycle.core.conversation;

import java.util.List;
import java.util.Optional;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;

/**
 * A summary as it stands at the beginning of a conversation: a turn like any other, so that the roles alternate and
 * nothing that users said gets the weight of a system message. Its first message has a name, which no message of a user
 * has here.
 */
final class Summary {

    private static final String NAME = "summary";
    private static final String INTRODUCTION = "Earlier in this conversation: ";
    private static final AiMessage REPLY = AiMessage.from("Noted.");

    private Summary() {}

    static Exchange exchange(String summary) {
        return new Exchange(List.of(UserMessage.from(NAME, INTRODUCTION + summary), REPLY));
    }

    static boolean isIn(Exchange exchange) {
        return isOpening(exchange.messages().get(0));
    }

    static boolean isOpening(ChatMessage message) {
        return message instanceof UserMessage user && NAME.equals(user.name());
    }

    /** Returns the summary with which a conversation begins. */
    static Optional<String> of(List<Exchange> exchanges) {
        return exchanges.stream()
                .findFirst()
                .filter(Summary::isIn)
                .map(exchange -> ((UserMessage) exchange.messages().get(0)).singleText())
                .filter(text -> text.startsWith(INTRODUCTION))
                .map(text -> text.substring(INTRODUCTION.length()));
    }

    /** Returns what was really said, without the summary. */
    static List<Exchange> leftOut(List<Exchange> exchanges) {
        return exchanges.stream().filter(exchange -> !isIn(exchange)).toList();
    }
}
