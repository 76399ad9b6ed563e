package dev.llmlifecycle.api.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.llmlifecycle.api.identity.Hash;

/**
 * The rows that a verdict rests on, with what they are rows of: both releases and the dataset, under one hash.
 *
 * <p>Immutable. Iterates over the rows. An experiment labels its rows with the releases that answered; a verdict takes
 * the labels from here and from nowhere else, so that rows of one comparison cannot pass for another by mistake. Who
 * means to deceive can make rows, like any record; what keeps them honest is that the answers they rest on are kept.
 *
 * @param candidate the hash of the candidate release
 * @param baseline the hash of the baseline release
 * @param dataset the hash of the dataset
 * @param rows one row for each example and metric
 * @param missing the pairs of an example and a metric that have no row
 * @since 0.1
 */
public record PairedRows(Hash candidate, Hash baseline, Hash dataset, List<PairedRow> rows, List<MissingPair> missing)
        implements Iterable<PairedRow> {

    static final Comparator<PairedRow> ORDER =
            Comparator.comparing(PairedRow::metric).thenComparing(PairedRow::exampleId);

    /** Copies. */
    public PairedRows {
        Objects.requireNonNull(candidate, "candidate");
        Objects.requireNonNull(baseline, "baseline");
        Objects.requireNonNull(dataset, "dataset");
        rows = List.copyOf(rows);
        missing = List.copyOf(missing);
    }

    /**
     * Creates rows of which none is missing.
     *
     * @param candidate the hash of the candidate release
     * @param baseline the hash of the baseline release
     * @param dataset the hash of the dataset
     * @param rows one row for each example and metric
     */
    public PairedRows(Hash candidate, Hash baseline, Hash dataset, List<PairedRow> rows) {
        this(candidate, baseline, dataset, rows, List.of());
    }

    /**
     * Pairs the scores of two releases that were recorded apart, such as a baseline of yesterday.
     *
     * @param baseline the baseline's scores
     * @param candidate the candidate's scores
     * @return a row for each example and metric that both have, the others missing
     * @throws IllegalArgumentException when they are of different datasets, as their hashes tell
     */
    public static PairedRows pair(ArmScores baseline, ArmScores candidate) {
        if (!baseline.dataset().equals(candidate.dataset())) {
            throw new IllegalArgumentException("pairing the scores of two releases: the baseline was asked dataset "
                    + baseline.dataset().shortForm() + " and the candidate "
                    + candidate.dataset().shortForm() + "; ask both the same examples");
        }
        List<PairedRow> rows = new ArrayList<>();
        List<MissingPair> missing = new ArrayList<>();
        TreeSet<String> metrics = new TreeSet<>(baseline.scores().keySet());
        metrics.addAll(candidate.scores().keySet());
        TreeSet<String> examples = new TreeSet<>();
        Stream.concat(baseline.scores().values().stream(), candidate.scores().values().stream())
                .forEach(scores -> examples.addAll(scores.keySet()));
        for (String metric : metrics) {
            Map<String, Double> before = baseline.scores().getOrDefault(metric, Map.of());
            Map<String, Double> after = candidate.scores().getOrDefault(metric, Map.of());
            for (String example : examples) {
                Double one = before.get(example);
                Double other = after.get(example);
                if (one == null || other == null) {
                    missing.add(new MissingPair(example, metric));
                } else {
                    rows.add(new PairedRow(example, metric, one.doubleValue(), other.doubleValue()));
                }
            }
        }
        return new PairedRows(candidate.release(), baseline.release(), baseline.dataset(), rows, missing);
    }

    /**
     * Returns the hash over the labels, the rows and what is missing, whatever order they came in.
     *
     * @return equal on every JVM for equal content
     */
    public Hash hash() {
        return Hash.ofCanonicalJson(Map.of(
                "type",
                "paired-rows",
                "candidate",
                candidate.hex(),
                "baseline",
                baseline.hex(),
                "dataset",
                dataset.hex(),
                "rows",
                rows.stream().sorted(ORDER).map(PairedRow::toCanonical).toList(),
                "missing",
                missing.stream()
                        .sorted(Comparator.comparing(MissingPair::metric).thenComparing(MissingPair::exampleId))
                        .map(MissingPair::toCanonical)
                        .toList()));
    }

    /**
     * Returns the number of rows.
     *
     * @return without those that are missing
     */
    public int size() {
        return rows.size();
    }

    /**
     * Returns the rows.
     *
     * @return in their order
     */
    public Stream<PairedRow> stream() {
        return rows.stream();
    }

    @Override
    public Iterator<PairedRow> iterator() {
        return rows.iterator();
    }
}
