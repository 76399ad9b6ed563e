package dev.llmlifecycle.api.app;

import java.util.Map;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmlifecycle.api.Incubating;
import dev.llmlifecycle.api.identity.Identified;

/**
 * Turns a rendered prompt into an answer with one or more calls of the model.
 *
 * <p>Implementations must be thread-safe.
 *
 * @since 0.1
 */
public interface ReasoningStrategy extends Identified {

    /**
     * Reaches an answer.
     *
     * @param request the rendered prompt
     * @param model the model; every call is timed, counted and bound to the question's deadline
     * @return the text of the answer
     */
    String reason(ChatRequest request, ModelCalls model);

    /** The calls that a strategy may make. */
    interface ModelCalls {

        /**
         * Calls the model for a thought that the user does not see.
         *
         * @param request what to send
         * @return what came back
         */
        ChatResponse think(ChatRequest request);

        /**
         * Calls the model for the answer, whose text is streamed to the user where there is a stream.
         *
         * @param request what to send
         * @return what came back
         */
        ChatResponse answer(ChatRequest request);

        /**
         * Keeps in the interaction what the strategy did beside calling the model: a vote, a checked step, a call of a
         * tool. Default: nothing is kept.
         *
         * @param type the kind of step, such as {@link dev.llmlifecycle.api.monitoring.Step#REASONING}
         * @param attributes what came of it
         */
        @Incubating
        default void record(String type, Map<String, String> attributes) {}
    }
}
