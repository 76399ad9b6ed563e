package dev.llmlifecycle.core.classify;

import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.contract.TextClassifierContract;
import org.jspecify.annotations.NullMarked;

@NullMarked
final class EmbeddingsClassifierContractTest extends TextClassifierContract {

    @Override
    protected TextClassifier create(Map<String, List<String>> examples) {
        return TextClassifierTrainer.builder("intents")
                .embeddings("chance-64", Intents.embeddings(64))
                .build()
                .train(WordsClassifierContractTest.rows(examples))
                .classifier();
    }
}
