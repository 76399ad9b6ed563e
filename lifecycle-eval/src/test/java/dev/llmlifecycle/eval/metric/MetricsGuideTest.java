package dev.llmlifecycle.eval.metric;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.TokenPrices;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.eval.Answers;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/** What {@code docs/metrics.md} shows, and metrics of what an answer took. */
@NullMarked
final class MetricsGuideTest {

    private static final Example ORDER =
            Example.builder("q1", "Extract the order").expected("A-17").build();

    @Test
    void readsJson() {
        // docs:begin json
        Metric id = Metrics.jsonValue("order-id", "/order/id"); // one place, RFC 6901
        Metric anyItem = Metrics.jsonPath("an-item", "$.order.items[*].sku"); // any of several
        Metric valid = Metrics.jsonSchema("valid", """
                {"type": "object", "required": ["order"],
                 "properties": {"order": {"type": "object", "required": ["id"]}}}
                """);
        // docs:end json
        Answer answer =
                Answers.answered("{\"order\": {\"id\": \"A-17\", \"items\": [{\"sku\": \"B\"}, {\"sku\": \"A-17\"}]}}");
        assertThat(id.passed(ORDER, answer)).isTrue();
        assertThat(anyItem.passed(ORDER, answer)).isTrue();
        assertThat(valid.passed(ORDER, answer)).isTrue();
        Answer other = Answers.answered("{\"order\": {\"items\": []}}");
        assertThat(id.passed(ORDER, other)).isFalse();
        assertThat(anyItem.passed(ORDER, other)).isFalse();
        assertThat(valid.passed(ORDER, other)).isFalse();
        for (Answer none : List.of(Answers.answered("Sure: {}"), Answers.answered(""), Answers.abstained())) {
            assertThat(anyItem.passed(ORDER, none)).isFalse();
            assertThat(valid.passed(ORDER, none)).isFalse();
        }
    }

    @Test
    void pathsAndSchemasAreCheckedBeforeTheFirstAnswer() {
        for (String wrong : List.of("$.order[?(@.id", "")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Metrics.jsonPath("an-item", wrong))
                    .withMessage("the path of metric 'an-item' must be a JSON path but was '" + wrong
                            + "'; write one such as $.items[0].id");
        }
        for (String wrong : List.of(
                "{",
                "",
                "null",
                "{\"type\": 7}",
                "{\"$ref\": \"#/$defs/none\"}",
                "{\"$ref\": \"https://example.com/elsewhere.json\"}",
                "{\"pattern\": \"[\"}")) {
            assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() -> Metrics.jsonSchema("valid", wrong))
                    .withMessage("the JSON schema of metric 'valid' cannot be used; correct what the cause names");
        }
    }

    @Test
    void aSchemaMayNameItsDraft() {
        Metric draft7 = Metrics.jsonSchema(
                "valid",
                "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"items\": [{\"type\": \"number\"}]}");
        assertThat(draft7.passed(ORDER, Answers.answered("[1, \"x\"]"))).isTrue();
        assertThat(draft7.passed(ORDER, Answers.answered("[\"x\"]"))).isFalse();
    }

    @Test
    void countsWhatAnAnswerTook() {
        // docs:begin spent
        TokenPrices prices = new TokenPrices(new BigDecimal("0.15"), new BigDecimal("0.60"));
        Metric fast = Metrics.atMost("fast", AnswerScores::latencyMillis, 2_000);
        Metric brief = Metrics.atMost("brief", AnswerScores::outputTokens, 300);
        Metric cheap = Metrics.atMost("cheap", AnswerScores.cost(prices), 0.001);
        // docs:end spent
        Interaction interaction = Interaction.builder("i1", Instant.EPOCH, "question")
                .tokens(2_000, 500)
                .duration(Duration.ofMillis(1_500))
                .build();
        Answer answer = new Answer(new Outcome.Answered("A-17"), interaction);
        assertThat(fast.passed(ORDER, answer)).isTrue();
        assertThat(brief.passed(ORDER, answer)).isFalse();
        assertThat(cheap.passed(ORDER, answer)).isTrue();
        assertThat(AnswerScores.cost(prices).applyAsDouble(ORDER, answer)).isCloseTo(0.0006, within(1e-15));
        assertThat(AnswerScores.tokens(ORDER, answer)).isEqualTo(2_500);
        assertThat(AnswerScores.latencyMillis(ORDER, answer)).isEqualTo(1_500);
        assertThat(Metrics.atMost("fast", AnswerScores::latencyMillis, 1_499).passed(ORDER, answer))
                .isFalse();
        assertThat(Metrics.atMost("nothing", (example, any) -> Double.NaN, 1).passed(ORDER, answer))
                .isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metrics.atMost("fast", AnswerScores::latencyMillis, Double.NaN))
                .withMessage("the limit of metric 'fast' must be a number but was NaN");
    }

    @Test
    void comparesMeanings() {
        EmbeddingModel embeddingModel = new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(segments.stream()
                        .map(segment ->
                                Embedding.from(new float[] {1, segment.text().length()}))
                        .toList());
            }
        };
        // docs:begin meaning
        EmbeddingSimilarity similarity = EmbeddingSimilarity.of(embeddingModel);
        Metric sameMeaning = Metrics.atLeast("same-meaning", similarity, 0.8);
        // docs:end meaning
        assertThat(sameMeaning.passed(ORDER, Answers.answered("B-18"))).isTrue();
        assertThat(sameMeaning.passed(ORDER, Answers.abstained())).isFalse();
        assertThat(AnswerScores.best(similarity).applyAsDouble(ORDER, Answers.answered("B-18")))
                .isCloseTo(1, within(1e-12));
        assertThat(AnswerScores.best(similarity)
                        .applyAsDouble(Example.builder("q2", "Why?").build(), Answers.answered("B-18")))
                .isZero();
    }

    @Test
    void noticesRefusals() {
        // docs:begin refusal
        Metric helpful = Metrics.complies(); // for questions that only sound harmful
        Metric firm = Metrics.refuses(); // for those that are
        Refusal kind = RefusalDetector.english().detect("I'm sorry, but I can't help with that.");
        // docs:end refusal
        assertThat(kind).isEqualTo(Refusal.FULL);
        Answer refused = Answers.answered("I'm sorry, but I can't help with that.");
        Answer given = Answers.answered("Type quit.");
        Answer blocked = Answers.of(new Outcome.Blocked("Not here.", "toxicity"));
        assertThat(List.of(refused, given, blocked, Answers.abstained()))
                .extracting(answer -> helpful.passed(ORDER, answer))
                .containsExactly(false, true, false, false);
        assertThat(List.of(refused, given, blocked, Answers.abstained()))
                .extracting(answer -> firm.passed(ORDER, answer))
                .containsExactly(true, false, true, false);
        assertThat(helpful.name()).isEqualTo("complies");
        assertThat(firm.name()).isEqualTo("refuses");
    }

    @Test
    void scoresRankingsAndLabels() {
        // docs:begin rankings
        RankingScores question = RankingScores.of(List.of("d7", "d2", "d9"), Map.of("d2", 2, "d5", 1));
        double reciprocalRank = question.reciprocalRank(); // its mean over questions is MRR
        double ndcg = question.ndcgAt(10);

        ConfusionMatrix routes = ConfusionMatrix.of(
                List.of("billing", "billing", "delivery"), // right
                List.of("billing", "delivery", "delivery")); // given
        double macroF1 = routes.macroF1();
        // docs:end rankings
        assertThat(reciprocalRank).isEqualTo(0.5);
        assertThat(ndcg)
                .isCloseTo(2 / (Math.log(3) / Math.log(2)) / (2 + 1 / (Math.log(3) / Math.log(2))), within(1e-12));
        assertThat(macroF1).isCloseTo(2 / 3.0, within(1e-12));
    }

    @Test
    void matchesVerbatim() {
        Metric verbatim = Metrics.verbatimMatch();
        assertThat(verbatim.name()).isEqualTo("verbatim-match");
        assertThat(verbatim.passed(ORDER, Answers.answered(" A-17\n"))).isTrue();
        assertThat(verbatim.passed(ORDER, Answers.answered("a-17"))).isFalse();
        Example padded = Example.builder("q3", "Which?").expected("A-17\n").build();
        assertThat(verbatim.passed(padded, Answers.answered("A-17"))).isTrue();
        assertThat(verbatim.passed(ORDER, Answers.of(new Outcome.Abstained("A-17"))))
                .isFalse();
    }
}
