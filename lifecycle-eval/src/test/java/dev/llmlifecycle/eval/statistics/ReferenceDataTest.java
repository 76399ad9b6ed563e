package dev.llmlifecycle.eval.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.ReferenceData;
import dev.llmlifecycle.api.statistics.McNemarTest;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Agreement with the certified values of NIST's Statistical Reference Datasets, and with R. */
@NullMarked
final class ReferenceDataTest {

    @ParameterizedTest
    @CsvSource({
        // digits: of mean, standard deviation and autocorrelation, as many as doubles of the data hold
        "Lew, 14, 14, 14",
        "Mavro, 14, 12, 12",
        "Michelso, 14, 13, 13",
        "NumAcc1, 15, 15, 15",
        "NumAcc2, 14, 14, 14",
    })
    void univariate(String name, int mean, int deviation, int autocorrelation) {
        List<String> lines = ReferenceData.lines("nist_strd/univariate/" + name + ".txt");
        double[] values = lines.stream()
                .skip(lastHeader(lines))
                .map(String::strip)
                .filter(line -> line.matches("[-+]?[0-9.]+(E[-+]?[0-9]+)?"))
                .mapToDouble(Double::parseDouble)
                .toArray();
        Summary summary = Summary.of(values);
        assertThat(digits(summary.mean(), certified(lines, "mean|Sample Mean"))).isGreaterThanOrEqualTo(mean);
        assertThat(digits(summary.standardDeviation(), certified(lines, "standardDeviation|Sample Standard Deviation")))
                .isGreaterThanOrEqualTo(deviation);
        assertThat(digits(
                        Correlation.autocorrelation(values, 1),
                        certified(lines, "autocorrelationCoefficient|Sample Autocorrelation")))
                .isGreaterThanOrEqualTo(autocorrelation);
    }

    @ParameterizedTest
    @CsvSource({
        "SiRstv, 12",
        "SmLs01, 14",
        "SmLs02, 14",
        // seven and thirteen leading digits are constant: reading the data as doubles costs as many
        "SmLs04, 9",
        "SmLs07, 2",
    })
    void analysisOfVariance(String name, int digits) {
        List<String> lines = ReferenceData.lines("nist_strd/anova/" + name + ".dat");
        TreeMap<Integer, List<Double>> groups = new TreeMap<>();
        int start = 0;
        while (!lines.get(start).startsWith("Data:  Treatment")
                && !lines.get(start).startsWith("Data:  Instrument")) {
            start++;
        }
        lines.stream()
                .skip(start + 1L)
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(line -> {
                    String[] columns = line.split("\\s+", -1);
                    groups.computeIfAbsent(Integer.parseInt(columns[0]), key -> new ArrayList<>())
                            .add(Double.parseDouble(columns[1]));
                });
        OneWayAnova anova = OneWayAnova.of(groups.values().stream()
                .map(group -> group.stream().mapToDouble(Double::doubleValue).toArray())
                .toList());
        String[] between = line(lines, "Between ").split("\\s+", -1);
        assertThat(digits(anova.fStatistic(), Double.parseDouble(between[between.length - 1])))
                .isGreaterThanOrEqualTo(digits);
        assertThat(digits(anova.betweenSquares(), Double.parseDouble(between[between.length - 3])))
                .isGreaterThanOrEqualTo(digits);
        String[] inside = line(lines, "Within ").split("\\s+", -1);
        assertThat(anova.withinFreedom()).isEqualTo(Integer.parseInt(inside[inside.length - 3]));
        assertThat(digits(anova.withinSquares(), Double.parseDouble(inside[inside.length - 2])))
                .isGreaterThanOrEqualTo(digits);
        String[] squared = line(lines, "Certified R-Squared").split("\\s+", -1);
        assertThat(digits(anova.rSquared(), Double.parseDouble(squared[squared.length - 1])))
                .isGreaterThanOrEqualTo(digits);
    }

    @Test
    void correlationOfNorris() {
        List<String> lines = ReferenceData.lines("nist_strd/linear_regression/Norris.dat");
        double[][] rows = lines.stream()
                .skip(60)
                .map(String::strip)
                .filter(line -> line.matches("[-0-9.]+\\s+[-0-9.]+"))
                .map(line -> Arrays.stream(line.split("\\s+", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toArray(double[][]::new);
        assertThat(rows).hasDimensions(36, 2);
        double[] y = Arrays.stream(rows).mapToDouble(row -> row[0]).toArray();
        double[] x = Arrays.stream(rows).mapToDouble(row -> row[1]).toArray();
        double r = Correlation.pearson(x, y);
        assertThat(digits(r * r, 0.999993745883712)).isGreaterThanOrEqualTo(14);
        assertThat(r * Summary.of(y).standardDeviation() / Summary.of(x).standardDeviation())
                .isCloseTo(1.00211681802045, within(1e-13));
    }

    @Test
    void mcNemarOfTheTwoByTwoTableOfR() {
        String line = ReferenceData.lines("nist_strd/contingency_mcnemar_bowker.jsonl")
                .get(0);
        double[] cells = numbers("\"table\": \\[\\[(\\d+), (\\d+)], \\[(\\d+), (\\d+)]]", line);
        double exact = numbers("\"homog_binom_p\": ([0-9.e-]+)", line)[0];
        assertThat(McNemarTest.exactPValue((long) cells[1], (long) cells[2])).isCloseTo(exact, within(1e-14));
    }

    @ParameterizedTest
    @CsvSource({
        // Pearson, Spearman and Pearson with the corpus held fixed, from an independent computation
        "Rouge L, 0.1375124475573757, 0.13578399711662176, 0.17691309230248034",
        "BertScore F1 Art, 0.5914277616080161, 0.6026174308898762, 0.33814103907279874",
        "FactCC, 0.5643204175354996, 0.5516615492781661, 0.29209129860450156",
        "QAGS, 0.5295846864269991, 0.5199911899694605, 0.12419937134066857",
    })
    void correlationsOfMetricsWithPeople(String metric, double pearson, double spearman, double partial) {
        List<String> rows = ReferenceData.lines("frank_meta/valid.jsonl");
        String number = "\": ([-0-9.eE]+)";
        double[] scores = rows.stream()
                .mapToDouble(row -> numbers("\"" + metric + number, row)[0])
                .toArray();
        double[] people = rows.stream()
                .mapToDouble(row -> numbers("\"Factuality" + number, row)[0])
                .toArray();
        double[] corpus = rows.stream()
                .mapToDouble(row -> row.contains("\"dataset\": \"cnndm\"") ? 1 : 0)
                .toArray();
        assertThat(scores).hasSize(671);
        assertThat(Correlation.pearson(scores, people)).isCloseTo(pearson, within(1e-13));
        assertThat(Correlation.spearman(scores, people)).isCloseTo(spearman, within(1e-13));
        assertThat(Correlation.partial(
                        Correlation.pearson(scores, people),
                        Correlation.pearson(scores, corpus),
                        Correlation.pearson(people, corpus)))
                .isCloseTo(partial, within(1e-12));
    }

    /** How many significant digits agree. */
    private static double digits(double value, double certified) {
        return value == certified ? 17 : -Math.log10(Math.abs(value - certified) / Math.abs(certified));
    }

    private static double certified(List<String> lines, String name) {
        String line = lines.stream()
                .map(String::strip)
                .filter(each -> each.matches("(" + name + ")\\b.*"))
                .findFirst()
                .orElseThrow();
        String[] words = line.split("\\s+", -1);
        return Double.parseDouble(words[words.length - 1]);
    }

    private static String line(List<String> lines, String start) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    private static int lastHeader(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).startsWith("#") || lines.get(i).startsWith("---")) {
                return i + 1;
            }
        }
        return 0;
    }

    private static double[] numbers(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        double[] numbers = new double[matcher.groupCount()];
        Arrays.setAll(numbers, i -> Double.parseDouble(matcher.group(i + 1)));
        return numbers;
    }
}
