package dev.llmlifecycle.core.classify;

import java.util.SplittableRandom;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class LearningCurveTest {

    private static final int[] ROWS = {100, 200, 400, 800};

    @Test
    void findsTheLawThatMadeThePoints() {
        LearningCurve curve = curve(20_000, 0.02, 2, 0.5);
        assertThat(curve.forecast(1_600).accuracy()).isCloseTo(1 - 0.02 - 2 / 40.0, within(0.01));
        assertThat(curve.forecast(1_600).interval().contains(1 - 0.02 - 2 / 40.0))
                .isTrue();
        // 0.92 takes 2 · n^-0.5 = 0.06.
        assertThat(curve.rowsFor(0.92).orElseThrow()).isBetween(800, 1_600);
        assertThat(curve.rowsFor(0.999)).isEmpty();
        assertThat(curve.points())
                .first()
                .satisfies(point -> assertThat(point.rows()).isEqualTo(100));
    }

    @Test
    void fewJudgedTextsMakeAWideInterval() {
        LearningCurve few = curve(100, 0.02, 2, 0.5);
        LearningCurve many = curve(20_000, 0.02, 2, 0.5);
        assertThat(width(few)).isGreaterThan(3 * width(many));
    }

    @Test
    void saysWhereMoreLabelsBringNothing() {
        assertThat(curve(2_000, 0.1, 0, 1).advice())
                .startsWith("800 texts give an accuracy of 0.")
                .endsWith("that may be nothing: look at suspected errors and at labels that are confused first");
        assertThat(curve(20_000, 0, 4, 0.5).advice()).endsWith("more labels pay");
    }

    @Test
    void refusesWhatIsNoQuestion() {
        LearningCurve curve = curve(100, 0.02, 2, 0.5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> curve.forecast(0))
                .withMessage("a forecast needs at least 1 labelled text but got 0; say how many there would be");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> curve.rowsFor(1))
                .withMessage("a wanted accuracy must be in (0, 1) but was 1.0; 0.95 is 95 %");
    }

    private static double width(LearningCurve curve) {
        LearningCurve.Forecast forecast = curve.forecast(1_600);
        return forecast.interval().high() - forecast.interval().low();
    }

    private static LearningCurve curve(int judged, double least, double gain, double exponent) {
        SplittableRandom random = new SplittableRandom(6);
        boolean[][] right = new boolean[ROWS.length][judged];
        for (int k = 0; k < judged; k++) {
            // One difficulty for each text, so that what a smaller model gets right a larger one does too.
            double difficulty = random.nextDouble();
            for (int i = 0; i < ROWS.length; i++) {
                right[i][k] = difficulty >= least + gain * Math.pow(ROWS[i], -exponent);
            }
        }
        return LearningCurve.of(ROWS, right, 1);
    }
}
