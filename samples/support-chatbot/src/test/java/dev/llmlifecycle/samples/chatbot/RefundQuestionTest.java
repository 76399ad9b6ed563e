package dev.llmlifecycle.samples.chatbot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The program of the README, on the real embedding model. */
final class RefundQuestionTest {

    private static final Path SOURCE = Path.of("src/test/java/dev/llmlifecycle/samples/chatbot/RefundQuestion.java");

    @Test
    void isUnderFortyLines() throws IOException {
        List<String> lines = Files.readAllLines(SOURCE);

        assertThat(lines.indexOf("// docs:end readme") - lines.indexOf("// docs:begin readme"))
                .isBetween(20, 40);
    }

    @Test
    void answersWithASource() {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            RefundQuestion.main(new String[0]);
        } finally {
            System.setOut(before);
        }

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("working days [")
                .contains(" refunds.md");
    }
}
