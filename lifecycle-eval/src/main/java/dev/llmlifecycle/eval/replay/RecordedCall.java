package dev.llmlifecycle.eval.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.llmlifecycle.api.identity.Hash;

/**
 * A request with the response to it.
 *
 * @param key the canonical JSON of the request
 * @param request the request
 * @param response the response
 * @param line where it stood when the file was read, 0 where it was recorded since
 */
record RecordedCall(String key, JsonNode request, JsonNode response, int line) {

    /** Creates a call; throws {@link IllegalArgumentException} where it cannot be replayed. */
    static RecordedCall of(CallKind kind, JsonNode request, JsonNode response, int line) {
        JsonNode normal = ChatJson.normalized(request);
        kind.check(normal, response);
        return new RecordedCall(ChatJson.canonical(normal), normal, response, line);
    }

    /** Returns the hash by which an edit of request or response is noticed. */
    Hash hash() {
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.set("request", request);
        both.set("response", response);
        return Hash.ofUtf8(ChatJson.canonical(both));
    }
}
