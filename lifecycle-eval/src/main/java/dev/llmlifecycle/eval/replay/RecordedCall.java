package dev.llmlifecycle.eval.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmlifecycle.api.identity.Hash;

/**
 * A request with the response to it.
 *
 * @param key the canonical JSON of the request
 * @param request the request
 * @param responseJson the response as it stands in the file
 * @param response the response
 * @param line where it stood when the file was read, 0 where it was recorded since
 */
record RecordedCall(String key, JsonNode request, JsonNode responseJson, ChatResponse response, int line) {

    /** Creates a call; throws {@link IllegalArgumentException} where the response is none. */
    static RecordedCall of(JsonNode request, JsonNode response, int line) {
        JsonNode normal = ChatJson.normalized(request);
        return new RecordedCall(ChatJson.canonical(normal), normal, response, ChatJson.response(response), line);
    }

    /** Returns the hash by which an edit of request or response is noticed. */
    Hash hash() {
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.set("request", request);
        both.set("response", responseJson);
        return Hash.ofUtf8(ChatJson.canonical(both));
    }
}
