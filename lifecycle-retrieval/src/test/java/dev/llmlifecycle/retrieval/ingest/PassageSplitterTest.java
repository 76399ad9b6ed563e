package dev.llmlifecycle.retrieval.ingest;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.retrieval.Passage;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
class PassageSplitterTest {

    private final PassageSplitter splitter =
            PassageSplitter.builder().maximumCharacters(100).build();

    @Test
    void neverCrossesAHeadingAndNamesThePathOfHeadings() {
        List<TextSegment> passages = split("""
                Before all.

                # Orders
                Top.
                ## Refunds **and** [returns](x.md) ##
                Five days.
                ### Cards
                By card.
                ## Shipping
                Fast.

                Contact
                -------
                Call us.
                """);

        assertThat(passages)
                .extracting(TextSegment::text)
                .containsExactly("Before all.", "Top.", "Five days.", "By card.", "Fast.", "Call us.");
        assertThat(passages)
                .extracting(passage -> String.valueOf(passage.metadata().getString(Passage.HEADING)))
                .containsExactly(
                        "null",
                        "Orders",
                        "Orders > Refunds and returns",
                        "Orders > Refunds and returns > Cards",
                        "Orders > Shipping",
                        "Orders > Contact");
    }

    @Test
    void packsShortBlocksTogetherAndKeepsTheMetadataOfTheDocument() {
        Document document = Document.from(
                "One.\n\nTwo.\n\n- a\n- b", Metadata.from("source", "x.md").put("title", "X"));

        TextSegment passage = splitter.split(document).get(0);

        assertThat(passage.text()).isEqualTo(document.text());
        assertThat(passage.metadata().toMap()).isEqualTo(Map.of("source", "x.md", "title", "X", "start", 0, "end", 19));
    }

    @Test
    void splitsALongParagraphBetweenSentences() {
        String sentence = "This sentence has exactly forty letters. ";
        List<TextSegment> passages = split(sentence.repeat(5));

        assertThat(passages)
                .extracting(TextSegment::text)
                .containsExactly(sentence.repeat(2).strip(), sentence.repeat(2).strip(), sentence.strip());
    }

    @Test
    void splitsALongListBetweenItemsAndKeepsItsIntroduction() {
        String item = "- an item of this list with some more words\n";
        List<TextSegment> passages = split("You need all of these:\n\n" + item.repeat(4));

        assertThat(passages)
                .extracting(TextSegment::text)
                .containsExactly("You need all of these:\n\n" + item.strip(), (item + item).strip(), item.strip());
    }

    @Test
    void keepsNestedItemsAndTheirParagraphsWithTheirItem() {
        String item =
                "1. first words of it\n\n   more words\n   - nested one\n\n     ```\n     code\n\n     code\n     ```\n";
        List<TextSegment> passages = split(item + item);

        assertThat(passages).extracting(TextSegment::text).containsExactly(item.strip(), item.strip());
    }

    @Test
    void splitsATableBetweenRowsAndRepeatsTheHeader() {
        String header = "| Country | Days |\n| --- | --- |\n";
        String row = "| Somewhere far away | 12 |\n";
        List<TextSegment> passages = split(header + row.repeat(5));

        assertThat(passages)
                .extracting(TextSegment::text)
                .containsExactly(header + row + row.strip(), header + row + row.strip(), header + row.strip());
        int start = passages.get(1).metadata().getInteger(Chunkers.START);
        assertThat(start).isEqualTo((header + row + row).length());
        assertThat(passages.get(0).metadata().containsKey(Chunkers.REPEATED)).isFalse();
        assertThat(passages.get(1).metadata().getInteger(Chunkers.REPEATED)).isEqualTo(header.length());
    }

    @Test
    void splitsATableWithoutOrWithALongHeader() {
        String row = "| Somewhere far away | 12 |\n";
        assertThat(split(row.repeat(8)))
                .hasSizeGreaterThan(2)
                .allMatch(passage -> passage.text().startsWith(row));
        String wide = "| " + "wide ".repeat(12) + "|\n";
        assertThat(split(wide + row.repeat(8)))
                .filteredOn(passage -> passage.text().contains("wide"))
                .hasSize(1);
    }

    @Test
    void keepsCodeTogetherUpToTwiceTheMaximum() {
        String code = "```java\n" + "int x = 1; // code\n\n".repeat(7) + "```";
        assertThat(split("Intro.\n\n" + code)).extracting(TextSegment::text).containsExactly("Intro.", code);
        String longCode = "~~~\n# no heading\n" + "int x = 1; // code\n".repeat(20) + "~~~";
        assertThat(split(longCode))
                .hasSizeGreaterThan(3)
                .allMatch(passage -> passage.text().length() <= 100);
        assertThat(split("```\nnever closed\n# no heading")).hasSize(1);
    }

    @Test
    void leavesCommentsAndRulesOut() {
        List<TextSegment> passages = split("One.\n<!-- a\ncomment -->\nTwo.\n\n* * *\n\nThree.\n\n<!-- open");

        assertThat(passages).extracting(TextSegment::text).containsExactly("One.", "Two.", "Three.");
        assertThat(split("One.\n\n<!-- c -->\n\nTwo.")).hasSize(2);
    }

    @Test
    void cutsWhatHasNoSentenceEnd() {
        assertThat(split("word ".repeat(50)))
                .hasSize(3)
                .allMatch(passage -> passage.text().endsWith("word"));
        String emoji = "x" + "\uD83D\uDE00".repeat(120);
        List<TextSegment> pieces = split(emoji);
        assertThat(pieces.stream().map(TextSegment::text).collect(Collectors.joining()))
                .isEqualTo(emoji);
        assertThat(pieces)
                .noneMatch(piece -> Character.isLowSurrogate(piece.text().charAt(0)));
        assertThat(split("- " + "One sentence here. ".repeat(12))).hasSize(3);
    }

    @Test
    void makesNoPassageOfHeadingsAlone() {
        assertThat(split("# Only\n\n## Headings\n\n#")).isEmpty();
    }

    @Test
    void refusesATinyMaximum() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PassageSplitter.builder().maximumCharacters(99))
                .withMessage("maximumCharacters must be at least 100 but was 99; shorter passages lose their meaning");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyPassageIsAPieceOfTheDocumentAndNoWordIsLostOrTwice(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> kinds = List.of(
                "\n\n", "\n", "\n- ", "\n1. ", "\n  - ", ". ", "? ", " ", " ", " ", " ", "\n\n## ", "\n\n    ", "\n> ");
        String text = IntStream.range(0, 1500)
                .mapToObj(i -> "w" + i + kinds.get(random.nextInt(kinds.size())))
                .collect(Collectors.joining());

        int last = 0;
        StringBuilder seen = new StringBuilder();
        for (TextSegment passage : split(text)) {
            int start = passage.metadata().getInteger(Chunkers.START);
            int end = passage.metadata().getInteger(Chunkers.END);
            assertThat(text.substring(start, end)).as("seed %d", seed).isEqualTo(passage.text());
            assertThat(start).as("seed %d", seed).isGreaterThanOrEqualTo(last);
            assertThat(passage.text().length()).as("seed %d", seed).isLessThanOrEqualTo(100);
            last = end;
            seen.append(passage.text()).append('\n');
            seen.append(passage.metadata().toMap().getOrDefault(Passage.HEADING, ""))
                    .append('\n');
        }
        // A heading without a text below it belongs to no passage.
        String body = text.replaceAll("(?m)^##.*$", "");
        Pattern.compile("w\\d+")
                .matcher(body)
                .results()
                .forEach(word -> assertThat(seen).as("seed %d", seed).containsPattern("\\b" + word.group() + "\\b"));
    }

    private List<TextSegment> split(String text) {
        return splitter.split(Document.from(text));
    }
}
