package dev.llmlifecycle.samples.chatbot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class HelpCentreTest {

    private static final Path PAGES = Path.of("help-centre");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyGoldStringStandsVerbatimInAPageThatTheQuestionNames() throws IOException {
        for (JsonNode question : lines("questions.jsonl")) {
            List<String> pages = texts(question.path("labels").path("pages").asText());
            for (JsonNode gold : question.path("expected")) {
                assertHolds(question.path("id").asText(), pages, gold.asText());
            }
            for (JsonNode gold : question.path("allOf")) {
                assertHolds(question.path("id").asText(), pages, gold.asText());
            }
        }
    }

    @Test
    void everyGoldStringOfADialogueStandsVerbatimInItsPage() throws IOException {
        for (JsonNode dialogue : lines("dialogues.jsonl")) {
            for (JsonNode turn : dialogue.path("turns")) {
                List<String> pages = texts(turn.path("pages").asText());
                for (JsonNode gold : turn.path("expected")) {
                    assertHolds(dialogue.path("id").asText(), pages, gold.asText());
                }
            }
        }
    }

    @Test
    void thereAreEnoughQuestionsOfEachKindInBothSplits() throws IOException {
        Set<String> ids = new HashSet<>();
        int answerable = 0;
        int unanswerable = 0;
        int twoPages = 0;
        for (JsonNode question : lines("questions.jsonl")) {
            assertThat(ids.add(question.path("id").asText())).isTrue();
            JsonNode labels = question.path("labels");
            boolean test = labels.path("split").asText().equals("test");
            boolean yes = labels.path("answerable").asText().equals("yes");
            assertThat(question.path("expected").isEmpty())
                    .as(question.path("id").asText())
                    .isEqualTo(!yes);
            answerable += test && yes ? 1 : 0;
            unanswerable += yes ? 0 : 1;
            twoPages += labels.path("kind").asText().equals("two-pages") ? 1 : 0;
        }
        assertThat(ids).hasSizeGreaterThanOrEqualTo(100);
        assertThat(answerable).isGreaterThanOrEqualTo(20);
        assertThat(unanswerable).isGreaterThanOrEqualTo(20);
        assertThat(twoPages).isGreaterThanOrEqualTo(20);
    }

    @Test
    void thereAreAtLeastFortyPages() throws IOException {
        try (Stream<Path> files = Files.walk(PAGES)) {
            assertThat(files.filter(Files::isRegularFile)).hasSizeGreaterThanOrEqualTo(40);
        }
    }

    private static void assertHolds(String id, List<String> pages, String gold) {
        assertThat(pages).as("%s: %s", id, gold).anyMatch(page -> page.contains(gold));
    }

    private static List<String> texts(String pages) throws IOException {
        Set<String> texts = new TreeSet<>();
        for (String page : pages.split(",", -1)) {
            if (!page.isBlank()) {
                texts.add(Files.readString(PAGES.resolve(page.strip())));
            }
        }
        return List.copyOf(texts);
    }

    private static List<JsonNode> lines(String file) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.map(HelpCentreTest::parse).toList();
        }
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
