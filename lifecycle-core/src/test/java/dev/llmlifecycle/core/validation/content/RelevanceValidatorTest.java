package dev.llmlifecycle.core.validation.content;

import java.util.List;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.contract.ValidatorContract;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class RelevanceValidatorTest extends ValidatorContract {

    private static final Identity MODEL = Identity.of("model", "1");

    @Override
    protected Validator create() {
        return RelevanceValidator.builder().build();
    }

    @Override
    protected String acceptable() {
        return "A refund takes 14 days.";
    }

    @Override
    protected String objectionable() {
        return "The library opens at nine, and its garden is lovely in spring.";
    }

    @Test
    @DisplayName("each sign that an answer belongs to its question makes it more likely")
    void countsWordsKindAndPassages() {
        RelevanceValidator validator = RelevanceValidator.builder().build();
        ValidationContext bare = ValidationContext.of("How long does a refund take?", List.of());

        double words = validator.probability("A refund takes a while.", bare);
        assertThat(words).isGreaterThan(validator.probability("Everything takes a while.", bare));
        assertThat(validator.probability("A refund takes 14 days.", bare)).isGreaterThan(words);

        ValidationContext found = ValidationContext.of(
                "How long does it take?",
                List.of(new Passage("p", TextSegment.from("Money comes back to the card within 14 days"), 1)));
        assertThat(validator.probability("Money comes back within 14 days.", found))
                .isGreaterThan(validator.probability("Our garden opens at 9.", found));
    }

    @Test
    void comparesMeaningsWhereThereIsAModel() {
        RelevanceValidator validator =
                RelevanceValidator.builder().embeddingModel(MODEL, new Money()).build();
        ValidationContext context = ValidationContext.of("Where is my refund?", List.of());

        assertThat(validator.probability("Your money is on its way.", context)).isGreaterThan(0.9);
        assertThat(validator.probability("Roses are red.", context)).isLessThan(0.2);
        assertThat(validator.identity()).isNotEqualTo(create().identity());
    }

    @Test
    void isAWarningUnlessToldOtherwise() {
        assertThat(create().validate(objectionable(), context())).isInstanceOf(ValidationOutcome.Pass.class);
        ValidationOutcome strict = RelevanceValidator.builder()
                .severity(Finding.Severity.ERROR)
                .build()
                .validate(objectionable(), context());
        assertThat(strict)
                .isInstanceOfSatisfying(
                        ValidationOutcome.Retry.class,
                        retry -> assertThat(retry.instruction())
                                .isEqualTo(
                                        "Your answer does not seem to answer the question. Answer again, and begin with what"
                                                + " was asked."));
        assertThat(strict.findings().get(0).confidence()).isBetween(0.8, 1.0);
    }

    @Test
    void doesNotJudgeAQuestionWithoutContent() {
        assertThat(create().validate(objectionable(), ValidationContext.of("Why?", List.of())))
                .isEqualTo(ValidationOutcome.pass());
    }

    @Test
    void refusesAProbabilityOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelevanceValidator.builder().minimumProbability(1))
                .withMessage("the minimum probability of relevance must be in (0, 1) but was 1.0; 0.2 is the default");
    }

    /** One direction for money, another for the rest. */
    private static final class Money implements EmbeddingModel {

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(TextSegment::text)
                    .map(text -> text.contains("refund") || text.contains("money")
                            ? Embedding.from(new float[] {1, 0})
                            : Embedding.from(new float[] {0, 1}))
                    .toList());
        }
    }
}
