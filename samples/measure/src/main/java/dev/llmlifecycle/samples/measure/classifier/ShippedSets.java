package dev.llmlifecycle.samples.measure.classifier;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.core.classify.LabelledText;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.MeasureContext;

/**
 * What the shipped classifiers are trained on, and what is kept apart to judge them.
 *
 * <p>Three of ten texts are kept apart, by a hash of their first eight words, so that variants of one prompt are on one
 * side. With a folder to report on, its rows are reported instead.
 */
final class ShippedSets {

    static final String INJECTION = "injection";
    static final String BENIGN = "benign";
    static final String TOXIC = "toxic";
    static final String HATE = "toxic/hate";
    static final String OFFENSIVE = "toxic/offensive";
    static final String NEUTRAL = "neutral";

    private static final int GROUP_WORDS = 8;
    private static final String HELD_BELOW = "4d";
    private static final int START = 400;
    private static final int SHORT_STEP = 12;

    private final MeasureContext context;
    private final List<LabelledText> train = new ArrayList<>();
    private final Map<String, List<LabelledText>> report = new LinkedHashMap<>();

    private ShippedSets(MeasureContext context) {
        this.context = context;
    }

    /** Returns the texts to train on. */
    List<LabelledText> train() {
        return train;
    }

    /** Returns the texts kept apart, by their set. */
    List<LabelledText> report(String set) {
        return report.getOrDefault(set, List.of());
    }

    static ShippedSets injection(MeasureContext context) {
        ShippedSets sets = new ShippedSets(context);
        sets.add("jailbreak_prompts", "MIT", true, row -> INJECTION, row -> row.text("prompt"), "id", "prompt");
        sets.add(
                "prompt_injection",
                "MIT",
                true,
                row -> BENIGN,
                row -> row.text("prompt"),
                "prompt",
                "word_list",
                "category");
        sets.addBenign(BENIGN);
        return sets;
    }

    static ShippedSets toxicity(MeasureContext context) {
        ShippedSets sets = new ShippedSets(context);
        sets.add(
                "hate_speech_davidson",
                "MIT",
                false,
                row -> switch (row.text("class")) {
                    case "0" -> HATE;
                    case "1" -> OFFENSIVE;
                    default -> NEUTRAL;
                },
                row -> row.text("tweet"),
                "tweet",
                "class");
        sets.addBenign(NEUTRAL);
        return sets;
    }

    private void addBenign(String label) {
        add("arena_hard", "Apache-2.0", true, row -> label, row -> row.text("prompt"), "uid", "cluster", "prompt");
        add("ifeval_prompts", "Apache-2.0", true, row -> label, row -> row.text("prompt"), "key", "prompt");
        add(
                "xstest",
                "CC-BY-4.0",
                false,
                row -> row.text("label").equals("safe") ? label : "",
                row -> row.text("prompt"),
                "id",
                "prompt",
                "label",
                "focus");
        add(
                "clinc150",
                "CC-BY-3.0",
                false,
                row -> row.line() % SHORT_STEP == 0 ? label : "",
                row -> row.text("text"),
                "text",
                "intent");
        add(
                "banking77",
                "CC-BY-4.0",
                false,
                row -> row.line() % SHORT_STEP == 0 ? label : "",
                row -> row.text("text"),
                "text",
                "category");
    }

    /** Adds a set; a row with an empty label is left out. Of long texts the beginning is learned too. */
    private void add(
            String set,
            String licence,
            boolean mayBeLong,
            Function<DataRow, String> label,
            Function<DataRow, String> text,
            String... fields) {
        for (DataRow row : context.training(set).rows(fields)) {
            String value = text.apply(row);
            if (!label.apply(row).isEmpty() && !isHeld(value)) {
                Provenance provenance = new Provenance(set, licence);
                train.add(new LabelledText(value, List.of(label.apply(row)), provenance));
                if (mayBeLong && value.length() > START) {
                    train.add(new LabelledText(value.substring(0, START), List.of(label.apply(row)), provenance));
                }
            }
        }
        boolean apart = context.reportOn().isPresent();
        List<LabelledText> kept = report.computeIfAbsent(set, name -> new ArrayList<>());
        for (DataRow row : context.report(set).rows(fields)) {
            String value = text.apply(row);
            if (!label.apply(row).isEmpty() && (apart || isHeld(value))) {
                kept.add(new LabelledText(value, List.of(label.apply(row)), new Provenance(set, licence)));
            }
        }
    }

    private static boolean isHeld(String text) {
        String[] words = text.strip().toLowerCase(Locale.ROOT).split("\\W+", GROUP_WORDS + 1);
        String group = String.join(" ", List.of(words).subList(0, Math.min(GROUP_WORDS, words.length)));
        return Hash.ofUtf8(group).hex().compareTo(HELD_BELOW) < 0;
    }
}
