package dev.llmlifecycle.retrieval.ingest;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.TokenCountEstimator;
import dev.llmlifecycle.api.Seeds;
import dev.llmlifecycle.api.retrieval.Passage;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
class ChunkersTest {

    /** Words and other signs, one token each; a long word has one for five letters. */
    private static final TokenCountEstimator TOKENS = new Tokens();

    private static final String TEXT = """
            # Orders

            The first sentence is here. The second one is here too. A third one ends it.

            ## Refunds

            Money comes back within five days. Bank holidays do not count.
            """;

    @Test
    void byTokensFillsChunksWithWordsAndRepeatsSome() {
        List<TextSegment> chunks = split(Chunkers.byTokens(4, 2, TOKENS), "one two three four five six seven");

        assertThat(chunks)
                .extracting(TextSegment::text)
                .containsExactly("one two three four", "three four five six", "five six seven");
        assertThat(split(Chunkers.byTokens(4, 0, TOKENS), "one two three four five"))
                .extracting(TextSegment::text)
                .containsExactly("one two three four", "five");
    }

    @Test
    void byTokensCutsAWordThatIsTooLong() {
        assertThat(split(Chunkers.byTokens(3, 1, TOKENS), "x" + "\uD83D\uDE00".repeat(20) + " end"))
                .hasSizeGreaterThan(3)
                .noneMatch(chunk -> Character.isLowSurrogate(chunk.text().charAt(0)))
                .last()
                .extracting(TextSegment::text)
                .asString()
                .endsWith("end");
    }

    @Test
    void bySentencesKeepsSentencesWhole() {
        List<TextSegment> chunks = split(
                Chunkers.bySentences(60, 30),
                "One is short. Two is short. Three is short. "
                        + "This sentence is far too long to fit into a chunk of sixty characters, so it is cut.");

        assertThat(chunks)
                .extracting(TextSegment::text)
                .containsExactly(
                        "One is short. Two is short. Three is short.",
                        "This sentence is far too long to fit into a chunk of sixty",
                        "characters, so it is cut.");
        assertThat(split(Chunkers.bySentences(9, 4, TOKENS), "Ask us here. Dogs bark loud. Go in now."))
                .extracting(TextSegment::text)
                .containsExactly("Ask us here. Dogs bark loud.", "Dogs bark loud. Go in now.");
    }

    @Test
    void everyChunkKnowsThePathOfItsHeadings() {
        for (DocumentSplitter splitter : List.of(
                Chunkers.byTokens(12, 0, TOKENS),
                Chunkers.bySentences(60, 0),
                Chunkers.byStructure(100),
                Chunkers.byStructure(20, TOKENS),
                Chunkers.parentChild(Chunkers.byStructure(100), Chunkers.bySentences(60, 0)))) {
            List<TextSegment> chunks = split(splitter, TEXT);
            assertThat(heading(chunks.get(0))).isEqualTo("Orders");
            assertThat(heading(chunks.get(chunks.size() - 1))).isEqualTo("Orders > Refunds");
            assertThat(chunks).allMatch(chunk -> "en".equals(chunk.metadata().getString("language")));
        }
    }

    @Test
    void byStructureMeasuresInTokens() {
        assertThat(split(Chunkers.byStructure(20, TOKENS), "One two three four. ".repeat(10)))
                .extracting(TextSegment::text)
                .containsExactly(
                        "One two three four. ".repeat(4).strip(),
                        "One two three four. ".repeat(4).strip(),
                        "One two three four. ".repeat(2).strip());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Chunkers.byStructure(19, TOKENS))
                .withMessage("maximumTokens must be at least 20 but was 19; shorter passages lose their meaning");
    }

    @Test
    void childrenCarryTheirParent() {
        DocumentSplitter splitter = Chunkers.parentChild(Chunkers.byStructure(200), Chunkers.bySentences(30, 0));

        List<TextSegment> children = split(splitter, TEXT);

        assertThat(children)
                .extracting(TextSegment::text)
                .containsExactly(
                        "The first sentence is here.",
                        "The second one is here too.",
                        "A third one ends it.",
                        "Money comes back within five",
                        "days.",
                        "Bank holidays do not count.");
        assertThat(children.get(1).metadata().getString(Chunkers.PARENT_TEXT))
                .isEqualTo("The first sentence is here. The second one is here too. A third one ends it.");
        assertThat(TEXT.substring(
                        integer(children.get(4), Chunkers.PARENT_START), integer(children.get(4), Chunkers.PARENT_END)))
                .isEqualTo("Money comes back within five days. Bank holidays do not count.");
    }

    @Test
    void childrenOfATablePartHaveTheHeaderInTheirParentOnly() {
        String header = "| Country | Days |\n| --- | --- |\n";
        String row = "| Somewhere far away | 12 |\n";
        List<TextSegment> children = split(
                Chunkers.parentChild(Chunkers.byStructure(100), Chunkers.bySentences(40, 0)), header + row.repeat(5));

        TextSegment last = children.get(children.size() - 1);
        assertThat(last.text()).isEqualTo(row.strip());
        assertThat(last.metadata().getString(Chunkers.PARENT_TEXT)).isEqualTo(header + row.strip());
    }

    @Test
    void refusesWhatCannotWork() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Chunkers.byTokens(0, 0, TOKENS))
                .withMessage("the maximum of a chunk must be at least 1 but was 0; a few hundred tokens are usual");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Chunkers.bySentences(10, 10))
                .withMessage("the overlap of chunks must be from 0 to below their maximum of 10 but was 10;"
                        + " a tenth of the maximum is usual, or none");
        DocumentSplitter foreign = document -> List.of(TextSegment.from(document.text()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> split(Chunkers.parentChild(foreign, foreign), "text"))
                .withMessage("a splitter of parents or children gave a segment without metadata 'start';"
                        + " use the splitters of Chunkers");
    }

    static Stream<Named<SplittableRandom>> seeds() {
        return Seeds.some();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyChunkIsThePieceThatItNamesAndNoWordIsLost(SplittableRandom random) {
        String text = Seeds.text(
                random,
                120,
                "word ",
                "long-word-of-many-letters ",
                "Sentence ends. ",
                "Why? ",
                "\n\n",
                "\n## Head\n",
                "\n- item ",
                "\n| cell | cell |\n| --- | --- |\n| a | b |\n",
                "\n```\ncode code\n```\n",
                "\uD83D\uDE00",
                "你好。",
                "\t");
        int maximum = 20 + random.nextInt(30);
        int overlap = random.nextInt(maximum);
        if (text.trim().isEmpty()) {
            return;
        }
        for (DocumentSplitter splitter : List.of(
                Chunkers.byTokens(maximum, overlap, TOKENS),
                Chunkers.bySentences(maximum, overlap, TOKENS),
                Chunkers.bySentences(maximum, overlap),
                Chunkers.byStructure(maximum, TOKENS),
                Chunkers.parentChild(Chunkers.byTokens(60, 0, TOKENS), Chunkers.bySentences(maximum, 0)))) {
            StringBuilder covered = new StringBuilder(" ".repeat(text.length()));
            for (TextSegment chunk : split(splitter, text)) {
                int start = integer(chunk, Chunkers.START);
                int end = integer(chunk, Chunkers.END);
                int repeated = chunk.metadata().containsKey(Chunkers.REPEATED) ? integer(chunk, Chunkers.REPEATED) : 0;
                assertThat(text.substring(start, end)).isEqualTo(chunk.text().substring(repeated));
                covered.replace(start, end, "x".repeat(end - start));
            }
            if (splitter instanceof PassageSplitter) {
                continue;
            }
            for (int i = 0; i < text.length(); i++) {
                assertThat(covered.charAt(i) == 'x' || Character.isWhitespace(text.charAt(i)))
                        .as("character %d", i)
                        .isTrue();
            }
        }
    }

    private static List<TextSegment> split(DocumentSplitter splitter, String text) {
        return splitter.split(Document.from(text, Metadata.from("language", "en")));
    }

    private static int integer(TextSegment segment, String key) {
        return Objects.requireNonNull(segment.metadata().getInteger(key), key);
    }

    private static String heading(TextSegment segment) {
        return Objects.requireNonNullElse(segment.metadata().getString(Passage.HEADING), "");
    }

    private static final class Tokens implements TokenCountEstimator {

        private static final Pattern TOKEN = Pattern.compile("\\p{L}{1,5}|[^\\s\\p{L}]");

        @Override
        public int estimateTokenCountInText(String text) {
            return (int) TOKEN.matcher(text).results().count();
        }

        @Override
        public int estimateTokenCountInMessage(ChatMessage message) {
            throw new UnsupportedOperationException("texts only");
        }

        @Override
        public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
            throw new UnsupportedOperationException("texts only");
        }
    }
}
