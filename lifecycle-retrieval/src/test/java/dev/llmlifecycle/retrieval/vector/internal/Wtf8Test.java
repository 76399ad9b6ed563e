package dev.llmlifecycle.retrieval.vector.internal;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
class Wtf8Test {

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void anyStringIsReadBack(SplittableRandom random) {
        String pieces = "aé€\uFFFD?\uD834\uDD1E\uD800\uDBFF\uDC00\uDFFF\uD7FF\uE000";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(pieces.charAt(random.nextInt(pieces.length())));
        }
        assertThat(Wtf8.decode(Wtf8.encode(text.toString()))).isEqualTo(text.toString());
    }

    @Test
    void textIsUtf8AndHalfAPairIsThreeBytes() {
        assertThat(Wtf8.encode("é€𝄞")).isEqualTo("é€𝄞".getBytes(StandardCharsets.UTF_8));
        assertThat(HexFormat.of().formatHex(Wtf8.encode("a\uD800b"))).isEqualTo("61eda08062");
        assertThat(HexFormat.of().formatHex(Wtf8.encode("\uDFFF𝄞"))).isEqualTo("edbfbff09d849e");
    }
}
