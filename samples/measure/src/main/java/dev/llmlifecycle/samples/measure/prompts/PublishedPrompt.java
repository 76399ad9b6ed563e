package dev.llmlifecycle.samples.measure.prompts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.Provenance;

/**
 * A few-shot prompt as BIG-Bench Hard publishes it: what to do, then questions with worked answers.
 *
 * @param text the prompt, without the header of the file
 * @param instruction what to do
 * @param examples the questions with their answers
 */
record PublishedPrompt(String text, String instruction, Dataset examples) {

    private static final String HEADER_END = "-----\n";
    private static final String QUESTION = "\n\nQ: ";
    private static final String ANSWER = "\nA: ";

    static PublishedPrompt read(Path file, String task) {
        String content;
        try {
            content = Files.readString(file);
        } catch (IOException e) {
            throw new LifecycleException("Reading " + file + " failed; check that it can be read", e);
        }
        int header = content.indexOf(HEADER_END);
        String text = header < 0 ? content : content.substring(header + HEADER_END.length());
        List<String> blocks = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf(QUESTION); end >= 0; end = text.indexOf(QUESTION, start)) {
            blocks.add(text.substring(start, end));
            start = end + QUESTION.length();
        }
        blocks.add(text.substring(start));
        Dataset.Builder examples = Dataset.builder(task);
        for (int i = 1; i < blocks.size(); i++) {
            int answer = blocks.get(i).indexOf(ANSWER);
            if (answer < 0) {
                throw damaged(file, "question " + i + " has no answer");
            }
            examples.add(Example.builder(
                            String.format(Locale.ROOT, "shot-%02d", i),
                            blocks.get(i).substring(0, answer))
                    .expected(blocks.get(i).substring(answer + ANSWER.length()))
                    .provenance(new Provenance("BIG-Bench Hard, " + task, "MIT"))
                    .build());
        }
        if (blocks.size() == 1) {
            throw damaged(file, "it has no questions");
        }
        return new PublishedPrompt(text, blocks.get(0), examples.build());
    }

    /** Returns the published prompt with one more question, whose answer is begun as the others begin. */
    String asked(String question, String beginning) {
        return text + QUESTION + question + "\nA:" + (beginning.isEmpty() ? "" : " " + beginning);
    }

    /** Returns examples as the values that a template repeats. */
    static List<Map<String, String>> shots(List<Example> examples) {
        return examples.stream()
                .map(example -> Map.of(
                        "input", example.input(), "output", example.expected().get(0)))
                .toList();
    }

    private static DamagedDataException damaged(Path file, String problem) {
        return new DamagedDataException(
                file.toString(), "the prompt", problem, "correct it, or take the file out of the folder", null);
    }
}
