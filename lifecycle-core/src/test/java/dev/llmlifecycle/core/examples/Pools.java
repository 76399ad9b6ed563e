package dev.llmlifecycle.core.examples;

import java.util.Locale;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.identity.Identity;

/** Pools for tests. */
final class Pools {

    static final Identity MODEL = Identity.of("drawn", "1");

    private Pools() {}

    /** Examples of five topics, which are the first words of their inputs and their labels. */
    static Dataset topics(int size) {
        return Dataset.builder("topics")
                .addAll(IntStream.range(0, size)
                        .mapToObj(i -> example(i, "topic" + i % 5))
                        .toList())
                .build();
    }

    static Example example(int number, String topic) {
        String id = String.format(Locale.ROOT, "e%04d", number);
        return Example.builder(id, topic + " question" + number + " about thing" + number % 7)
                .expected("answer " + "long ".repeat(number % 11) + number)
                .label("topic", topic)
                .provenance(new Provenance("ticket " + number, "CC-BY-4.0"))
                .build();
    }

    static Example example(String id, String input, String output) {
        return Example.builder(id, input).expected(output).build();
    }
}
