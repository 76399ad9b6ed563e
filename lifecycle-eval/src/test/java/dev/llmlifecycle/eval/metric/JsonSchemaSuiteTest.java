package dev.llmlifecycle.eval.metric;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.llmlifecycle.api.ReferenceData;
import dev.llmlifecycle.core.internal.JsonSchemaCheck;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The cases of the JSON Schema Test Suite that every implementation of a draft has to pass. */
@NullMarked
final class JsonSchemaSuiteTest {

    private static final String REMOTES = "http://localhost:1234/";

    @Test
    void draft202012() {
        assertThat(failures("draft2020-12", SpecificationVersion.DRAFT_2020_12, 800))
                .isEmpty();
    }

    @Test
    void draft7() {
        assertThat(failures("draft7", SpecificationVersion.DRAFT_7, 500)).isEmpty();
    }

    private static Set<String> failures(String draft, SpecificationVersion version, int atLeast) {
        Path suite = ReferenceData.require("json_schema_test_suite");
        Set<String> failures = new TreeSet<>();
        int cases = 0;
        for (Path file : files(suite.resolve("tests").resolve(draft))) {
            for (JsonNode group : read(file)) {
                SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                        version, builder -> builder.schemas(address -> remote(suite, address)));
                JsonSchemaCheck check =
                        JsonSchemaCheck.of("suite", group.path("schema").toString(), version, registry);
                for (JsonNode test : group.path("tests")) {
                    cases++;
                    if (check.accepts(test.path("data")) != test.path("valid").asBoolean()) {
                        failures.add(file.getFileName() + ": "
                                + group.path("description").asText() + ": "
                                + test.path("description").asText());
                    }
                }
            }
        }
        assertThat(cases).isGreaterThan(atLeast);
        return failures;
    }

    private static @Nullable String remote(Path suite, String address) {
        return address.startsWith(REMOTES)
                ? read(suite.resolve("remotes").resolve(address.substring(REMOTES.length())))
                        .toString()
                : null;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(Path file) {
        try {
            return JsonAnswers.MAPPER.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
