package dev.llmlifecycle.samples.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.langchain4j.data.message.ChatMessage;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.core.prompt.PromptRenderer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Rendering a prompt of ten variables, with and without a loop over twenty items, beside other ways to do it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PromptBenchmark {

    private static final int VARIABLES = 10;
    private static final int ITEMS = 20;
    private static final String LOOP = "\nOrders:\n{{#orders}}{{-index}}. {{id}}: {{total}} EUR\n{{/orders}}";

    private final PromptRenderer renderer = new PromptRenderer();
    private final String text = text();
    private final ChatPromptTemplate plain = template(false);
    private final ChatPromptTemplate looped = template(true);
    private final Map<String, Object> values = values();
    private final Map<String, Object> loopedValues = loopedValues();
    private final PeerTemplates peers = new PeerTemplates(text);

    /**
     * Renders the plain prompt to messages.
     *
     * @return the messages
     */
    @Benchmark
    public List<ChatMessage> plain() {
        return renderer.render(plain, values, List.of(), List.of());
    }

    /**
     * Renders the prompt with the loop to messages.
     *
     * @return the messages
     */
    @Benchmark
    public List<ChatMessage> loop() {
        return renderer.render(looped, loopedValues, List.of(), List.of());
    }

    /**
     * Renders the plain prompt with LangChain4j.
     *
     * @return the text
     */
    @Benchmark
    public String langChain4jPlain() {
        return peers.langChain4jPlain(values);
    }

    /**
     * Renders the plain prompt with Spring AI's default renderer.
     *
     * @return the text
     */
    @Benchmark
    public String springAiPlain() {
        return peers.springAiPlain(values);
    }

    /**
     * Renders the prompt with the loop with Spring AI's default renderer, StringTemplate.
     *
     * @return the text
     */
    @Benchmark
    public String springAiLoop() {
        return peers.springAiLoop(loopedValues);
    }

    /**
     * Renders the prompt with the loop with jmustache alone: no checks, no limits, nothing defused.
     *
     * @return the text
     */
    @Benchmark
    public String mustacheLoop() {
        return peers.mustacheLoop(loopedValues);
    }

    /**
     * Renders the prompt with the loop with Pebble.
     *
     * @return the text
     */
    @Benchmark
    public String pebbleLoop() {
        return peers.pebbleLoop(loopedValues);
    }

    /**
     * Renders the prompt with the loop with jte, which compiles templates to Java.
     *
     * @return the text
     */
    @Benchmark
    public String jteLoop() {
        return peers.jteLoop(loopedValues);
    }

    private static String text() {
        StringBuilder text = new StringBuilder("You help customers of a shop.");
        for (int i = 0; i < VARIABLES; i++) {
            text.append("\nFact ")
                    .append(i)
                    .append(" about the customer is {{v")
                    .append(i)
                    .append("}}, as they said.");
        }
        return text.toString();
    }

    private static ChatPromptTemplate template(boolean loop) {
        ChatPromptTemplate.Builder builder =
                ChatPromptTemplate.builder("benchmark").user(text() + (loop ? LOOP : ""));
        for (int i = 0; i < VARIABLES; i++) {
            builder.variable(PromptVariable.text("v" + i).maxLength(1_000));
        }
        if (loop) {
            builder.variable(PromptVariable.list("orders", PromptVariable.text("id"), PromptVariable.number("total")));
        }
        return builder.build();
    }

    private static Map<String, Object> values() {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < VARIABLES; i++) {
            values.put("v" + i, "something of a middling length, number " + i);
        }
        return values;
    }

    private static Map<String, Object> loopedValues() {
        List<Map<String, Object>> orders = new ArrayList<>();
        for (int i = 0; i < ITEMS; i++) {
            orders.add(Map.of("id", "A-" + i, "total", i * 1.5));
        }
        Map<String, Object> values = values();
        values.put("orders", orders);
        return values;
    }
}
