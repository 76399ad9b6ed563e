package dev.llmlifecycle.samples.measure.prompts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.core.examples.PooledExampleSelector;
import dev.llmlifecycle.core.examples.SelectionStrategy;
import dev.llmlifecycle.core.prompt.PromptRenderer;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.data.MissingDataException;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * Chain-of-thought prompts of BIG-Bench Hard, put together from a pool of examples by a selector and a template, beside
 * the published ones, byte for byte.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class BbhPromptsTask implements MeasureTask {

    private static final String SET = "bbh";
    private static final String BEGINNING = "Let's think step by step.";
    private static final ChatPromptTemplate TEMPLATE = ChatPromptTemplate.builder("chain-of-thought")
            .variable(PromptVariable.text("instruction"))
            .variable(PromptVariable.list("shots", PromptVariable.text("input"), PromptVariable.text("output")))
            .variable(PromptVariable.text("beginning"))
            .user(
                    "{{instruction}}\n\n{{#shots}}Q: {{input}}\nA: {{output}}\n\n{{/shots}}Q: {{question}}\nA: {{beginning}}")
            .build();

    /** Creates the task. */
    public BbhPromptsTask() {}

    @Override
    public String name() {
        return "bbh-prompts";
    }

    @Override
    public String description() {
        return "few-shot chain-of-thought prompts equal to the published ones, byte for byte";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        Map<String, List<String>> questions = new TreeMap<>();
        for (DataRow row : context.report(SET).rows("task", "input", "target")) {
            questions
                    .computeIfAbsent(row.text("task"), task -> new ArrayList<>())
                    .add(row.text("input"));
        }
        Map<String, Path> prompts =
                prompts(context.reportOn().orElse(context.data()).resolve(SET));
        List<Figure> figures = new ArrayList<>();
        questions.forEach((task, texts) -> {
            Path file = prompts.get(task);
            if (file == null) {
                context.progress().accept(SET + "/" + task + ": no prompt is published here, left out");
            } else {
                figures.add(measure(task, PublishedPrompt.read(file, task), texts));
            }
        });
        if (figures.isEmpty()) {
            throw new MissingDataException("Reading " + SET + " found rows of " + questions.keySet()
                    + " and prompts of " + prompts.keySet() + "; put <task>.txt beside the rows of a task");
        }
        return figures;
    }

    private static Figure measure(String task, PublishedPrompt published, List<String> questions) {
        PooledExampleSelector selector = PooledExampleSelector.builder(published.examples())
                .strategy(SelectionStrategy.fixed(published.examples().examples().stream()
                        .map(Example::id)
                        .toArray(String[]::new)))
                .build();
        PromptRenderer renderer = new PromptRenderer();
        long equal = 0;
        for (String question : questions) {
            Map<String, Object> values = Map.of(
                    "instruction",
                    published.instruction(),
                    "shots",
                    PublishedPrompt.shots(selector.select(question)),
                    "beginning",
                    BEGINNING,
                    "question",
                    question);
            UserMessage rendered = (UserMessage)
                    renderer.render(TEMPLATE, values, List.of(), List.of()).get(0);
            equal += rendered.singleText().equals(published.asked(question, BEGINNING)) ? 1 : 0;
        }
        return Figure.share(SET + "/" + task, "prompts equal to the published", equal, questions.size());
    }

    private static Map<String, Path> prompts(Path folder) {
        Map<String, Path> prompts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.getFileName().toString().endsWith(".txt"))
                    .sorted()
                    .forEach(file -> {
                        String name = file.getFileName().toString();
                        prompts.put(name.substring(0, name.length() - ".txt".length()), file);
                    });
        } catch (IOException | UncheckedIOException e) {
            throw new LifecycleException("Listing " + folder + " failed; check that it can be read", e);
        }
        return prompts;
    }
}
