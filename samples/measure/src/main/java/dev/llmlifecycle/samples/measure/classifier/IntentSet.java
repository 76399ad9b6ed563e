package dev.llmlifecycle.samples.measure.classifier;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.data.MissingDataException;
import dev.llmlifecycle.samples.measure.task.MeasureContext;

/**
 * Texts with intents: some to train on, others to report on, and such as have none of the intents.
 *
 * @param name of the set
 * @param train to fit and tune on
 * @param report to report on
 * @param outside texts without an intent that is known, possibly none
 */
record IntentSet(String name, List<Row> train, List<Row> report, List<String> outside) {

    private static final String OUTSIDE = "oos";
    private static final int HELD_OUT = 5;

    /**
     * A text and its intent.
     *
     * @param text the text
     * @param intent the intent
     */
    record Row(String text, String intent) {}

    /** CLINC150: trained on its training split, reported on every other row. */
    static IntentSet clinc(MeasureContext context) {
        List<Row> train = new ArrayList<>();
        for (DataRow row : context.training("clinc150").rows("text", "intent", "split")) {
            if (row.text("split").equals("train")) {
                train.add(new Row(row.text("text"), row.text("intent")));
            }
        }
        List<Row> report = new ArrayList<>();
        List<String> outside = new ArrayList<>();
        for (DataRow row : context.report("clinc150").rows("text", "intent", "split")) {
            if (row.text("intent").equals(OUTSIDE)) {
                outside.add(row.text("text"));
            } else if (!row.text("split").equals("train")) {
                report.add(new Row(row.text("text"), row.text("intent")));
            }
        }
        return new IntentSet("clinc150", train, report, outside).checked();
    }

    /** BANKING77: without a folder to report on, the last fifth of each intent is kept apart. */
    static IntentSet banking(MeasureContext context) {
        List<Row> train = rows(context, true);
        if (context.reportOn().isPresent()) {
            return new IntentSet("banking77", train, rows(context, false), List.of()).checked();
        }
        List<Row> fitted = new ArrayList<>();
        List<Row> report = new ArrayList<>();
        byIntent(train).forEach((intent, rows) -> {
            int end = rows.size() - rows.size() / HELD_OUT;
            fitted.addAll(rows.subList(0, end));
            report.addAll(rows.subList(end, rows.size()));
        });
        return new IntentSet("banking77", fitted, report, List.of()).checked();
    }

    /** Returns as many training texts of each intent as asked for, drawn by a seed. */
    List<Row> few(int shots, long seed) {
        Random random = new Random(seed);
        List<Row> few = new ArrayList<>();
        byIntent(train).forEach((intent, rows) -> {
            List<Row> shuffled = new ArrayList<>(rows);
            Collections.shuffle(shuffled, random);
            few.addAll(shuffled.subList(0, Math.min(shots, shuffled.size())));
        });
        return few;
    }

    private IntentSet checked() {
        if (train.isEmpty() || report.isEmpty()) {
            throw new MissingDataException("Reading " + name + " found " + train.size() + " texts to train on and "
                    + report.size() + " to report on; it takes both");
        }
        return this;
    }

    private static List<Row> rows(MeasureContext context, boolean training) {
        List<DataRow> rows =
                (training ? context.training("banking77") : context.report("banking77")).rows("text", "category");
        return rows.stream()
                .map(row -> new Row(row.text("text"), row.text("category")))
                .toList();
    }

    private static Map<String, List<Row>> byIntent(List<Row> rows) {
        Map<String, List<Row>> byIntent = new TreeMap<>();
        rows.forEach(row -> byIntent.computeIfAbsent(row.intent(), intent -> new ArrayList<>())
                .add(row));
        return byIntent;
    }
}
