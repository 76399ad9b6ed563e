package dev.llmlifecycle.api.contract;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.ExampleSelector;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every {@link ExampleSelector} must hold to.
 *
 * <p>Extend it in a test of your own and supply {@link #create}.
 */
public abstract class ExampleSelectorContract {

    private static final long TIMEOUT_SECONDS = 60;
    private static final String QUESTION = "How long does a refund take?";

    /**
     * Returns a new selector.
     *
     * @param pool what it chooses from
     * @return the selector under test
     */
    protected abstract ExampleSelector create(Dataset pool);

    private static Dataset pool(int size) {
        return Dataset.builder("pool")
                .addAll(IntStream.range(0, size)
                        .mapToObj(i -> Example.builder("e" + i, "How long does refund number " + i + " take?")
                                .expected("Number " + i + " takes five days.")
                                .build())
                        .toList())
                .build();
    }

    @Test
    public final void choosesFromThePoolAndNothingTwice() {
        List<Example> chosen = create(pool(20)).select(QUESTION);
        assertThat(pool(20).examples()).containsAll(chosen);
        assertThat(new HashSet<>(chosen)).hasSameSizeAs(chosen);
    }

    @Test
    public final void choosesTheSameAgainAndInAnotherSelector() {
        ExampleSelector selector = create(pool(20));
        List<Example> chosen = selector.select(QUESTION);
        assertThat(selector.select(QUESTION)).isEqualTo(chosen);
        assertThat(create(pool(20)).select(QUESTION)).isEqualTo(chosen);
    }

    @Test
    public final void choosesNothingFromNothing() {
        assertThat(create(pool(0)).select(QUESTION)).isEmpty();
    }

    @Test
    public final void takesAnyText() {
        ExampleSelector selector = create(pool(5));
        for (String text : List.of("", " \n\t", "\u0000", "?", "\ud83d", "refund ".repeat(50_000))) {
            assertThat(selector.select(text)).hasSizeLessThanOrEqualTo(5);
        }
    }

    @Test
    public final void hasAnIdentityThatStaysAndFollowsThePool() {
        ExampleSelector selector = create(pool(5));
        selector.select(QUESTION);
        assertThat(selector.identity()).isEqualTo(create(pool(5)).identity());
        assertThat(selector.identity()).isNotEqualTo(create(pool(6)).identity());
    }

    @Test
    public final void answersManyThreads() throws Exception {
        ExampleSelector selector = create(pool(50));
        List<Example> expected = selector.select(QUESTION);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<List<Example>> ask = () -> selector.select(QUESTION);
            for (Future<List<Example>> answer :
                    threads.invokeAll(Collections.nCopies(40, ask), TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                assertThat(answer.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
