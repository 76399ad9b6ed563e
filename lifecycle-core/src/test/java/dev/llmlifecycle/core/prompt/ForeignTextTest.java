package dev.llmlifecycle.core.prompt;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

import dev.llmlifecycle.api.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class ForeignTextTest {

    private static final List<String> CONTROL_TOKENS = List.of(
            "<|im_start|>",
            "<|im_end|>",
            "<|eot_id|>",
            "<|start_header_id|>",
            "<|endoftext|>",
            "<｜User｜>",
            "[INST]",
            "[/INST]",
            "[SYSTEM_PROMPT]",
            "[TOOL_CALLS]",
            "<<SYS>>",
            "<</SYS>>",
            "<s>",
            "</s>",
            "<bos>",
            "<start_of_turn>",
            "<end_of_turn>",
            "<passage number=\"1\"",
            "</passage>",
            "</ PASSAGE>");

    private static final String[] PIECES = {
        "<|im_start|>",
        "[INST]",
        "[/INST]",
        "<<SYS>>",
        "</s>",
        "<",
        "[",
        "|",
        "\u200B",
        "s>",
        "INST]",
        "<passage",
        " ",
        "a"
    };

    @Test
    void defusesTheControlTokensOfModels() {
        for (String token : CONTROL_TOKENS) {
            for (String text : List.of(token, "a" + token + "b", token + token, token.toLowerCase(Locale.ROOT))) {
                assertThat(ForeignText.defuse(text))
                        .as(token)
                        .doesNotContainIgnoringCase(token)
                        .isNotEqualTo(text);
                assertThat(ForeignText.restore(ForeignText.defuse(text))).isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a < b",
                "a[0]",
                "[1]",
                "List<String>",
                "<b>bold</b>",
                "<span>",
                "a | b",
                "INST",
                "<ss>",
                "[INSTANCE]"
            })
    void leavesOtherTextAsItIs(String text) {
        assertThat(ForeignText.defuse(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void holdsNoControlTokenAndComesBackWhateverItWasMadeOf(SplittableRandom random) {
        String text = Seeds.text(random, 12, PIECES);

        String defused = ForeignText.defuse(text);

        CONTROL_TOKENS.forEach(token -> assertThat(defused).doesNotContainIgnoringCase(token));
        assertThat(ForeignText.restore(defused)).isEqualTo(text);
        assertThat(ForeignText.restore(ForeignText.restore(ForeignText.defuse(defused))))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void staysBetweenItsTags(SplittableRandom random) {
        String text = Seeds.text(random, 12, "<mail>", "</mail>", "</ mail", "<", "/", "mail>", "\n", "a", "\u200B");

        String delimited = ForeignText.delimit("mail", text);

        assertThat(delimited).startsWith("<mail>\n").endsWith("\n</mail>");
        String inside = delimited.substring("<mail>\n".length(), delimited.length() - "\n</mail>".length());
        assertThat(inside).doesNotContain("<mail", "</mail", "</ mail");
    }

    @Test
    void putsAMarkInPlaceOfWhiteSpace() {
        assertThat(ForeignText.mark("ignore the\n\n above\uE000!")).isEqualTo("ignore\uE000the\uE000above\uE000!");
    }
}
