package dev.llmlifecycle.core.conversation;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.core.internal.JsonObject;

/**
 * The form of a conversation in a file: two lines of JSON, of which the first has the format and the SHA-256 of the
 * second.
 */
final class ConversationFiles {

    private static final int FORMAT = 1;
    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";
    private static final String OTHER = "langchain4j";

    private ConversationFiles() {}

    static byte[] write(Conversation conversation) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", conversation.id());
        json.put("start", conversation.start());
        conversation.owner().ifPresent(owner -> {
            json.put(USER, owner.user());
            owner.tenant().ifPresent(tenant -> json.put("tenant", tenant));
        });
        json.put("revision", conversation.revision());
        json.put("turns", conversation.turns());
        json.put("turnsOnTopic", conversation.turnsOnTopic());
        json.put(
                "messages",
                conversation.messages().stream().map(ConversationFiles::toJson).toList());
        byte[] body = (JsonObject.line(json) + "\n").getBytes(StandardCharsets.UTF_8);
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("format", FORMAT);
        head.put("sha256", Hash.ofBytes(body).hex());
        byte[] first = (JsonObject.line(head) + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[first.length + body.length];
        System.arraycopy(first, 0, bytes, 0, first.length);
        System.arraycopy(body, 0, bytes, first.length, body.length);
        return bytes;
    }

    /**
     * Reads a conversation.
     *
     * @throws IllegalArgumentException when the text is damaged
     */
    static Conversation read(String text) {
        int line = text.indexOf('\n');
        if (line < 0) {
            throw new IllegalArgumentException("its first line is cut off");
        }
        JsonObject head = JsonObject.parse(text.substring(0, line));
        head.requireFormat(FORMAT);
        String body = text.substring(line + 1);
        if (!head.hash("sha256").equals(Hash.ofBytes(body.getBytes(StandardCharsets.UTF_8)))) {
            throw new IllegalArgumentException("its checksum does not fit");
        }
        JsonObject json = JsonObject.parse(body);
        return new Conversation(
                json.text("id"),
                json.text("start"),
                json.optionalText(USER).map(user -> new ConversationOwner(json.optionalText("tenant"), user)),
                json.longInteger("revision"),
                json.integer("turns"),
                json.integer("turnsOnTopic"),
                json.objects("messages").stream()
                        .map(ConversationFiles::message)
                        .toList());
    }

    /** Plain texts stand as they are; messages with more to them in LangChain4j's own form. */
    private static Map<String, String> toJson(ChatMessage message) {
        if (message instanceof UserMessage user
                && user.hasSingleText()
                && plain(user).equals(user)) {
            return Map.of(USER, user.singleText());
        }
        if (message instanceof AiMessage ai
                && ai.text() != null
                && AiMessage.from(ai.text()).equals(ai)) {
            return Map.of(ASSISTANT, ai.text());
        }
        return Map.of(OTHER, ChatMessageSerializer.messageToJson(message));
    }

    private static UserMessage plain(UserMessage message) {
        return UserMessage.from(message.singleText());
    }

    private static ChatMessage message(JsonObject json) {
        Optional<String> user = json.optionalText(USER);
        if (user.isPresent()) {
            return UserMessage.from(user.get());
        }
        Optional<String> assistant = json.optionalText(ASSISTANT);
        if (assistant.isPresent()) {
            return AiMessage.from(assistant.get());
        }
        try {
            return ChatMessageDeserializer.messageFromJson(json.text(OTHER));
        } catch (RuntimeException e) {
            // What the parser says may quote the message.
            throw new IllegalArgumentException("a message of it is of a kind that this version does not read ("
                    + e.getClass().getSimpleName() + ")");
        }
    }
}
