package dev.llmlifecycle.samples.chatbot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.core.validation.business.BusinessRule;
import dev.llmlifecycle.core.validation.business.BusinessRules;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The business rules of the sample against the pages of its help centre. */
final class BusinessRulesFileTest {

    private static final BusinessRules RULES = BusinessRules.read(Path.of("business-rules.yaml"));

    @TempDir
    private Path folder;

    @Test
    @DisplayName("no page of the help centre breaks a rule that blocks")
    void thePagesKeepTheRules() throws IOException {
        for (Path page : pages()) {
            assertThat(errors(Files.readString(page))).as(page.toString()).isEmpty();
        }
    }

    @Test
    void everyFactIsToldByAPage() throws IOException {
        String all = "";
        for (Path page : pages()) {
            all += Files.readString(page);
        }
        String text = all;
        for (BusinessRule rule : RULES.rules()) {
            if (rule instanceof BusinessRule.Facts facts) {
                assertThat(facts.tables().get().rows())
                        .isNotEmpty()
                        .allSatisfy(row -> assertThat(text)
                                .containsIgnoringCase(row.name())
                                .contains(row.value().toPlainString() + " " + row.unit()));
            }
        }
    }

    @Test
    void aWrongPriceIsNotSent() {
        assertThat(errors("A second journey costs 25.00 EUR."))
                .extracting(Finding::message)
                .containsExactly(
                        "Rule 'prices' of Head of Sales: '25.00 EUR' stands there for 'second journey', and the"
                                + " table has 27.00 EUR (an answer binds the shop)");
    }

    @Test
    void aWrongFileIsOneLineForTheUser() throws IOException {
        Program program = new Program(folder);
        Path sample = folder.resolve("project/samples/support-chatbot");
        Files.createDirectories(sample.resolve("help-centre"));
        Files.createDirectories(folder.resolve("project/docs"));
        Files.writeString(folder.resolve("project/docs/b.md"), "# Delivery\n\nA parcel takes 2 days.\n");
        Files.writeString(sample.resolve("help-centre/a.md"), "# Refund\n\nA refund takes 14 days.\n");
        Files.writeString(sample.resolve("business-rules.yaml"), "format: 1\nname: shop\nruls: []\n");

        Program.Result result = program.env(
                        "CHATBOT_HOME", folder.resolve("project").toString())
                .run("", "--ask", Program.REFUND);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.complaints())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("business-rules.yaml, line 3: 'ruls' is not known; use one of [format, name"));
    }

    private static List<Finding> errors(String answer) {
        return RULES.validate(answer, ValidationContext.of("What does it cost?", List.of())).findings().stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .toList();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("help-centre"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
