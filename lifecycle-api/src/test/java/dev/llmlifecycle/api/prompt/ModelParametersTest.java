package dev.llmlifecycle.api.prompt;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class ModelParametersTest {

    @Test
    void leavesToTheModelWhatIsNotSet() {
        assertThat(ModelParameters.builder().build()).isEqualTo(ModelParameters.NONE);
        assertThat(ModelParameters.NONE.toCanonical()).isEmpty();
    }

    @Test
    void keepsWhatIsSet() {
        ModelParameters parameters = ModelParameters.builder()
                .temperature(2)
                .topP(1)
                .maxOutputTokens(1)
                .stopSequences("END", "\n")
                .build();

        assertThat(parameters.temperature()).contains(2.0);
        assertThat(parameters.topP()).contains(1.0);
        assertThat(parameters.maxOutputTokens()).contains(1);
        assertThat(parameters.stopSequences()).containsExactly("END", "\n");
        assertThat(parameters.toCanonical()).hasSize(4);
    }

    @Test
    void isEqualWhereItsHashIs() {
        assertThat(ModelParameters.builder().temperature(-0.0).build())
                .isEqualTo(ModelParameters.builder().temperature(0.0).build());
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelParameters.builder().temperature(2.1).build())
                .withMessage("the model parameter temperature must be in [0, 2] but was 2.1; correct or leave it out");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> ModelParameters.builder().temperature(Double.NaN).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelParameters.builder().topP(0).build())
                .withMessage("the model parameter topP must be in (0, 1] but was 0.0; correct or leave it out");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelParameters.builder().topP(1.1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelParameters.builder().maxOutputTokens(0).build())
                .withMessage(
                        "the model parameter maxOutputTokens must be in [1, 2147483647] but was 0; correct or leave it"
                                + " out");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelParameters.builder().stopSequences("").build())
                .withMessage("a stop sequence is empty and would end every answer; leave it out");
    }
}
