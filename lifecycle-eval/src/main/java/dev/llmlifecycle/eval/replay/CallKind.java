package dev.llmlifecycle.eval.replay;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

/** The kinds of call that a cassette holds. */
enum CallKind {
    CHAT("chat") {
        @Override
        void check(JsonNode request, JsonNode response) {
            requireMessages(request);
            ChatJson.response(response);
        }
    },
    STREAMING("streaming-chat") {
        @Override
        void check(JsonNode request, JsonNode response) {
            requireMessages(request);
            StreamJson.read(response);
        }
    },
    EMBEDDING("embedding") {
        @Override
        void check(JsonNode request, JsonNode response) {
            if (!request.has("text")) {
                throw new IllegalArgumentException("the request has no 'text'");
            }
            VectorJson.read(response);
        }
    };

    private final String label;

    CallKind(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** Checks that a call can be replayed, or throws {@link IllegalArgumentException}. */
    abstract void check(JsonNode request, JsonNode response);

    static Optional<CallKind> of(String label) {
        for (CallKind kind : values()) {
            if (kind.label.equals(label)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private static void requireMessages(JsonNode request) {
        if (!request.path("messages").isArray()) {
            throw new IllegalArgumentException("the request has no list of 'messages'");
        }
    }
}
