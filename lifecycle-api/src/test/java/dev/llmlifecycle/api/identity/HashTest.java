package dev.llmlifecycle.api.identity;

import java.util.Map;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class HashTest {

    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void isTheSha256OfNistsExamples() {
        assertThat(Hash.ofBytes(new byte[0]).hex()).isEqualTo(EMPTY);
        assertThat(Hash.ofUtf8("abc").hex()).isEqualTo(ABC);
        assertThat(Hash.ofUtf8("ß")).isEqualTo(Hash.ofBytes(new byte[] {(byte) 0xc3, (byte) 0x9f}));
        assertThat(Hash.ofCanonicalJson(Map.of("a", 1))).isEqualTo(Hash.ofUtf8("{\"a\":1}"));
    }

    @Test
    void showsItsDigitsAndOrdersByThem() {
        assertThat(new Hash(ABC)).hasToString(ABC).isLessThan(new Hash(EMPTY));
        assertThat(new Hash(ABC).shortForm()).isEqualTo("ba7816bf8f01");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", EMPTY + "0"})
    void refusesOtherDigits(String hex) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Hash(hex))
                .withMessage("a hash must be 64 lower-case hexadecimal digits but was '" + hex
                        + "'; take it from Hash.hex() or a file name");
    }
}
