package dev.llmlifecycle.retrieval.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.classify.LabelProbability;
import dev.llmlifecycle.api.statistics.Proportions;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** What is promised of many questions, on vectors drawn around the centre of each intent. */
@NullMarked
final class CalibrationTest {

    private static final int INTENTS = 60;

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.2})
    @DisplayName("As many questions like the examples are refused, and label sets miss as many, as was stated")
    void statedShare(double share) {
        IntentRouter router = router(32, 20, share);
        int refused = 0;
        int missed = 0;
        int count = 1_500;
        for (int i = 0; i < count; i++) {
            RoutedIntent said =
                    router.decide(Question.of(i % INTENTS + " question " + i)).whole();
            refused += said.layer() == RoutingLayer.SCOPE ? 1 : 0;
            missed += said.labelSet().contains("intent" + i % INTENTS) ? 0 : 1;
        }
        // The examples judged for calibration had a fifth less to go by, so a little fewer are refused.
        assertThat(Proportions.wilson(refused, count, 0.999).low()).isLessThan(share);
        assertThat(refused / (double) count).isGreaterThan(share / 4);
        assertThat(Proportions.wilson(missed, count, 0.999).low()).isLessThan(share);
    }

    @Test
    @DisplayName("Of questions that are given a probability of about p, about p are right")
    void probabilitiesMeanWhatTheySay() {
        IntentRouter router = router(16, 12, 0.05);
        double promised = 0;
        int right = 0;
        int count = 2_000;
        for (int i = 0; i < count; i++) {
            RoutedIntent said =
                    router.decide(Question.of(i % INTENTS + " question " + i)).whole();
            LabelProbability first = said.ranking().get(0);
            promised += first.probability();
            right += first.label().equals("intent" + i % INTENTS) ? 1 : 0;
        }
        assertThat(right).isBetween(count / 3, count - 50);
        assertThat(promised / count).isCloseTo(right / (double) count, within(0.05));
        assertThat(router.audit().accuracy()).isCloseTo(right / (double) count, within(0.06));
    }

    @Test
    void vectorsTooLongForACovarianceAreRoutedWithoutIt() {
        IntentRouter router = router(1_100, 3, 0.05);
        assertThat(router.decide(Question.of("7 question 1")).intent()).contains("intent7");
    }

    @Test
    void weightsAreFittedToWhatTells() {
        SplittableRandom random = new SplittableRandom(5);
        List<Stacking.Case> cases = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            double[] telling = new double[3];
            double[] misleading = new double[3];
            double[] scores = new double[3];
            for (int k = 0; k < 3; k++) {
                telling[k] = random.nextDouble();
                misleading[k] = -telling[k] + 3 * random.nextDouble();
                scores[k] = 4 * telling[k];
            }
            Softmax.inPlace(scores);
            double drawn = random.nextDouble();
            int truth = drawn < scores[0] ? 0 : drawn < scores[0] + scores[1] ? 1 : 2;
            cases.add(new Stacking.Case(new double[][] {telling, misleading}, truth));
        }
        Stacking fitted = Stacking.fit(cases, 2);
        assertThat(fitted.weights()[0]).isCloseTo(4, within(0.8));
        assertThat(fitted.weights()[1]).isBetween(0.0, 0.2);
        assertThat(fitted.loss()).isLessThan(Math.log(3));
    }

    @Test
    void factorSolvesAndRefusesWhatIsNotPositive() {
        SymmetricMatrix matrix = new SymmetricMatrix(2);
        matrix.addOuter(new double[] {2, 1}, 1);
        SymmetricMatrix definite = matrix.scaled(1, 1);
        assertThat(definite.factor()).isTrue();
        assertThat(definite.solve(new double[] {7, 4})).containsExactly(new double[] {1, 1}, within(1e-12));
        assertThat(matrix.scaled(-1, 0).factor()).isFalse();
    }

    private static IntentRouter router(int dimension, int each, double share) {
        IntentRouter.Builder builder =
                IntentRouter.builder(new Drawn(dimension)).falseRefusals(share).clarifyWithin(0);
        for (int intent = 0; intent < INTENTS; intent++) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                texts.add(intent + " example " + i);
            }
            builder.route(IntentRoute.builder("intent" + intent, new Route.Main())
                    .examples(texts)
                    .build());
        }
        return builder.build();
    }

    /** The number at the beginning says around which centre the vector of a text is drawn. */
    private record Drawn(int size) implements EmbeddingModel {

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment -> Embedding.from(vector(segment.text())))
                    .toList());
        }

        private float[] vector(String text) {
            SplittableRandom centre =
                    new SplittableRandom(Long.parseLong(text.substring(0, text.indexOf(' '))) * 7_919 + 3);
            SplittableRandom around = new SplittableRandom(text.hashCode());
            float[] vector = new float[size];
            for (int i = 0; i < size; i++) {
                vector[i] = (float) (centre.nextDouble() - 0.5 + 1.6 * (around.nextDouble() - 0.5));
            }
            return vector;
        }

        @Override
        public int dimension() {
            return size;
        }

        @Override
        public String modelName() {
            return "drawn";
        }
    }
}
