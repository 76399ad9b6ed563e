package dev.llmlifecycle.eval.junit;

import java.util.concurrent.atomic.AtomicLong;

import dev.langchain4j.model.output.TokenUsage;
import org.jspecify.annotations.Nullable;

/** Counts all calls of a run, replayed or not. Thread-safe. */
final class RunMeter implements CallMeter {

    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong tokens = new AtomicLong();

    @Override
    public void before() {
        calls.incrementAndGet();
    }

    @Override
    public void after(@Nullable TokenUsage usage) {
        if (usage != null && usage.totalTokenCount() != null) {
            tokens.addAndGet(usage.totalTokenCount());
        }
    }

    long calls() {
        return calls.get();
    }

    long tokens() {
        return tokens.get();
    }
}
