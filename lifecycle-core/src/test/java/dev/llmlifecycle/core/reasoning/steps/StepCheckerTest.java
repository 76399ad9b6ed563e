package dev.llmlifecycle.core.reasoning.steps;

import java.util.ArrayList;
import java.util.List;

import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
final class StepCheckerTest {

    @Test
    @DisplayName("the first wrong step is located")
    void locatesTheFirstWrongStep() {
        CheckedSteps checked =
                StepChecker.standard().check("Start.\n1 + 1 = 2\n2 + 2 = 5\n3 + 3 = 7", StepContext.of("How many?"));

        assertThat(checked.firstWrong())
                .hasValueSatisfying(step -> assertThat(step.step().index()).isEqualTo(2));
        assertThat(checked.count(StepState.UNCHECKED)).isEqualTo(1);
        assertThat(checked.count(StepState.CORRECT)).isEqualTo(1);
        assertThat(checked.count(StepState.WRONG)).isEqualTo(2);
    }

    @Test
    void aJudgeSeesOnlyWhatCodeLeavesUndecided() {
        List<String> judged = new ArrayList<>();
        StepChecker checker = StepChecker.builder()
                .validator(StepValidators.arithmetic())
                .judge(StepValidator.of(Identity.of("judge", "1"), (step, context) -> {
                    judged.add(step.text() + " after " + context.earlier().size());
                    return StepCheck.wrong("judge", "no");
                }))
                .build();

        CheckedSteps checked = checker.check("1 + 1 = 2\nSo be it.\n1 + 1 = 3", StepContext.of(""));

        assertThat(judged).containsExactly("So be it. after 1");
        assertThat(checked.steps())
                .extracting(CheckedStep::state)
                .containsExactly(StepState.CORRECT, StepState.WRONG, StepState.WRONG);
    }

    @Test
    void aValidatorThatThrowsLeavesTheStepUnchecked() {
        StepChecker checker = StepChecker.builder()
                .validator(StepValidator.of(Identity.of("broken", "1"), (step, context) -> {
                    throw new IllegalStateException("secret");
                }))
                .build();

        CheckedStep step =
                checker.check("Anything.", StepContext.of("")).steps().get(0);

        assertThat(step.state()).isEqualTo(StepState.UNCHECKED);
        assertThat(step.checks())
                .containsExactly(StepCheck.unchecked("broken", "the validator failed: IllegalStateException"));
    }

    @Test
    void theIdentityCoversTheValidators() {
        assertThat(StepChecker.builder()
                        .validator(StepValidators.arithmetic(1))
                        .build()
                        .identity())
                .isNotEqualTo(StepChecker.builder()
                        .validator(StepValidators.arithmetic(2))
                        .build()
                        .identity());
        assertThatIllegalStateException().isThrownBy(() -> StepChecker.builder().build());
    }
}
