package dev.llmlifecycle.core.classify;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.contract.TextClassifierContract;
import org.jspecify.annotations.NullMarked;

@NullMarked
final class WordsClassifierContractTest extends TextClassifierContract {

    @Override
    protected TextClassifier create(Map<String, List<String>> examples) {
        return TextClassifierTrainer.builder("intents")
                .build()
                .train(rows(examples))
                .classifier();
    }

    static List<LabelledText> rows(Map<String, List<String>> examples) {
        return new TreeMap<>(examples)
                .entrySet().stream()
                        .flatMap(each -> each.getValue().stream().map(text -> LabelledText.of(text, each.getKey())))
                        .toList();
    }
}
