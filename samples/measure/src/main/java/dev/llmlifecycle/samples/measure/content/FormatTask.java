package dev.llmlifecycle.samples.measure.content;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationContext.Subject;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.JsonRepair;
import dev.llmlifecycle.core.validation.Validators;
import dev.llmlifecycle.core.validation.content.ContentValidators;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.data.MissingDataException;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * Checks of form: how often the library behind schemas agrees with the suite of JSON Schema, whether right arguments of
 * tools pass and wrong ones are refused, whether broken JSON is mended, and how many of the instructions of IFEval a
 * rule can check. Nothing is fitted, so all rows are reported.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class FormatTask implements MeasureTask {

    private static final String SCHEMAS = "json_schema_test_suite";
    private static final String BASE = "http://localhost:1234/";
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Creates the task. */
    public FormatTask() {}

    @Override
    public String name() {
        return "format";
    }

    @Override
    public String description() {
        return "JSON Schema, arguments of tools, repair of JSON, and instructions that a rule can check";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<Figure> figures = new ArrayList<>();
        Path suite = context.reportOn().orElse(context.data()).resolve(SCHEMAS);
        schemas(suite, "draft2020-12", SpecificationVersion.DRAFT_2020_12, figures);
        schemas(suite, "draft7", SpecificationVersion.DRAFT_7, figures);
        tools(context, figures);
        instructions(context, figures);
        return figures;
    }

    private static void schemas(Path suite, String draft, SpecificationVersion version, List<Figure> figures) {
        Path folder = suite.resolve("tests").resolve(draft);
        if (!Files.isDirectory(folder)) {
            throw new MissingDataException(
                    "Reading " + folder + ": there is no such folder; put the suite of JSON Schema there");
        }
        SchemaRegistry registry = registry(suite.resolve("remotes"), version);
        long[] counts = new long[2];
        for (Path file : files(folder)) {
            // What is optional is left to an implementation, and a format is a note unless one asks for more.
            if (!folder.relativize(file).toString().startsWith("optional")) {
                for (JsonNode group : read(file)) {
                    judge(group, registry, counts);
                }
            }
        }
        if (counts[1] > 0) {
            figures.add(Figure.share(SCHEMAS + "/" + draft, "agreement", counts[0], counts[1]));
        }
    }

    private static void judge(JsonNode group, SchemaRegistry registry, long[] counts) {
        Optional<Schema> schema = compile(group.path("schema"), registry);
        for (JsonNode test : group.path("tests")) {
            counts[1]++;
            boolean valid = test.path("valid").asBoolean();
            counts[0] += schema.isPresent() && accepts(schema.get(), test.path("data")) == valid ? 1 : 0;
        }
    }

    private static Optional<Schema> compile(JsonNode schema, SchemaRegistry registry) {
        try {
            return Optional.of(registry.getSchema(schema));
        } catch (RuntimeException e) {
            // A schema that the library cannot read counts as disagreement.
            return Optional.empty();
        }
    }

    private static boolean accepts(Schema schema, JsonNode data) {
        return schema.validate(data).isEmpty();
    }

    private static SchemaRegistry registry(Path remotes, SpecificationVersion version) {
        Map<String, String> known = new HashMap<>();
        if (Files.isDirectory(remotes)) {
            for (Path file : files(remotes)) {
                String at = remotes.relativize(file).toString().replace('\\', '/');
                known.put(BASE + at, read(file).toString());
            }
        }
        return SchemaRegistry.withDefaultDialect(version, builder -> builder.schemas(known));
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(Path file) {
        try {
            return MAPPER.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new LifecycleException("Reading " + file + " failed; look at the file", e);
        }
    }

    private static void tools(MeasureContext context, List<Figure> figures) {
        List<ToolCalls.Call> calls = ToolCalls.read(context.report(ToolCalls.SET));
        SplittableRandom random = new SplittableRandom(context.seed());
        long passed = 0;
        Map<String, long[]> refused = new TreeMap<>();
        Map<BrokenJson, long[]> repaired = new TreeMap<>();
        for (ToolCalls.Call call : calls) {
            Validator validator =
                    Validators.toolArguments(Map.of(call.tool(), call.schema().toString()));
            passed += passes(validator, call.tool(), call.arguments()) ? 1 : 0;
            ToolCalls.mutated(call, random).forEach((way, arguments) -> {
                long[] counts = refused.computeIfAbsent(way, any -> new long[2]);
                counts[0] += passes(validator, call.tool(), arguments) ? 0 : 1;
                counts[1]++;
            });
            for (BrokenJson way : BrokenJson.values()) {
                repair(call.arguments(), way, random, repaired.computeIfAbsent(way, any -> new long[3]));
            }
        }
        figures.add(Figure.share(ToolCalls.SET, "right arguments pass", passed, calls.size()));
        refused.forEach(
                (way, counts) -> figures.add(Figure.share(ToolCalls.SET, "refused: " + way, counts[0], counts[1])));
        long[] all = new long[3];
        repaired.forEach((way, counts) -> {
            for (int i = 0; i < all.length; i++) {
                all[i] += counts[i];
            }
            if (counts[2] > 0) {
                String name = way.name().toLowerCase(Locale.ROOT).replace('_', ' ');
                figures.add(Figure.share("repair/" + name, "mended and equal", counts[0], counts[2]));
            }
        });
        figures.add(Figure.share("repair/all", "mended and equal", all[0], all[2]));
        figures.add(Figure.share("repair/all", "mended and other", all[1], all[2]));
    }

    private static boolean passes(Validator validator, String tool, ObjectNode arguments) {
        ValidationContext context = new ValidationContext(
                        "", List.of(), Optional.empty(), Locale.ENGLISH, Map.of(Validators.TOOL_ATTRIBUTE, tool))
                .withSubject(Subject.TOOL_ARGUMENTS);
        return validator.validate(arguments.toString(), context) instanceof ValidationOutcome.Pass;
    }

    /** Counts what came out equal, what came out other, and what was broken at all. */
    private static void repair(JsonNode value, BrokenJson way, SplittableRandom random, long[] counts) {
        String broken = way.of(value, random);
        if (isJson(broken)) {
            return;
        }
        counts[2]++;
        JsonRepair.repair(broken).filter(done -> !done.losesData()).ifPresent(done -> {
            JsonNode mended = parse(done.json());
            boolean equal = mended.equals(parse(way.expected(value, mended).toString()));
            counts[equal ? 0 : 1]++;
        });
    }

    private static boolean isJson(String text) {
        try {
            MAPPER.readTree(text);
            return true;
        } catch (JsonProcessingException e) {
            // It is meant to be broken; where the way found nothing to break, it is left out.
            return false;
        }
    }

    private static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a mended document is not JSON; look at JsonRepair", e);
        }
    }

    private static void instructions(MeasureContext context, List<Figure> figures) {
        long checked = 0;
        long all = 0;
        long prompts = 0;
        List<DataRow> rows = context.report("ifeval_prompts").rows("prompt", "instruction_id_list");
        for (DataRow row : rows) {
            JsonNode ids = row.json().path("instruction_id_list");
            boolean whole = true;
            for (int i = 0; i < ids.size(); i++) {
                boolean can = check(
                                ids.get(i).asText(), row.json().path("kwargs").path(i))
                        .isPresent();
                all++;
                checked += can ? 1 : 0;
                whole &= can;
            }
            prompts += whole ? 1 : 0;
        }
        figures.add(Figure.share("ifeval_prompts", "instructions that a shipped check covers", checked, all));
        figures.add(Figure.share("ifeval_prompts", "prompts of which shipped checks cover all", prompts, rows.size()));
    }

    /** Makes the check of an instruction from what ships; counts and places need a lambda of the host. */
    private static Optional<Validator> check(String id, JsonNode arguments) {
        return switch (id) {
            case "punctuation:no_comma" -> Optional.of(Validators.pattern("comma", ","));
            case "change_case:english_capital" -> Optional.of(Validators.pattern("small-letter", "\\p{Ll}"));
            case "change_case:english_lowercase" -> Optional.of(Validators.pattern("capital-letter", "\\p{Lu}"));
            case "detectable_format:json_format" -> Optional.of(Validators.jsonSchema("json", "{}"));
            case "language:response_language" -> Optional.of(ContentValidators.language());
            case "keywords:forbidden_words" -> {
                List<String> words = new ArrayList<>();
                arguments.path("forbidden_words").forEach(word -> words.add(word.asText()));
                yield words.isEmpty() ? Optional.empty() : Optional.of(Validators.words("forbidden", words));
            }
            default -> Optional.empty();
        };
    }
}
