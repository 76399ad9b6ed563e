package dev.llmlifecycle.api.retrieval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class RetrievalTest {

    @Test
    void aPassageKnowsItsDocument() {
        Passage passage = new Passage(
                "p1",
                TextSegment.from(
                        "text",
                        Metadata.from(Passage.SOURCE, "returns.md")
                                .put(Passage.TITLE, "Returns")
                                .put(Passage.HEADING, "Returns > Refunds")),
                0.5);

        assertThat(passage.text()).isEqualTo("text");
        assertThat(passage.source()).isEqualTo("returns.md");
        assertThat(passage.title()).contains("Returns");
        assertThat(passage.heading()).contains("Returns > Refunds");
    }

    @Test
    void aPassageOfNoDocumentIsItsOwnSource() {
        Passage passage = new Passage("p1", TextSegment.from("text"), -1);

        assertThat(passage.source()).isEqualTo("p1");
        assertThat(passage.title()).isEmpty();
        assertThat(passage.heading()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void aScoreIsFinite(double score) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Passage("p1", TextSegment.from("text"), score))
                .withMessage("the score of passage 'p1' must be finite but was " + score + "; check the vectors");
    }

    @Test
    void blankIdsAndQuestionsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Passage(" ", TextSegment.from("text"), 1))
                .withMessage("the id of a passage is blank; give each passage a stable id");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetrievalRequest.of(" \n"))
                .withMessage("the text to retrieve for is blank; ask only for questions that have words");
    }

    @Test
    void aRequestAsksForAllUnlessToldOtherwise() {
        assertThat(RetrievalRequest.of("why"))
                .isEqualTo(new RetrievalRequest("why", Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void aRetrievalCopiesItsPassages() {
        List<Passage> passages = new ArrayList<>(List.of(new Passage("p1", TextSegment.from("text"), 1)));
        Retrieval retrieval = new Retrieval(passages, "s1");

        passages.clear();

        assertThat(retrieval.passages()).hasSize(1);
        assertThat(new ContextCache.Lookup(retrieval, true).retrieval()).isSameAs(retrieval);
    }

    @Test
    void citationsCountFromOne() {
        assertThat(new Citation(1, "p1", "a.md").number()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Citation(0, "p1", "a.md"))
                .withMessage("citations count from 1 but this one is 0; use the passage's number");
    }
}
