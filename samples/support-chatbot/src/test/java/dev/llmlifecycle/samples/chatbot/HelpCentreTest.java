package dev.llmlifecycle.samples.chatbot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    void aTwoPageQuestionNeedsBothOfItsPages() throws IOException {
        for (JsonNode question : lines("questions.jsonl")) {
            boolean twoPages = question.at("/labels/kind").asText().equals("two-pages");
            assertThat(question.has("allOf")).as(question.path("id").asText()).isEqualTo(twoPages);
            if (twoPages) {
                List<String> pages = texts(question.at("/labels/pages").asText());
                List<String> parts = new ArrayList<>();
                question.path("allOf").forEach(part -> parts.add(part.asText()));
                assertThat(pages)
                        .as(question.path("id").asText())
                        .hasSize(2)
                        .allSatisfy(page ->
                                assertThat(parts).anyMatch(page::contains).anyMatch(part -> !page.contains(part)));
            }
        }
    }

    /** What an answer would have to speak of; the question is fair only if no paragraph does. */
    @Test
    void noParagraphSpeaksOfWhatAnUnanswerableQuestionAsks() throws IOException {
        List<String> paragraphs = new ArrayList<>();
        for (Path page : pages()) {
            paragraphs.addAll(List.of(Files.readString(page).split("\\n\\s*\\n", -1)));
        }
        for (JsonNode question : lines("questions.jsonl")) {
            boolean unanswerable = question.at("/labels/answerable").asText().equals("no");
            assertThat(question.has("absent")).as(question.path("id").asText()).isEqualTo(unanswerable);
            if (unanswerable) {
                List<Pattern> terms = new ArrayList<>();
                question.path("absent").forEach(term -> terms.add(Pattern.compile("(?i)" + term.asText())));
                assertThat(terms).isNotEmpty();
                assertThat(paragraphs)
                        .as(question.path("id").asText())
                        .noneMatch(paragraph -> terms.stream()
                                .allMatch(term -> term.matcher(paragraph).find()));
            }
        }
    }

    @Test
    void thereAreAtLeastFortyPagesOfSubstance() throws IOException {
        List<String> texts = new ArrayList<>();
        for (Path page : pages()) {
            texts.add(Files.readString(page));
        }

        assertThat(texts)
                .hasSizeGreaterThanOrEqualTo(40)
                .allSatisfy(text -> assertThat(text)
                        .hasSizeGreaterThan(1500)
                        .containsPattern("(?:Last updated|Valid from): \\d{1,2} \\p{L}+ \\d{4}"));
        assertThat(texts)
                .filteredOn(text -> text.contains("|---") || text.contains("<table"))
                .hasSizeGreaterThan(40);
        assertThat(texts)
                .filteredOn(text -> text.contains("\n- ") || text.contains("<li>"))
                .hasSizeGreaterThan(40);
        assertThat(texts).filteredOn(text -> text.contains(" EUR")).hasSizeGreaterThan(30);
    }

    @Test
    void anOldVersionEndsTheDayBeforeTheNewOneBegins() throws IOException {
        Pattern until = Pattern.compile("Valid until: (.+)");
        Pattern from = Pattern.compile("Valid from: ([^,\\n]+)");
        Pattern link = Pattern.compile("\\]\\(([a-z-]+\\.md)\\)");
        int old = 0;
        for (Path page : pages()) {
            Matcher end = until.matcher(Files.readString(page));
            if (end.find()) {
                old++;
                Matcher current = link.matcher(Files.readString(page));
                assertThat(current.find()).as("%s links its successor", page).isTrue();
                Matcher start = from.matcher(Files.readString(page.resolveSibling(current.group(1))));
                assertThat(start.find()).isTrue();
                assertThat(date(start.group(1)))
                        .as("%s", page)
                        .isEqualTo(date(end.group(1)).plusDays(1));
            }
        }
        assertThat(old).isGreaterThanOrEqualTo(6);
    }

    @Test
    void everyLinkLeadsToAPage() throws IOException {
        Pattern link = Pattern.compile("\\]\\(([^)#:]+)\\)|href=\"([^/\"#:][^\"#:]*)\"");
        for (Path page : pages()) {
            link.matcher(Files.readString(page))
                    .results()
                    .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                    .forEach(target -> assertThat(page.resolveSibling(target)).isRegularFile());
        }
    }

    private static LocalDate date(String text) {
        return LocalDate.parse(text.strip(), DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH));
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(PAGES)) {
            return files.filter(Files::isRegularFile).sorted().toList();
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
