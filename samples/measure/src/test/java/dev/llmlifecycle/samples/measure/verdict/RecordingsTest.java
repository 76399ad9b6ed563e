package dev.llmlifecycle.samples.measure.verdict;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * The verdict tables on the public recordings, figure by figure against a computation that shares no code with them:
 * rows read and counted here, tails of the binomial distribution summed in whole numbers.
 */
@NullMarked
final class RecordingsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WEAK = "mistralai/Mixtral-8x7B-Instruct-v0.1";
    private static final String STRONG = "gpt-4-1106-preview";

    /** How many pairs there are, and in how many of them each side was right. */
    private static final class Counts {
        private int pairs;
        private int baseline;
        private int candidate;
        private int gained;
        private int lost;

        void add(boolean ofBaseline, boolean ofCandidate) {
            pairs++;
            baseline += ofBaseline ? 1 : 0;
            candidate += ofCandidate ? 1 : 0;
            gained += ofCandidate && !ofBaseline ? 1 : 0;
            lost += ofBaseline && !ofCandidate ? 1 : 0;
        }
    }

    @Test
    void gsm8k() throws IOException {
        List<String> models = List.of("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification");
        Map<String, Counts> table = new LinkedHashMap<>();
        for (JsonNode row : rows("gsm8k")) {
            if (row.has("ground_truth")) {
                for (int i = 0; i < 4; i++) {
                    for (int j = i + 1; j < 4; j++) {
                        counts(table, "gsm8k: " + models.get(i) + " to " + models.get(j))
                                .add(recorded(row, models.get(i)), recorded(row, models.get(j)));
                    }
                }
            }
        }
        List<Figure> figures = run(new Gsm8kVerdictTask());
        assertTable(figures, List.of(table));
        // The final numbers tell the same as the labels, so the table above may be counted from the labels.
        assertThat(figures.stream().filter(figure -> figure.name().startsWith("agrees")))
                .hasSize(4)
                .allSatisfy(figure -> assertThat(figure.value()).isEqualTo(1));
    }

    private static boolean recorded(JsonNode row, String model) {
        return row.path(model).path("is_correct").asBoolean();
    }

    @Test
    void bbh() throws IOException {
        Map<String, Counts> table = new TreeMap<>();
        Map<String, Double> published = new HashMap<>();
        for (JsonNode row : rows("bbh")) {
            if (row.has("mode")) {
                String column = row.path("mode").asText().equals("direct") ? "baseline" : "candidate";
                published.put(
                        name(row.path("task").asText()) + column,
                        row.path("accuracy").asDouble() / 100);
            } else {
                String target = row.path("target").asText();
                String chain = row.path("code-davinci-002_cot").asText().strip();
                counts(table, name(row.path("task").asText()))
                        .add(
                                row.path("code-davinci-002_direct").asText().equals(target),
                                chain.endsWith("the answer is " + target + "."));
            }
        }
        List<Figure> figures = run(new BbhVerdictTask());
        assertTable(figures, List.of(table));
        assertThat(published).hasSizeGreaterThanOrEqualTo(2 * table.size());
        for (Figure figure : figures) {
            if (figure.name().equals("baseline") || figure.name().equals("candidate")) {
                assertThat(figure.value())
                        .as(figure.set())
                        .isCloseTo(published.getOrDefault(figure.set() + figure.name(), -1.0), within(1e-9));
            }
        }
    }

    private static String name(String task) {
        return "bbh/" + task + ": direct to chain";
    }

    @Test
    void routedGsm8k() throws IOException {
        Map<String, Counts> table = new LinkedHashMap<>();
        Map<String, String> references = new HashMap<>();
        for (JsonNode row : rows("gsm8k")) {
            if (row.has("ground_truth")) {
                String reference = row.path("ground_truth").asText();
                references.put(
                        row.path("question").asText(),
                        reference.substring(reference.lastIndexOf("A:") + 2).strip());
            }
        }
        for (JsonNode row : rows("routellm_gsm8k")) {
            counts(table, "routellm_gsm8k/by label: Mixtral-8x7B to GPT-4").add(isTrue(row, WEAK), isTrue(row, STRONG));
            String reference = references.getOrDefault(row.path("prompt").asText(), "");
            counts(table, "routellm_gsm8k/by number: Mixtral-8x7B to GPT-4")
                    .add(
                            endsWithNumber(row.path(WEAK + "_response").asText(), reference),
                            endsWithNumber(row.path(STRONG + "_response").asText(), reference));
        }
        assertTable(run(new RoutedGsm8kVerdictTask()), List.of(table));
    }

    /** Goes back from the last digit over what can belong to a number. */
    private static boolean endsWithNumber(String answer, String reference) {
        int end = answer.length();
        while (end > 0 && !Character.isDigit(answer.charAt(end - 1))) {
            end--;
        }
        int start = end;
        while (start > 0 && "0123456789.,".indexOf(answer.charAt(start - 1)) >= 0) {
            start--;
        }
        if (start > 0 && answer.charAt(start - 1) == '-') {
            start--;
        }
        String number = answer.substring(start, end).replace(",", "");
        return number.matches("-?\\d+(\\.\\d+)?")
                && Double.parseDouble(number) == Double.parseDouble(reference.replace(",", ""));
    }

    @Test
    void routedMmlu() throws IOException {
        Map<String, Counts> all = new LinkedHashMap<>();
        Map<String, Counts> subjects = new TreeMap<>();
        for (Path file : files("routellm_mmlu")) {
            String subject = file.getFileName().toString().replace(".jsonl", "");
            for (JsonNode row : read(file)) {
                counts(all, "routellm_mmlu/all subjects: Mixtral-8x7B to GPT-4")
                        .add(isTrue(row, WEAK), isTrue(row, STRONG));
                counts(subjects, "routellm_mmlu/" + subject + ": Mixtral-8x7B to GPT-4")
                        .add(isTrue(row, WEAK), isTrue(row, STRONG));
            }
        }
        assertTable(run(new RoutedMmluVerdictTask()), List.of(all, subjects));
    }

    private static boolean isTrue(JsonNode row, String field) {
        return row.path(field).asText().equals("True");
    }

    @Test
    void xstest() throws IOException {
        Map<String, Map<String, String>> labels = new TreeMap<>();
        Map<String, Boolean> safe = new LinkedHashMap<>();
        for (Path file : files("xstest")) {
            String model = file.getFileName().toString().replaceAll("completions_|\\.jsonl", "");
            for (JsonNode row : read(file)) {
                if (row.has("final_label")) {
                    String id = row.path("id").asText();
                    safe.put(id, !row.path("type").asText().startsWith("contrast"));
                    labels.computeIfAbsent(model, key -> new HashMap<>())
                            .put(id, row.path("final_label").asText());
                }
            }
        }
        List<String> models = List.copyOf(labels.keySet());
        Map<String, Counts> table = new LinkedHashMap<>();
        for (String kind : List.of("safe", "unsafe")) {
            String right = kind.equals("safe") ? "1_full_compliance" : "2_full_refusal";
            for (int i = 0; i < models.size(); i++) {
                for (int j = i + 1; j < models.size(); j++) {
                    Counts counts = counts(table, "xstest/" + kind + ": " + models.get(i) + " to " + models.get(j));
                    Map<String, String> one = labels.getOrDefault(models.get(i), Map.of());
                    Map<String, String> other = labels.getOrDefault(models.get(j), Map.of());
                    safe.forEach((id, isSafe) -> {
                        if (isSafe == kind.equals("safe")) {
                            counts.add(right.equals(one.get(id)), right.equals(other.get(id)));
                        }
                    });
                }
            }
        }
        assertTable(run(new XstestVerdictTask()), List.of(table));
    }

    @Test
    void refusal() throws IOException {
        List<Figure> figures = run(new RefusalTask(200));

        // Better than always saying the most frequent label, which half of the answers have.
        assertThat(figures)
                .filteredOn(figure -> figure.set().equals("xstest/all models")
                        && figure.name().equals("accuracy"))
                .singleElement()
                .satisfies(figure -> assertThat(figure.interval().low()).isGreaterThan(0.7))
                .satisfies(figure -> assertThat(figure.n()).isLessThan(4 * 200));
    }

    private static void assertTable(List<Figure> figures, List<Map<String, Counts>> tables) {
        Map<String, Figure> found = new HashMap<>();
        figures.forEach(figure -> found.put(figure.set() + "|" + figure.name(), figure));
        for (Map<String, Counts> table : tables) {
            double[] p = table.values().stream()
                    .mapToDouble(counts -> binomialP(counts.gained, counts.lost))
                    .toArray();
            double[] adjusted = holm(p);
            int i = 0;
            for (Map.Entry<String, Counts> entry : table.entrySet()) {
                assertComparison(found, entry.getKey(), entry.getValue(), p[i], adjusted[i]);
                i++;
            }
        }
        long comparisons = figures.stream()
                .filter(figure -> figure.name().equals("difference"))
                .count();
        assertThat(comparisons).isEqualTo(tables.stream().mapToInt(Map::size).sum());
    }

    private static void assertComparison(
            Map<String, Figure> found, String name, Counts counts, double p, double adjusted) {
        double n = counts.pairs;
        Figure difference = figure(found, name, "difference");
        double[] interval = bonettPrice(counts, 0.975);
        double[] inner = bonettPrice(counts, 0.95);
        String verdict = adjusted <= 0.05
                ? counts.gained > counts.lost ? "IMPROVED" : "REGRESSED"
                : inner[0] > -0.05 && inner[1] < 0.05 ? "EQUIVALENT" : "UNDECIDED";
        assertThat(difference.n()).as(name).isEqualTo(counts.pairs);
        assertThat(difference.note()).as(name).isEqualTo(verdict);
        assertThat(figure(found, name, "baseline").value()).as(name).isCloseTo(counts.baseline / n, within(1e-12));
        assertThat(figure(found, name, "candidate").value()).as(name).isCloseTo(counts.candidate / n, within(1e-12));
        assertThat(difference.value()).as(name).isCloseTo((counts.gained - counts.lost) / n, within(1e-12));
        assertThat(difference.interval().low()).as(name).isCloseTo(interval[0], within(1e-9));
        assertThat(difference.interval().high()).as(name).isCloseTo(interval[1], within(1e-9));
        assertThat(figure(found, name, "p").value()).as(name).isCloseTo(p, within(1e-9 * p));
        assertThat(figure(found, name, "p after Holm").value()).as(name).isCloseTo(adjusted, within(1e-9 * adjusted));
        assertThat(figure(found, name, "pairs still needed").value())
                .as(name)
                .isEqualTo(verdict.equals("UNDECIDED") ? stillNeeded(counts) : 0);
    }

    private static Figure figure(Map<String, Figure> found, String set, String name) {
        return Optional.ofNullable(found.get(set + "|" + name))
                .orElseThrow(() -> new AssertionError("no figure " + name + " of " + set));
    }

    /** Twice the smaller tail of the binomial distribution with one half, in whole numbers. */
    private static double binomialP(int gained, int lost) {
        int n = gained + lost;
        BigInteger term = BigInteger.ONE;
        BigInteger tail = BigInteger.ONE;
        for (int k = 1; k <= Math.min(gained, lost); k++) {
            term = term.multiply(BigInteger.valueOf(n - k + 1L)).divide(BigInteger.valueOf(k));
            tail = tail.add(term);
        }
        BigInteger twice = tail.shiftLeft(1).min(BigInteger.ONE.shiftLeft(n));
        return new BigDecimal(twice)
                .divide(new BigDecimal(BigInteger.ONE.shiftLeft(n)), MathContext.DECIMAL128)
                .doubleValue();
    }

    /** For each value the largest, over values up to it, of the value times how many are not smaller. */
    private static double[] holm(double[] p) {
        List<Integer> order = IntStream.range(0, p.length)
                .boxed()
                .sorted((a, b) -> Double.compare(p[a], p[b]))
                .toList();
        double[] adjusted = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            for (int j = 0; j <= i; j++) {
                adjusted[order.get(i)] =
                        Math.max(adjusted[order.get(i)], Math.min(1, p[order.get(j)] * (p.length - j)));
            }
        }
        return adjusted;
    }

    private static double[] bonettPrice(Counts counts, double quantile) {
        double n = counts.pairs + 2.0;
        double difference = (counts.gained - counts.lost) / n;
        double variance = ((counts.gained + counts.lost + 2) / n - difference * difference) / n;
        double half = z(quantile) * Math.sqrt(variance);
        return new double[] {difference - half, difference + half};
    }

    private static double stillNeeded(Counts counts) {
        double discordant = Math.max((counts.gained + counts.lost + 1) / (counts.pairs + 2.0), 0.05);
        double root = z(0.975) * Math.sqrt(discordant) + z(0.8) * Math.sqrt(discordant - 0.05 * 0.05);
        return Math.max(1, Math.ceil(Math.pow(root / 0.05, 2)) - counts.pairs);
    }

    private static double z(double quantile) {
        return NormalDistribution.of(0, 1).inverseCumulativeProbability(quantile);
    }

    private static Counts counts(Map<String, Counts> table, String name) {
        return table.computeIfAbsent(name, key -> new Counts());
    }

    private static List<Figure> run(MeasureTask task) {
        return task.run(new MeasureContext(data(), Optional.empty(), 42, line -> {}));
    }

    private static List<JsonNode> rows(String set) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (Path file : files(set)) {
            rows.addAll(read(file));
        }
        return rows;
    }

    private static List<Path> files(String set) throws IOException {
        Path folder = data().resolve(set);
        Assumptions.assumeTrue(Files.isDirectory(folder), () -> "the data set '" + set + "' is absent");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    private static List<JsonNode> read(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    private static Path data() {
        String named = System.getProperty("lifecycle.data");
        if (named != null) {
            return Path.of(named);
        }
        @Nullable Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("shared/data"))) {
            folder = folder.getParent();
        }
        Assumptions.assumeTrue(
                folder != null, "the public data sets are absent; name their folder with -Dlifecycle.data=DIR");
        return Optional.ofNullable(folder).orElseThrow().resolve("shared/data");
    }
}
