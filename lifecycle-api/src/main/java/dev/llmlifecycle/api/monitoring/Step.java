package dev.llmlifecycle.api.monitoring;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One step on the way of a question: what was done, how long it took, what came of it.
 *
 * <p>Immutable. The list of types is open; readers skip those they do not know.
 *
 * @param type the kind of step, such as {@code retrieve} or {@code model}
 * @param duration how long it took
 * @param attributes what came of it, such as {@code cacheHit=true}, in the order of the names
 * @since 0.1
 */
public record Step(String type, Duration duration, Map<String, String> attributes) {

    /** The label was resolved to a release. */
    public static final String RELEASE = "release";

    /**
     * The conversation was loaded and the question rewritten to stand alone; with the attributes {@link #TURN},
     * {@link #REWRITTEN}, {@link #TOPIC_CHANGED} and {@link #ASKED_BACK}.
     */
    public static final String CONVERSATION = "conversation";

    /** The question was validated. */
    public static final String INPUT_VALIDATION = "input-validation";

    /** The question was routed. */
    public static final String ROUTE = "route";

    /** Asks a tool that answers by itself; has {@code tool}, its name. */
    public static final String TOOL = "tool";

    /** Passages were retrieved. */
    public static final String RETRIEVE = "retrieve";

    /** The retrieved passages were validated. */
    public static final String PASSAGE_VALIDATION = "passage-validation";

    /** The answer cache was asked. */
    public static final String ANSWER_CACHE = "answer-cache";

    /** Examples were selected and the prompt rendered. */
    public static final String RENDER = "render";

    /** The model was called. */
    public static final String MODEL = "model";

    /** The answer was validated. */
    public static final String OUTPUT_VALIDATION = "output-validation";

    /** A reasoning strategy came to an answer; with its name, the calls it made and what it decided. */
    public static final String REASONING = "reasoning";

    /** One step of a chain of thought, with what was found about it. */
    public static final String REASONING_STEP = "reasoning-step";

    /** The model called a tool on the way to its answer. */
    public static final String TOOL_CALL = "tool-call";

    /** Question and answer were added to the conversation. */
    public static final String REMEMBER = "remember";

    /** The attribute of a conversation that says which turn it is, from 1. */
    public static final String TURN = "turn";

    /** The attribute of a conversation that says whether the question was a follow-up and rewritten. */
    public static final String REWRITTEN = "rewritten";

    /** The attribute of a conversation that says whether the question opened another topic. */
    public static final String TOPIC_CHANGED = "topicChanged";

    /** The attribute of a conversation that says whether the user was asked back instead of answered. */
    public static final String ASKED_BACK = "askedBack";

    /** Copies. */
    public Step {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(duration, "duration");
        attributes = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(attributes)));
    }
}
