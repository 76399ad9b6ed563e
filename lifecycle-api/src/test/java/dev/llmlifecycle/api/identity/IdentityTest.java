package dev.llmlifecycle.api.identity;

import java.util.Map;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class IdentityTest {

    @Test
    void differsWhereNameVersionOrConfigurationDo() {
        Identity identity = Identity.of("hybrid", "1", Map.of("topK", 5));

        assertThat(identity)
                .isEqualTo(Identity.of("hybrid", "1", Map.of("topK", 5.0)))
                .isNotEqualTo(Identity.of("lexical", "1", Map.of("topK", 5)))
                .isNotEqualTo(Identity.of("hybrid", "2", Map.of("topK", 5)))
                .isNotEqualTo(Identity.of("hybrid", "1", Map.of("topK", 6)))
                .isNotEqualTo(Identity.of("hybrid", "1"));
    }

    @Test
    void showsNameVersionAndShortHash() {
        assertThat(Identity.of("hybrid", "1")).hasToString("hybrid:1@44136fa355b3");
    }

    @Test
    void refusesABlankNameOrVersion() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identity.of(" ", "1"))
                .withMessage("the name of an identity is blank; give it a name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identity.of("hybrid", ""))
                .withMessage("the version of an identity is blank; give it a version");
    }
}
