package dev.llmlifecycle.samples.benchmarks;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is measured does what it is said to do; nothing is timed here. */
@NullMarked
final class CacheBenchmarkTest {

    @ParameterizedTest
    @ValueSource(ints = {10, 2_000})
    void lookupsFindANearQuestion(int sharing) {
        CacheBenchmark.Semantic semantic = new CacheBenchmark.Semantic();
        semantic.entries = 2_000;
        semantic.sharing = sharing;
        semantic.fill();
        try {
            for (int i = 0; i < 20; i++) {
                assertThat(new CacheBenchmark().semanticLookup(semantic).details())
                        .containsEntry("decision", "unsure")
                        .containsKey("similarity");
            }
        } finally {
            semantic.close();
        }
    }

    @Test
    void theContextCacheHitsAndTheRetrieverFindsTheSame() {
        CacheBenchmark.Context context = new CacheBenchmark.Context();
        context.fill();
        try {
            assertThat(new CacheBenchmark().contextHit(context).hit()).isTrue();
            assertThat(new CacheBenchmark().contextHit(context).retrieval())
                    .isEqualTo(new CacheBenchmark().retriever(context));
            assertThat(new CacheBenchmark().singleFlight(context).hit()).isFalse();
            assertThat(new CacheBenchmark().singleFlight(context).hit()).isTrue();
        } finally {
            context.close();
        }
    }
}
