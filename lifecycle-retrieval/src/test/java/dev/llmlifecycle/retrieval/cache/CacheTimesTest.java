package dev.llmlifecycle.retrieval.cache;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
class CacheTimesTest {

    @Test
    void aClockThatGoesBackwardsBringsNothingBack() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        ForwardTicker ticker = new ForwardTicker(nanos::get);

        nanos.addAndGet(10);
        assertThat(ticker.read()).isEqualTo(10);
        nanos.addAndGet(-7);
        assertThat(ticker.read()).isEqualTo(10);
        nanos.addAndGet(9);
        assertThat(ticker.read()).isEqualTo(12);
    }

    @Test
    void entriesThatCameTogetherGoAtDifferentTimesUpToATenthApart() {
        JitteredExpiry<String, String> expiry = new JitteredExpiry<>(Duration.ofSeconds(100));

        Set<Long> times = IntStream.range(0, 200)
                .mapToObj(i -> expiry.expireAfterCreate("question " + i, "", 0))
                .collect(Collectors.toSet());

        assertThat(times)
                .hasSizeGreaterThan(100)
                .allSatisfy(nanos -> assertThat(nanos)
                        .isBetween(
                                Duration.ofSeconds(90).toNanos(),
                                Duration.ofSeconds(100).toNanos()));
        assertThat(expiry.expireAfterCreate("q", "", 0)).isEqualTo(expiry.expireAfterCreate("q", "", 9));
        assertThat(new JitteredExpiry<String, String>(Duration.ofSeconds(Long.MAX_VALUE)).expireAfterCreate("q", "", 0))
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "  How  LONG does it take?! |how long does it take",
                "ﬁne prints №5.|fine prints no5",
                "???|???",
                "何日ですか。|何日ですか",
            })
    void whatDoesNotCountIsLeftOut(String text, String same) {
        assertThat(QuestionText.normalise(text)).isEqualTo(same);
    }
}
