package dev.llmlifecycle.retrieval.cache;

import java.util.SplittableRandom;

import dev.llmlifecycle.retrieval.cache.LearnedAcceptance.Observed;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
class LearnedAcceptanceTest {

    @Test
    void knowsNothingAtFirstAndAsksTheModel() {
        double sure = new Observed().right(0.99);

        assertThat(sure).isLessThan(0.8);
    }

    @Test
    void growsSurerWithAgreementAndDoubtsWithDisagreement() {
        Observed observed = new Observed();
        double before = observed.right(0.95);
        for (int i = 0; i < 30; i++) {
            observed.add(0.9 + 0.003 * i, true);
        }
        double after = observed.right(0.95);
        assertThat(after).isGreaterThan(before).isGreaterThan(0.85);
        assertThat(observed.right(0.98)).isGreaterThanOrEqualTo(after);
        assertThat(observed.right(0.6)).isLessThan(after);

        observed.add(0.94, false);
        observed.add(0.95, false);
        assertThat(observed.right(0.95)).isLessThan(after);
    }

    @Test
    void remembersTheLatestOnly() {
        Observed observed = new Observed();
        for (int i = 0; i < 1_000; i++) {
            observed.add(0.9, false);
        }
        assertThat(observed.size()).isEqualTo(64);
        for (int i = 0; i < 64; i++) {
            observed.add(0.9, true);
        }
        assertThat(observed.right(0.95)).isGreaterThan(0.85);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.02, 0.05})
    @DisplayName(
            "with answers that are right by a logistic curve, wrong answers keep to the rate over the life of entries")
    void keepsToTheErrorRate(double rate) {
        SplittableRandom random = new SplittableRandom(7);
        int lookups = 0;
        int wrong = 0;
        int hits = 0;
        LearnedAcceptance.Budget budget = new LearnedAcceptance.Budget(rate);
        for (int entry = 0; entry < 300; entry++) {
            Observed observed = new Observed();
            double middle = 0.7 + 0.25 * random.nextDouble();
            for (int i = 0; i < 80; i++) {
                double similarity = 0.6 + 0.4 * random.nextDouble();
                boolean right = random.nextDouble() < 1 / (1 + Math.exp(-40 * (similarity - middle)));
                lookups++;
                if (budget.spend(observed.right(similarity))) {
                    hits++;
                    wrong += right ? 0 : 1;
                } else {
                    observed.add(similarity, right);
                }
            }
        }
        assertThat((double) wrong / lookups).isLessThanOrEqualTo(rate);
        assertThat(hits).isGreaterThan(lookups / 50);
    }

    @Test
    void spendsNoMoreThanItsShareOfTheLookups() {
        LearnedAcceptance.Budget budget = new LearnedAcceptance.Budget(0.02);
        int answered = 0;
        for (int i = 0; i < 1_000; i++) {
            answered += budget.spend(0.9) ? 1 : 0;
        }
        assertThat(answered).as("at a risk of 0.1, 0.02 each").isEqualTo(200);
        for (int i = 0; i < 1_000; i++) {
            assertThat(budget.spend(0.79)).as("too risky, whatever is left").isFalse();
        }
        assertThat(budget.spend(1)).isTrue();
    }
}
