package dev.llmlifecycle.retrieval.vector;

import java.util.List;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

@NullMarked
class TermOverlapTest {

    @Test
    void rareWordsWeighMore() {
        TermOverlap terms = new TermOverlap(List.of("the frame", "the refund", "the the the"));

        float[] shares = terms.shares("The refund");

        double the = Math.log(1 + 0.5 / 3.5);
        double refund = Math.log(1 + 2.5 / 1.5);
        assertThat(shares[0]).isCloseTo((float) (the / (the + refund)), within(1e-6f));
        assertThat(shares[1]).isEqualTo(1, within(1e-6f));
        assertThat(shares[2]).isEqualTo(shares[0]);
    }

    @Test
    void aWordThatNoTextHasStillCounts() {
        assertThat(new TermOverlap(List.of("refund")).shares("refund zebra")[0]).isBetween(0.01f, 0.99f);
    }

    @Test
    void comparesComposedLettersAndSingleIdeographs() {
        TermOverlap terms = new TermOverlap(List.of("Stra\u00dfe Gr\u00f6\u00dfe 42", "\u9000\u6b3e\u671f"));

        assertThat(terms.shares("gro\u0308\u00dfe")[0]).isEqualTo(1);
        assertThat(terms.shares("\u6b3e")[1]).isEqualTo(1);
        assertThat(terms.shares("!?")).containsOnly(0);
    }
}
