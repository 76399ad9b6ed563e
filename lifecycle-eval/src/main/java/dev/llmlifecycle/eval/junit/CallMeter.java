package dev.llmlifecycle.eval.junit;

import dev.langchain4j.model.output.TokenUsage;
import org.jspecify.annotations.Nullable;

/** Hears of calls of a model. Thread-safe. */
interface CallMeter {

    /** Hears that a call is about to be made; what it throws is thrown in its place. */
    void before();

    /** Hears what a call used. */
    void after(@Nullable TokenUsage usage);

    /** Counts out of a budget. */
    static CallMeter of(Budget budget) {
        return new CallMeter() {
            @Override
            public void before() {
                budget.reserveCall();
            }

            @Override
            public void after(@Nullable TokenUsage usage) {
                budget.add(usage);
            }
        };
    }
}
