package dev.llmlifecycle.samples.benchmarks;

import java.util.HashMap;
import java.util.Map;

/** The options of a program: names that begin with two dashes, each with a value after it. */
final class Arguments {

    private final Map<String, String> values = new HashMap<>();

    private Arguments() {}

    static Arguments of(String... arguments) {
        Arguments result = new Arguments();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "the argument '" + arguments[i] + "' is not an option with a value; write it as --name value");
            }
            result.values.put(arguments[i].substring(2), arguments[i + 1]);
        }
        return result;
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
        return Integer.parseInt(values.getOrDefault(name, Integer.toString(otherwise)));
    }
}
