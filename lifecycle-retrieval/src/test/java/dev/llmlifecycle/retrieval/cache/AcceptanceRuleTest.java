package dev.llmlifecycle.retrieval.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
class AcceptanceRuleTest {

    private static final List<String> THINGS = List.of(
            "refund",
            "parcel",
            "invoice",
            "voucher",
            "warranty",
            "return label",
            "kettle",
            "repair",
            "gift card",
            "newsletter",
            "account",
            "password",
            "address",
            "delivery",
            "courier",
            "receipt",
            "discount",
            "basket");

    private final TrigramModel model = new TrigramModel();

    @Test
    @DisplayName("the share of differing pairs that are accepted keeps to the bound on pairs drawn alike")
    void keepsToItsBound() {
        AcceptanceRule rule = AcceptanceRule.calibrate(pairs(2_000, 1), model, 0.02);
        long differing = 0;
        long wrong = 0;
        long right = 0;
        long same = 0;
        for (LabelledPair pair : pairs(2_000, 2)) {
            boolean accepted = rule.accepts(similarity(pair), pair.question(), pair.other());
            if (pair.same()) {
                same++;
                right += accepted ? 1 : 0;
            } else {
                differing++;
                wrong += accepted ? 1 : 0;
            }
        }
        assertThat((double) wrong / differing).isLessThanOrEqualTo(0.02);
        assertThat((double) right / same).isGreaterThan(0.3);
        assertThat(rule.errorBound()).isLessThanOrEqualTo(0.02).isPositive();
        assertThat(rule.differingPairs()).isBetween(600L, 800L);
        assertThat(rule.modelName()).isEqualTo("trigrams");
        assertThat(rule.tolerated()).isEqualTo(0.02);
    }

    @Test
    void refusesWhatAGuardTellsApartHoweverNear() {
        AcceptanceRule rule = AcceptanceRule.calibrate(pairs(2_000, 1), model, 0.02);

        assertThat(rule.probability(1, "Is the refund paid?", "Is the refund paid?"))
                .isGreaterThan(rule.threshold());
        assertThat(rule.accepts(1, "Is the refund paid?", "Is the refund paid?"))
                .isTrue();
        assertThat(rule.accepts(1, "Is the refund paid?", "Is the refund not paid?"))
                .isFalse();
    }

    @Test
    void isTheSameForTheSamePairs() {
        AcceptanceRule rule = AcceptanceRule.calibrate(pairs(2_000, 3), model, 0.02);

        assertThat(AcceptanceRule.calibrate(pairs(2_000, 3), model, 0.02).identity())
                .isEqualTo(rule.identity());
        assertThat(AcceptanceRule.calibrate(pairs(2_000, 3), model, 0.05).identity())
                .isNotEqualTo(rule.identity());
    }

    @Test
    @DisplayName("too few differing pairs to bound the error are refused with the number that is needed")
    void refusesTooFewPairs() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AcceptanceRule.calibrate(pairs(400, 4), model, 0.01))
                .withMessageMatching("bounding the error by 0.01 needs 299 pairs that differ and pass the guards to set"
                        + " the threshold but there were \\d+; label more or tolerate more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AcceptanceRule.calibrate(List.of(), model, 0.01))
                .withMessageContaining("needs pairs of both kinds");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AcceptanceRule.calibrate(List.of(), model, Double.NaN))
                .withMessage("the tolerated error must be in (0, 1) but was NaN; 0.01 tolerates one in a hundred");
    }

    @Test
    void boundsSharesAsClopperAndPearsonDo() {
        assertThat(BinomialBound.upper(0, 299, 0.95)).isCloseTo(0.00997, within(1e-5));
        assertThat(BinomialBound.upper(0, 298, 0.95)).isGreaterThan(0.01);
        // 1 - 0.05^(1/10)
        assertThat(BinomialBound.upper(0, 10, 0.95)).isCloseTo(0.2589, within(1e-4));
        // qbeta(0.95, 3 + 1, 100 - 3)
        assertThat(BinomialBound.upper(3, 100, 0.95)).isCloseTo(0.0757, within(1e-4));
        assertThat(BinomialBound.upper(5, 5, 0.95)).isEqualTo(1);
        assertThat(BinomialBound.fewestTrials(0.01, 0.95)).isEqualTo(299);
        assertThat(BinomialBound.most(298, 0.01, 0.95)).isEqualTo(-1);
        assertThat(BinomialBound.most(299, 0.01, 0.95)).isZero();
        for (long trials : new long[] {299, 500, 5_000, 100_000}) {
            long most = BinomialBound.most(trials, 0.01, 0.95);
            assertThat(BinomialBound.upper(most, trials, 0.95)).isLessThanOrEqualTo(0.01);
            assertThat(BinomialBound.upper(most + 1, trials, 0.95)).isGreaterThan(0.01);
        }
    }

    /** Questions of a thing in two wordings, which are the same when the thing is. */
    private static List<LabelledPair> pairs(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<LabelledPair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String thing = THINGS.get(random.nextInt(THINGS.size()));
            String owner = THINGS.get(random.nextInt(THINGS.size()));
            boolean same = random.nextBoolean();
            String other = thing;
            while (!same && other.equals(thing)) {
                other = THINGS.get(random.nextInt(THINGS.size()));
            }
            String polite = random.nextBoolean() ? "please tell me " : "say ";
            pairs.add(new LabelledPair(
                    "what about the " + thing + " of the " + owner,
                    polite + "what of the " + other + " of the " + owner,
                    same));
        }
        return pairs;
    }

    private double similarity(LabelledPair pair) {
        float[] a = model.embed(pair.question()).content().vector();
        float[] b = model.embed(pair.other()).content().vector();
        double product = 0;
        double one = 0;
        double other = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            one += a[i] * a[i];
            other += b[i] * b[i];
        }
        return product / Math.sqrt(one * other);
    }
}
