package dev.llmlifecycle.core.examples;

import dev.llmlifecycle.api.contract.ExampleSelectorContract;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.ExampleSelector;
import org.junit.jupiter.api.Nested;

final class PooledExampleSelectorContractTest {

    @Nested
    final class Nearest extends ExampleSelectorContract {
        @Override
        protected ExampleSelector create(Dataset pool) {
            return PooledExampleSelector.builder(pool)
                    .embeddings(Pools.MODEL, new DrawnVectors(16))
                    .build();
        }
    }

    @Nested
    final class Words extends ExampleSelectorContract {
        @Override
        protected ExampleSelector create(Dataset pool) {
            return PooledExampleSelector.builder(pool).build();
        }
    }

    @Nested
    final class Knapsack extends ExampleSelectorContract {
        @Override
        protected ExampleSelector create(Dataset pool) {
            return PooledExampleSelector.builder(pool)
                    .embeddings(Pools.MODEL, new DrawnVectors(16))
                    .strategy(SelectionStrategy.knapsack())
                    .tokenBudget(200)
                    .guard(Dataset.builder("evaluation").build())
                    .build();
        }
    }

    @Nested
    final class Drawn extends ExampleSelectorContract {
        @Override
        protected ExampleSelector create(Dataset pool) {
            return PooledExampleSelector.builder(pool)
                    .strategy(SelectionStrategy.random(7))
                    .build();
        }
    }
}
