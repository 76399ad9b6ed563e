package dev.llmlifecycle.samples.chatbot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.eval.experiment.ExampleResult;
import dev.llmlifecycle.eval.experiment.ExperimentResult;
import dev.llmlifecycle.eval.metric.Metric;
import dev.llmlifecycle.eval.metric.Metrics;

/**
 * The questions whose answer stands on two pages: right only when every part of {@code allOf} is in the answer, where
 * other questions ask for one of the expected texts.
 */
record TwoPageQuestions(Map<String, List<String>> partsById) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static TwoPageQuestions read(Path file) {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                JsonNode question = JSON.readTree(line);
                if (question.hasNonNull("allOf")) {
                    List<String> texts = new ArrayList<>();
                    question.path("allOf").forEach(part -> texts.add(part.asText()));
                    parts.put(question.path("id").asText(), List.copyOf(texts));
                }
            }
        } catch (IOException e) {
            throw new WrongInputException("The questions in " + file + " cannot be read; restore the file");
        }
        return new TwoPageQuestions(Map.copyOf(parts));
    }

    /** Makes a metric stricter: a question over two pages passes with every part of its answer only. */
    Metric inFull(Metric metric) {
        return Metric.of(
                metric.name(), (example, answer) -> metric.passed(example, answer) && isRight(example, answer));
    }

    /** Tells whether an answer holds every part. */
    boolean isRight(Example example, Answer answer) {
        return partsById.getOrDefault(example.id(), List.of()).stream()
                .allMatch(part -> Metrics.containsExpected()
                        .passed(
                                Example.builder(example.id(), example.input())
                                        .expected(part)
                                        .build(),
                                answer));
    }

    /** Counts the right answers of one arm, such as {@code 3 of 11}. */
    String score(ExperimentResult result, Function<ExampleResult, Answer> arm) {
        List<ExampleResult> asked = result.examples().stream()
                .filter(example -> partsById.containsKey(example.example().id()))
                .toList();
        long right = asked.stream()
                .filter(example -> isRight(example.example(), arm.apply(example)))
                .count();
        return right + " of " + asked.size();
    }
}
