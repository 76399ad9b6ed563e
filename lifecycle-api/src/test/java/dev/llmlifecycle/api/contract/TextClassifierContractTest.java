package dev.llmlifecycle.api.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmlifecycle.api.classify.Classification;
import dev.llmlifecycle.api.classify.Explanation;
import dev.llmlifecycle.api.classify.Explanation.Contribution;
import dev.llmlifecycle.api.classify.Explanation.Neighbour;
import dev.llmlifecycle.api.classify.LabelProbability;
import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.identity.Identity;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The contract, held by the simplest classifier: the share of words in common with the nearest example. */
final class TextClassifierContractTest extends TextClassifierContract {

    @Override
    protected TextClassifier create(Map<String, List<String>> examples) {
        return new CommonWords(examples, Identity.of("common-words", "1", examples));
    }

    @Test
    void noticesAnIdentityThatForgetsTheExamples() {
        TextClassifierContract forgetful = new TextClassifierContract() {
            @Override
            protected TextClassifier create(Map<String, List<String>> examples) {
                return new CommonWords(examples, Identity.of("common-words", "1"));
            }
        };
        assertThatThrownBy(forgetful::hasAnotherIdentityForOtherExamples).isInstanceOf(AssertionError.class);
    }

    @Test
    void noticesAnIdentityThatChanges() {
        AtomicInteger made = new AtomicInteger();
        TextClassifierContract restless = new TextClassifierContract() {
            @Override
            protected TextClassifier create(Map<String, List<String>> examples) {
                return new CommonWords(examples, Identity.of("common-words", "" + made.incrementAndGet()));
            }
        };
        assertThatThrownBy(restless::isTheSameForTheSameExamples).isInstanceOf(AssertionError.class);
    }

    private record CommonWords(Map<String, List<String>> examples, Identity identity) implements TextClassifier {

        @Override
        public Classification predict(String text) {
            TreeMap<String, Double> best = new TreeMap<>();
            double sum = 0;
            for (String label : labels()) {
                double share = examples.getOrDefault(label, List.of()).stream()
                        .mapToDouble(example -> 0.01 + StrictMath.pow(common(text, example), 8))
                        .max()
                        .orElseThrow();
                best.put(label, share);
                sum += share;
            }
            double all = sum;
            List<LabelProbability> ranking = best.entrySet().stream()
                    .map(each -> new LabelProbability(each.getKey(), each.getValue() / all))
                    .sorted(Comparator.comparingDouble(LabelProbability::probability)
                            .reversed()
                            .thenComparing(LabelProbability::label))
                    .toList();
            boolean abstained = ranking.get(0).probability() < 0.4;
            List<String> labels = abstained ? List.of() : List.of(ranking.get(0).label());
            return new Classification(
                    ranking, labels, labels, 1 - ranking.get(0).probability(), abstained);
        }

        @Override
        public Explanation explain(String text) {
            List<Neighbour> nearest = new ArrayList<>();
            examples.forEach((label, texts) ->
                    texts.forEach(example -> nearest.add(new Neighbour(example, label, common(text, example)))));
            nearest.sort(
                    Comparator.comparingDouble(Neighbour::similarity).reversed().thenComparing(Neighbour::text));
            return new Explanation(
                    predict(text).ranking().get(0).label(), List.of(new Contribution("words", 1)), nearest);
        }

        @Override
        public List<String> labels() {
            return examples.keySet().stream().sorted().toList();
        }

        private static double common(String text, String example) {
            Set<String> own = words(text);
            Set<String> both = new HashSet<>(own);
            both.retainAll(words(example));
            own.addAll(words(example));
            return both.size() / (double) own.size();
        }

        private static Set<String> words(String text) {
            return new HashSet<>(Arrays.asList(text.split("\\W+")));
        }
    }
}
