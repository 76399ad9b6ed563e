package dev.llmlifecycle.api.contract;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.llmlifecycle.api.classify.Classification;
import dev.llmlifecycle.api.classify.Explanation;
import dev.llmlifecycle.api.classify.LabelProbability;
import dev.llmlifecycle.api.classify.TextClassifier;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * What every {@link TextClassifier} must hold to.
 *
 * <p>Extend it in a test of your own and supply {@link #create}, with a classifier of one label for each text.
 */
public abstract class TextClassifierContract {

    /** Texts to learn from, by label; {@link #create} gets them all. */
    protected static final Map<String, List<String>> EXAMPLES = Map.of(
            "billing/refund",
            List.of(
                    "I want my money back",
                    "please refund my last order",
                    "when will the refund arrive",
                    "refund the broken lamp",
                    "give me the money back for this purchase",
                    "how do I get a refund for a late parcel"),
            "billing/invoice",
            List.of(
                    "send me the invoice again",
                    "the invoice has the wrong address",
                    "where do I find my invoice",
                    "I need an invoice with tax number",
                    "please correct the name on the invoice",
                    "invoice for last month is missing"),
            "account",
            List.of(
                    "I forgot my password",
                    "how do I change my password",
                    "delete my account please",
                    "my login does not work",
                    "I cannot sign in with my e-mail",
                    "reset the password of my login"));

    /**
     * Returns a classifier, with the same configuration every time.
     *
     * @param examples what it should know: texts by label, six for each of three labels
     * @return the classifier under test
     */
    protected abstract TextClassifier create(Map<String, List<String>> examples);

    @Test
    public final void findsTheLabelOfWhatItLearned() {
        TextClassifier classifier = create(EXAMPLES);

        EXAMPLES.forEach((label, texts) -> texts.forEach(
                text -> assertThat(classifier.predict(text).ranking().get(0).label())
                        .as(text)
                        .isEqualTo(label)));
    }

    @Test
    public final void ranksEveryLabelByProbability() {
        TextClassifier classifier = create(EXAMPLES);
        Classification classification = classifier.predict("the refund is missing on my invoice");

        assertThat(classification.ranking())
                .extracting(LabelProbability::label)
                .containsExactlyInAnyOrderElementsOf(EXAMPLES.keySet());
        assertThat(classification.ranking().stream()
                        .mapToDouble(LabelProbability::probability)
                        .sum())
                .isCloseTo(1, within(1e-9));
        assertThat(classification.probability("billing"))
                .isCloseTo(
                        classification.probability("billing/refund") + classification.probability("billing/invoice"),
                        within(1e-12));
    }

    @Test
    public final void namesItsLabelsInTheirOrder() {
        assertThat(create(EXAMPLES).labels()).containsExactly("account", "billing/invoice", "billing/refund");
    }

    @Test
    public final void givesNoLabelWhenItAbstains() {
        TextClassifier classifier = create(EXAMPLES);

        for (String text : HostileTexts.upTo(200)) {
            Classification classification = classifier.predict(text);
            assertThat(classification.labels()).hasSize(classification.abstained() ? 0 : 1);
            assertThat(classification.label().isEmpty()).isEqualTo(classification.abstained());
        }
    }

    @Test
    public final void takesAnyText() {
        TextClassifier classifier = create(EXAMPLES);

        assertThat(classifier.predict("").ranking()).hasSize(EXAMPLES.size());
        for (String text : HostileTexts.upTo(20_000)) {
            assertThat(classifier.predict(text).ranking())
                    .as("text that starts with '%s'", text.substring(0, Math.min(20, text.length())))
                    .hasSize(EXAMPLES.size());
            assertThat(classifier.explain(text).label()).isNotBlank();
        }
    }

    @Test
    public final void predictsManyAsItPredictsOne() {
        TextClassifier classifier = create(EXAMPLES);
        List<String> texts = HostileTexts.upTo(500);

        assertThat(classifier.predictAll(texts))
                .isEqualTo(texts.stream().map(classifier::predict).toList());
        assertThat(classifier.predictAll(List.of())).isEmpty();
    }

    @Test
    public final void explainsTheFirstLabel() {
        TextClassifier classifier = create(EXAMPLES);
        Explanation explanation = classifier.explain("please refund me");

        assertThat(explanation.label())
                .isEqualTo(
                        classifier.predict("please refund me").ranking().get(0).label());
        assertThat(explanation.contributions())
                .isSortedAccordingTo((a, b) -> Double.compare(Math.abs(b.weight()), Math.abs(a.weight())));
        assertThat(explanation.nearest()).isSortedAccordingTo((a, b) -> Double.compare(b.similarity(), a.similarity()));
    }

    @Test
    public final void isTheSameForTheSameExamples() {
        TextClassifier classifier = create(EXAMPLES);
        TextClassifier again = create(EXAMPLES);

        assertThat(again.identity()).isEqualTo(classifier.identity()).isEqualTo(classifier.identity());
        assertThat(again.predict("where is my invoice")).isEqualTo(classifier.predict("where is my invoice"));
    }

    @Test
    public final void hasAnotherIdentityForOtherExamples() {
        Map<String, List<String>> fewer = new TreeMap<>(EXAMPLES);
        fewer.computeIfPresent("account", (label, texts) -> texts.subList(0, 5));

        assertThat(create(fewer).identity()).isNotEqualTo(create(EXAMPLES).identity());
    }

    @Test
    public final void servesManyThreads() {
        TextClassifier classifier = create(EXAMPLES);
        List<String> texts = EXAMPLES.values().stream().flatMap(List::stream).toList();
        List<Classification> expected = texts.stream().map(classifier::predict).toList();

        Threads.together(thread -> {
            for (int i = 0; i < texts.size(); i++) {
                int text = (thread + i) % texts.size();
                assertThat(classifier.predict(texts.get(text))).isEqualTo(expected.get(text));
            }
            return thread;
        });
    }
}
