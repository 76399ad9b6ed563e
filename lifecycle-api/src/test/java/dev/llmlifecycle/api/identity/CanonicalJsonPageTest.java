package dev.llmlifecycle.api.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.experiment.Direction;
import dev.llmlifecycle.api.experiment.MissingPair;
import dev.llmlifecycle.api.experiment.PairedRow;
import dev.llmlifecycle.api.experiment.PairedRows;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.Release;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Holds the reference page to what the library does: every number, snippet, canonical text and hash on it. */
@NullMarked
final class CanonicalJsonPageTest {

    private static final Path PAGE = Path.of("../docs/reference/canonical-json.md");
    private static final Path SOURCE =
            Path.of("src/test/java/dev/llmlifecycle/api/identity/CanonicalJsonPageTest.java");

    private static final Pattern VECTOR = Pattern.compile(
            "<!-- vector (\\S+) -->\\n```java\\n(.*?)```\\n+```json\\n(.*?)\\n```\\n+SHA-256 `([0-9a-f]{64})`",
            Pattern.DOTALL);
    private static final Pattern REGION = Pattern.compile(" *// vector (\\S+)\\n(.*?) *// end\\n", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("\\| `([^`]+)` \\| `([^`]+)` \\|");

    record Vector(String name, String snippet, String json, Hash hash) {

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Vector> vectors() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        Matcher matcher = VECTOR.matcher(Files.readString(PAGE));
        while (matcher.find()) {
            vectors.add(new Vector(matcher.group(1), matcher.group(2), matcher.group(3), new Hash(matcher.group(4))));
        }
        return vectors;
    }

    @Test
    void thePageHasEveryVectorInOrder() throws IOException {
        assertThat(vectors()).extracting(Vector::name).containsExactlyElementsOf(hashes().keySet());
        assertThat(regions().keySet()).containsExactlyElementsOf(hashes().keySet());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void theHashIsThatOfTheText(Vector vector) {
        assertThat(Hash.ofUtf8(vector.json())).isEqualTo(vector.hash());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void theTextIsCanonical(Vector vector) throws IOException {
        assertThat(CanonicalJson.write(new ObjectMapper().readValue(vector.json(), Object.class)))
                .isEqualTo(vector.json());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void theSnippetMakesTheHash(Vector vector) throws IOException {
        assertThat(regions()).containsEntry(vector.name(), vector.snippet());
        assertThat(hashes()).containsEntry(vector.name(), vector.hash());
    }

    static List<List<String>> numbers() throws IOException {
        List<List<String>> numbers = new ArrayList<>();
        Matcher matcher = NUMBER.matcher(Files.readString(PAGE));
        while (matcher.find()) {
            numbers.add(List.of(matcher.group(1), matcher.group(2)));
        }
        return numbers;
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void theNumberIsWrittenAsThePageSays(List<String> number) {
        assertThat(CanonicalJson.write(Double.parseDouble(number.get(0)))).isEqualTo(number.get(1));
    }

    @Test
    void thePageHasNumbers() throws IOException {
        assertThat(numbers()).hasSizeGreaterThan(10);
    }

    private static Map<String, String> regions() throws IOException {
        Map<String, String> regions = new LinkedHashMap<>();
        Matcher matcher = REGION.matcher(Files.readString(SOURCE));
        while (matcher.find()) {
            regions.put(matcher.group(1), matcher.group(2).stripTrailing().stripIndent() + "\n");
        }
        return regions;
    }

    private static Map<String, Hash> hashes() {
        Map<String, Hash> hashes = new LinkedHashMap<>();

        // vector configuration
        Map<String, Object> configuration = Map.of("topK", 5, "weights", List.of(0.5, 1.0), "stemmed", true);
        // end
        hashes.put("configuration", Hash.ofCanonicalJson(configuration));

        // vector identity
        Identity retriever = Identity.of("hybrid", "2", configuration);
        // end
        hashes.put("identity", Hash.ofCanonicalJson(retriever.toCanonical()));

        // vector example
        Example example = Example.builder("refund-1", "How long does a refund take?")
                .expected("five days", "5 days")
                .label("answerable", "yes")
                .label("topic", "refunds")
                .provenance(new Provenance("help centre", "CC-BY-4.0"))
                .build();
        // end
        hashes.put("example", Hash.ofCanonicalJson(example.toCanonical()));

        // vector dataset
        Dataset dataset = Dataset.builder("support-questions")
                .version("3")
                .add(example)
                .add(Example.builder("weather-1", "Wie wird das Wetter? ☀").build())
                .build();
        // end
        hashes.put("dataset", dataset.hash());

        // vector template
        ChatPromptTemplate template = ChatPromptTemplate.builder("support-answer")
                .variable(new PromptVariable("tone", PromptVariable.Type.TEXT, Optional.of("friendly")))
                .variable(PromptVariable.text("product"))
                .system("Answer in a {{tone}} tone, from the passages only.\n{{passages}}")
                .examples()
                .history()
                .user("{{question}} ({{product}})")
                .outputSchema("{\"type\":\"string\"}")
                .parameters(ModelParameters.builder()
                        .temperature(0.2)
                        .topP(1)
                        .maxOutputTokens(512)
                        .stopSequences("END")
                        .build())
                .build();
        // end
        hashes.put("template", template.hash());

        // vector prompt-version
        PromptVersion first = new PromptVersion(
                template, 1, Optional.empty(), "ada", "First draft", Instant.parse("2026-01-02T03:04:05.678Z"));
        // end
        hashes.put("prompt-version", first.hash());

        // vector second-prompt-version
        PromptVersion second = new PromptVersion(
                template, 2, Optional.of(first.hash()), "bob", "Reviewed", Instant.parse("2026-01-03T00:00:00Z"));
        // end
        hashes.put("second-prompt-version", second.hash());

        // vector tagged-prompt-version
        PromptVersion tagged = new PromptVersion(
                template,
                3,
                Optional.of(second.hash()),
                "bob",
                "Found by its tags",
                Instant.parse("2026-01-04T00:00:00Z"),
                PromptVersion.tags(List.of("v1.2", "support")));
        // end
        hashes.put("tagged-prompt-version", tagged.hash());

        // vector release
        Release release = Release.builder(Identity.of("gpt", "2026-01"), second.pin())
                .part("retriever", retriever)
                .corpusId("help-centre")
                .inputValidator(Identity.of("length", "1"))
                .outputValidator(Identity.of("grounded", "1"))
                .build();
        // end
        hashes.put("release", release.hash());

        // vector policy
        VerdictPolicy policy = VerdictPolicy.builder()
                .alpha(0.05)
                .metric("exact-match", 0.1)
                .metric("grounded", 0.05)
                .build();
        // end
        hashes.put("policy", policy.hash());

        // vector score-policy
        VerdictPolicy scores = VerdictPolicy.builder()
                .score("token-f1", Direction.HIGHER_IS_BETTER, 0.02)
                .guardrail("latency-ms", Direction.LOWER_IS_BETTER, 250)
                .clusterBy("conversation")
                .build();
        // end
        hashes.put("score-policy", scores.hash());

        // vector rows
        Hash baseline = Hash.ofUtf8("baseline");
        PairedRows rows = new PairedRows(
                release.hash(),
                baseline,
                dataset.hash(),
                List.of(
                        new PairedRow("refund-1", "grounded", true, true),
                        new PairedRow("refund-1", "exact-match", false, true),
                        new PairedRow("weather-1", "grounded", true, true),
                        new PairedRow("weather-1", "exact-match", false, false)));
        // end
        hashes.put("rows", rows.hash());

        // vector verdict
        Verdict verdict = Verdict.compute(policy, rows);
        // end
        hashes.put("verdict", verdict.hash());

        // vector score-rows
        PairedRows scored = new PairedRows(
                release.hash(),
                baseline,
                dataset.hash(),
                List.of(
                        new PairedRow("refund-1", "token-f1", 0.5, 0.75, 3, Optional.of("chat-7")),
                        new PairedRow("refund-1", "latency-ms", 812, 640.5, 3, Optional.of("chat-7")),
                        new PairedRow("weather-1", "token-f1", 0, 0.1, 3, Optional.of("chat-8"))),
                List.of(new MissingPair("weather-1", "latency-ms")));
        // end
        hashes.put("score-rows", scored.hash());

        // vector score-verdict
        Verdict undecided = Verdict.compute(scores, scored);
        // end
        hashes.put("score-verdict", undecided.hash());

        // vector move
        JournalEntry move = new JournalEntry(
                1,
                Instant.parse("2026-01-04T12:00:00Z"),
                "ada",
                "Better answers",
                new JournalEvent.Moved(
                        JournalEvent.Moved.Kind.PROMOTE,
                        "production",
                        Optional.empty(),
                        release.hash(),
                        Optional.of(new JournalEvent.Evidence(verdict.hash(), Optional.empty(), Optional.empty()))),
                Optional.empty(),
                Optional.empty());
        // end
        hashes.put("move", move.hash());

        // vector second-move
        JournalEntry back = JournalEntry.after(
                Optional.of(move),
                Instant.parse("2026-01-05T00:00:00.000000001Z"),
                "bob",
                "Complaints",
                new JournalEvent.Moved(
                        JournalEvent.Moved.Kind.ROLLBACK,
                        "production",
                        Optional.of(release.hash()),
                        Hash.ofUtf8("baseline"),
                        Optional.empty()));
        // end
        hashes.put("second-move", back.hash());
        return hashes;
    }
}
