package dev.llmlifecycle.eval.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import dev.llmlifecycle.api.statistics.McNemarTest;
import org.apache.commons.statistics.inference.BinomialTest;
import org.apache.commons.statistics.inference.SignificanceResult;
import org.apache.commons.statistics.inference.TTest;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Tests against those of Apache Commons Statistics, which was written apart from them. */
@NullMarked
final class CommonsAgreementTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agree(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] rows = new double[10 + random.nextInt(40)];
        Arrays.setAll(rows, i -> random.nextGaussian() + 0.2);

        assertAgree(PairedTests.t(rows), TTest.withDefaults().test(rows));
        assertAgree(
                PairedTests.wilcoxon(rows),
                WilcoxonSignedRankTest.withDefaults().test(rows));

        int half = rows.length / 2;
        List<double[]> groups = List.of(Arrays.copyOfRange(rows, 0, half), Arrays.copyOfRange(rows, half, rows.length));
        OneWayAnova anova = OneWayAnova.of(groups);
        SignificanceResult commons = org.apache.commons.statistics.inference.OneWayAnova.withDefaults()
                .test(groups);
        assertThat(anova.fStatistic()).isCloseTo(commons.getStatistic(), within(1e-10));
        assertThat(anova.pValue()).isCloseTo(commons.getPValue(), within(1e-10));

        int pairs = 1 + random.nextInt(300);
        int gained = random.nextInt(pairs + 1);
        assertThat(McNemarTest.exactPValue(gained, pairs - gained))
                .isCloseTo(BinomialTest.withDefaults().test(pairs, gained, 0.5).getPValue(), within(1e-12));
    }

    private static void assertAgree(TestResult ours, SignificanceResult commons) {
        assertThat(ours.statistic()).isCloseTo(commons.getStatistic(), within(1e-10));
        assertThat(ours.pValue()).isCloseTo(commons.getPValue(), within(1e-10));
    }
}
