package dev.llmlifecycle.api.text;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class TextSpanTest {

    @Test
    void cutsItsPartOutOfAText() {
        assertThat(new TextSpan(2, 5).of("abcdefg")).isEqualTo("cde");
        assertThat(new TextSpan(2, 5).length()).isEqualTo(3);
        assertThat(new TextSpan(2, 2).of("abc")).isEmpty();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> new TextSpan(2, 5).of("abc"));
    }

    @Test
    void refusesEndsInTheWrongOrder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextSpan(3, 2))
                .withMessage("a span must have 0 <= start <= end but was [3, 2); swap or clamp the ends");
        assertThatIllegalArgumentException().isThrownBy(() -> new TextSpan(-1, 2));
    }
}
