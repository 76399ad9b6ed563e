package dev.llmlifecycle.core.reasoning.steps;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;

import dev.langchain4j.model.chat.ChatModel;
import dev.llmlifecycle.api.identity.Identity;

/**
 * The validators of steps that ship. They are linear in a step; all but arithmetic and syntax look at its first 50,000
 * characters alone.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class StepValidators {

    private StepValidators() {}

    /**
     * Returns all that code decides, with their defaults.
     *
     * @return the validators
     */
    public static List<StepValidator> all() {
        return List.of(arithmetic(), dates(), comparisons(), ordering(), syntax(), citations(), consistency());
    }

    /**
     * Checks equations. Results with a decimal may be rounded in the last.
     *
     * @return the validator
     */
    public static StepValidator arithmetic() {
        return new ArithmeticValidator(1);
    }

    /**
     * Checks equations.
     *
     * @param roundedFrom from how many decimals a result may be rounded; 0 allows whole numbers too
     * @return the validator
     */
    public static StepValidator arithmetic(int roundedFrom) {
        if (roundedFrom < 0) {
            throw new IllegalArgumentException(
                    "the decimals from which a result may be rounded must be at least 0 but were " + roundedFrom);
        }
        return new ArithmeticValidator(roundedFrom);
    }

    /**
     * Checks comparisons of numbers, by sign or in words, and membership of sets.
     *
     * @return the validator
     */
    public static StepValidator comparisons() {
        return new ComparisonValidator();
    }

    /**
     * Checks words in order, and that none is lost or added.
     *
     * @return the validator
     */
    public static StepValidator ordering() {
        return new OrderingValidator();
    }

    /**
     * Checks a step against the values that the question and the steps before give.
     *
     * @return the validator
     */
    public static StepValidator consistency() {
        return new ConsistencyValidator();
    }

    /**
     * Checks dates, weekdays and durations.
     *
     * @return the validator
     */
    public static StepValidator dates() {
        return new DateValidator();
    }

    /**
     * Checks the syntax of JSON, SQL and other code.
     *
     * @return the validator
     */
    public static StepValidator syntax() {
        return new SyntaxValidator();
    }

    /**
     * Checks sentences that cite a passage; six words of ten have to stand in it.
     *
     * @return the validator
     */
    public static StepValidator citations() {
        return citations(0.6);
    }

    /**
     * Checks sentences that cite a passage.
     *
     * @param leastShare the least share of a sentence's words that confirms it, in [0, 1]
     * @return the validator
     */
    public static StepValidator citations(double leastShare) {
        if (!(leastShare >= 0 && leastShare <= 1)) {
            throw new IllegalArgumentException(
                    "the least share of words must be in [0, 1] but was " + leastShare + "; 0.6 is the default");
        }
        return new CitationValidator(leastShare);
    }

    /**
     * Asks a model about a step; for {@link StepChecker.Builder#judge}. What it says is read strictly: nonsense, a
     * failed call and one that takes too long leave the step unchecked.
     *
     * @param model names the model
     * @param chatModel the model
     * @param executor runs the call, which is abandoned when its time is up
     * @param timeBudget how long it may take, more than 0
     * @return the validator
     */
    public static StepValidator judge(Identity model, ChatModel chatModel, Executor executor, Duration timeBudget) {
        if (timeBudget.isNegative() || timeBudget.isZero()) {
            throw new IllegalArgumentException("the time budget of a judge must be more than 0 but was " + timeBudget);
        }
        return new ModelStepJudge(
                Objects.requireNonNull(model, "model"),
                Objects.requireNonNull(chatModel, "chatModel"),
                Objects.requireNonNull(executor, "executor"),
                timeBudget);
    }
}
