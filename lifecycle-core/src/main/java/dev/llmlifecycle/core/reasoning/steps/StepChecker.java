package dev.llmlifecycle.core.reasoning.steps;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parses a chain of thought and has every step checked.
 *
 * <pre>{@code
 * StepChecker checker = StepChecker.builder()
 *         .validator(StepValidators.arithmetic())
 *         .validator(StepValidators.consistency())
 *         .build();
 * Optional<CheckedStep> wrong = checker.check(solution, StepContext.of(question)).firstWrong();
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class StepChecker implements Identified {

    private static final Logger log = LoggerFactory.getLogger(StepChecker.class);

    private final StepParser parser;
    private final List<StepValidator> validators;
    private final Optional<StepValidator> judge;
    private final Identity identity;

    private StepChecker(Builder builder) {
        this.parser = builder.parser;
        this.validators = List.copyOf(builder.validators);
        this.judge = builder.judge;
        this.identity = Identity.of(
                "step-checker",
                "1",
                Map.of(
                        "parser",
                        parser.identity().toCanonical(),
                        "validators",
                        validators.stream()
                                .map(each -> each.identity().toCanonical())
                                .toList(),
                        "judge",
                        judge.map(each -> each.identity().toString()).orElse("")));
    }

    /**
     * Starts without validators.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Makes a checker of all that code decides: {@link StepValidators#all()}.
     *
     * @return the checker
     */
    public static StepChecker standard() {
        Builder builder = builder();
        StepValidators.all().forEach(builder::validator);
        return builder.build();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /**
     * Parses and checks.
     *
     * @param text a chain of thought
     * @param context the question and the passages; its earlier steps stand before those of the text
     * @return every step with its checks
     */
    public CheckedSteps check(String text, StepContext context) {
        return new CheckedSteps(text, check(parser.parse(text), context));
    }

    /**
     * Checks steps that are parsed already.
     *
     * @param steps the steps
     * @param context the question and the passages; its earlier steps stand before these
     * @return every step with its checks
     */
    public List<CheckedStep> check(List<ReasoningStep> steps, StepContext context) {
        List<ReasoningStep> before = new ArrayList<>(context.earlier());
        List<ReasoningStep> seen = Collections.unmodifiableList(before);
        List<CheckedStep> checked = new ArrayList<>();
        for (ReasoningStep step : steps) {
            StepContext own = new StepContext(context.question(), context.passages(), seen);
            List<StepCheck> checks = new ArrayList<>();
            validators.forEach(validator -> checks.add(check(validator, step, own)));
            CheckedStep byCode = new CheckedStep(step, checks);
            if (judge.isPresent() && byCode.state() == StepState.UNCHECKED) {
                checks.add(check(judge.get(), step, own));
                byCode = new CheckedStep(step, checks);
            }
            checked.add(byCode);
            before.add(step);
        }
        return List.copyOf(checked);
    }

    private static StepCheck check(StepValidator validator, ReasoningStep step, StepContext context) {
        String name = validator.identity().name();
        try {
            return validator.check(step, context);
        } catch (RuntimeException e) {
            log.warn("The step validator '{}' failed and leaves a step unchecked; mend it ({})", name, e.getClass());
            return StepCheck.unchecked(
                    name, "the validator failed: " + e.getClass().getSimpleName());
        }
    }

    /**
     * Builds a {@link StepChecker}.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final List<StepValidator> validators = new ArrayList<>();
        private StepParser parser = StepParser.standard();
        private Optional<StepValidator> judge = Optional.empty();

        private Builder() {}

        /**
         * Sets how a text becomes steps. Default: {@link StepParser#standard()}.
         *
         * @param stepParser the parser
         * @return this
         */
        public Builder parser(StepParser stepParser) {
            this.parser = Objects.requireNonNull(stepParser, "stepParser");
            return this;
        }

        /**
         * Adds a validator, which sees every step.
         *
         * @param validator the validator
         * @return this
         */
        public Builder validator(StepValidator validator) {
            validators.add(Objects.requireNonNull(validator, "validator"));
            return this;
        }

        /**
         * Sets the validator for the steps that all others leave unchecked, such as {@link StepValidators#judge}.
         * Default: none.
         *
         * @param validator the validator
         * @return this
         */
        public Builder judge(StepValidator validator) {
            this.judge = Optional.of(validator);
            return this;
        }

        /**
         * Builds.
         *
         * @return the checker
         * @throws IllegalStateException when there is neither a validator nor a judge
         */
        public StepChecker build() {
            if (validators.isEmpty() && judge.isEmpty()) {
                throw new IllegalStateException(
                        "a step checker has no validator; add one, such as StepValidators.arithmetic()");
            }
            return new StepChecker(this);
        }
    }
}
