package dev.llmlifecycle.eval.experiment;

import java.time.Clock;
import java.util.Objects;
import java.util.function.Function;

import dev.langchain4j.model.chat.ChatModel;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;

/**
 * One side of an experiment: something that answers questions, and the release that decides its answers.
 *
 * <p>Immutable.
 *
 * @param name what reports call it, never blank
 * @param release the hash of the release, which the verdict will name
 * @param answerer answers a question; it is called by several threads at once where an experiment runs concurrently
 * @since 0.1
 */
public record Arm(String name, Hash release, Function<Question, Answer> answerer) {

    /** Checks that nothing is missing. */
    public Arm {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("the name of an arm is blank; name it as a report should call it");
        }
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(answerer, "answerer");
    }

    /**
     * Creates an arm.
     *
     * @param name what reports call it
     * @param release the hash of the release
     * @param answerer answers a question, such as {@code app::ask}; thread-safe where an experiment runs concurrently
     * @return the arm
     */
    public static Arm of(String name, Hash release, Function<Question, Answer> answerer) {
        return new Arm(name, release, answerer);
    }

    /**
     * Creates an arm of a plain function from question to answer, such as a call of another service.
     *
     * @param name what reports call it
     * @param identity what decides its answers, whose hash stands for the release
     * @param function answers a question; thread-safe where an experiment runs concurrently
     * @return the arm
     */
    public static Arm ofFunction(String name, Identity identity, Function<String, String> function) {
        Hash release = Hash.ofCanonicalJson(identity.toCanonical());
        return new Arm(name, release, new FunctionAnswers(release, Clock.systemUTC()).of(function));
    }

    /**
     * Creates an arm of a model that gets the question as it is.
     *
     * @param name what reports call it
     * @param identity the model and all that is configured of it, whose hash stands for the release
     * @param model the model; its token usage is recorded
     * @return the arm
     */
    public static Arm ofModel(String name, Identity identity, ChatModel model) {
        Hash release = Hash.ofCanonicalJson(identity.toCanonical());
        return new Arm(name, release, new FunctionAnswers(release, Clock.systemUTC()).of(model));
    }
}
