package dev.llmlifecycle.core.extractive;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.core.prompt.PassageBlock;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

@NullMarked
class SentenceScorerTest {

    /** To this model all texts are the same, so that the other features decide. */
    private static final EmbeddingModel SAME_FOR_ALL = new EmbeddingModel() {
        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment -> Embedding.from(new float[] {1, 0}))
                    .toList());
        }
    };

    private static List<ScoredSentence> rank(String question, String... passages) {
        List<PassageBlock.Numbered> numbered = new ArrayList<>();
        for (String passage : passages) {
            numbered.add(new PassageBlock.Numbered(numbered.size() + 1, "source", "", passage));
        }
        return new SentenceScorer(SAME_FOR_ALL, 0).rank(question, numbered);
    }

    private static String best(String question, String... passages) {
        return rank(question, passages).get(0).text();
    }

    @Test
    void wordsOfTheQuestionCountAndRareOnesMore() {
        assertThat(best("Is the tea green?", "The tea is hot. The tea is cold. The leaves are green."))
                .isEqualTo("The leaves are green.");
    }

    @Test
    void wordsThatBeginAlikeCountLessThanTheSame() {
        assertThat(best("invention", "Nothing. They invent. The invention.")).isEqualTo("The invention.");
        assertThat(best("invention", "Nothing. They invent.")).isEqualTo("They invent.");
        assertThat(best("1932", "Nothing. In 19321.")).isEqualTo("Nothing.");
    }

    @Test
    void whatIsAskedForDecides() {
        assertThat(best("How long does a refund take?", "A refund takes its time. You wait for 14 days."))
                .isEqualTo("You wait for 14 days.");
    }

    @Test
    void theSentenceBeforeHelpsInItsOwnPassageOnly() {
        String anna = "Anna opened a showroom.";
        String itIs = "It is a house.";

        assertThat(rank("showroom", anna + " " + itIs + " Rain falls."))
                .extracting(ScoredSentence::text)
                .containsExactly(anna, itIs, "Rain falls.");
        List<ScoredSentence> apart = rank("showroom", anna, itIs, "Rain falls.");
        assertThat(apart.get(1).score() - apart.get(2).score()).isCloseTo(0.06, within(1e-9));
    }

    @Test
    void aQuestionIsLessOfAnAnswer() {
        assertThat(best("Is it far?", "Is it far? It is far.")).isEqualTo("It is far.");
    }

    @Test
    void passagesCountInTheirOrderAndOnlyTheFirstFive() {
        assertThat(rank("x", "A a.", "B b.", "C c.", "D d.", "E e.", "F f."))
                .extracting(ScoredSentence::text)
                .containsExactly("A a.", "B b.", "C c.", "D d.", "E e.");
    }

    @Test
    void supportGrowsWithPassageAndKindOfAnswer() {
        double nothing =
                rank("How long does a refund take?", "The sky is blue.").get(0).support();
        double passage = rank("How long does a refund take?", "The refund is paid.")
                .get(0)
                .support();
        double answer = rank("How long does a refund take?", "The refund takes 14 days.")
                .get(0)
                .support();

        assertThat(nothing).isCloseTo(1 - 0.2, within(1e-9));
        assertThat(passage).isGreaterThan(nothing);
        assertThat(answer).isGreaterThan(passage + 0.3);
    }
}
