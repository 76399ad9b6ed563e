package dev.llmlifecycle.samples.measure.classifier;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.core.classify.LabelledText;
import dev.llmlifecycle.core.validation.safety.InjectionDetector;
import dev.llmlifecycle.samples.measure.data.DataFolder;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.MeasureContext;

/**
 * What the shipped classifiers are trained on, and what is kept apart to judge them.
 *
 * <p>Some three of ten texts are kept apart, by whole {@linkplain TextFamilies families}, so that variants of one
 * prompt are on one side; a family of more than ten is trained on. With a folder to report on, its rows are reported
 * instead.
 */
final class ShippedSets {

    static final String INJECTION = "injection";
    static final String BENIGN = "benign";
    static final String TOXIC = "toxic";
    static final String HATE = "toxic/hate";
    static final String OFFENSIVE = "toxic/offensive";
    static final String NEUTRAL = "neutral";

    static final String INSTRUCTION = "instruction";
    static final String CONTENT = "content";
    static final String ILLEGAL = "illegal-act";
    static final String SELF_HARM = "self-harm";

    /** Marks a text without labels; a row without a mark is left out. */
    private static final String NONE = "-";

    private static final Provenance OWN = new Provenance("own shapes", "Apache-2.0");
    private static final Provenance ANSWERS = new Provenance("arena_hard", "Apache-2.0");
    private static final long SHAPES_SEED = 42;
    private static final String WRITER = "gpt-4-0314";
    private static final int ANSWER = 1_500;
    private static final int LARGE_FAMILY = 10;
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
        sets.answers().forEach(answer -> sets.train.add(new LabelledText(answer, List.of(BENIGN), ANSWERS)));
        InjectionShapes shapes = InjectionShapes.read(SHAPES_SEED);
        shapes.of("direct").forEach(shape -> sets.train.add(own(shape.text(), INJECTION)));
        shapes.of("safe-direct").forEach(shape -> sets.train.add(own(shape.text(), BENIGN)));
        return sets;
    }

    /** Sentences, as the detector of injections reads them. Kinds of attack are kept apart as a whole. */
    static ShippedSets instruction(MeasureContext context) {
        ShippedSets sets = new ShippedSets(context);
        InjectionShapes shapes = InjectionShapes.read(SHAPES_SEED);
        shapes.of("indirect").forEach(shape -> sets.sentence(shape.text(), INSTRUCTION, OWN));
        shapes.of("safe-indirect").forEach(shape -> sets.sentence(shape.text(), CONTENT, OWN));
        Provenance bipia = new Provenance("prompt_injection", "MIT");
        for (DataRow row : context.training("prompt_injection").rows("attack_type", "attack")) {
            if (!isHeldAttack(row)) {
                sets.sentence(row.text("attack"), INSTRUCTION, bipia);
            }
        }
        for (DataRow row : emails(context.training("prompt_injection"))) {
            if (!isHeldContext(row)) {
                sets.sentences(row.text("context"), bipia);
            }
        }
        sets.answers().forEach(answer -> sets.sentences(answer, ANSWERS));
        return sets;
    }

    /** The beginnings of long harmless texts: one model's answers to the prompts that are not kept apart. */
    private List<String> answers() {
        List<DataRow> prompts = context.training("arena_hard").rows("uid", "cluster", "prompt");
        TextFamilies families =
                TextFamilies.of(prompts.stream().map(row -> row.text("prompt")).toList());
        Set<String> trained = IntStream.range(0, prompts.size())
                .filter(i -> !isHeld(families, i))
                .mapToObj(i -> prompts.get(i).text("uid"))
                .collect(Collectors.toSet());
        return context.training("arena_hard").rows("uid", "ans_id", "model", "messages").stream()
                .filter(row -> row.text("model").equals(WRITER) && trained.contains(row.text("uid")))
                .map(row -> row.json()
                        .path("messages")
                        .path(1)
                        .path("content")
                        .path("answer")
                        .asText())
                .map(answer -> answer.substring(0, Math.min(answer.length(), ANSWER)))
                .toList();
    }

    /** E-mails and tables have the same fields; e-mails say so. */
    static List<DataRow> emails(DataFolder folder) {
        return folder.rows("context", "question", "ideal").stream()
                .filter(row -> !row.text("context").startsWith("|"))
                .toList();
    }

    static boolean isHeldAttack(DataRow row) {
        return isHeld(Hash.ofUtf8("attack " + row.text("attack_type")).hex());
    }

    static boolean isHeldContext(DataRow row) {
        return isHeld(Hash.ofUtf8("context " + row.text("context")).hex());
    }

    private void sentences(String passage, Provenance provenance) {
        for (TextSpan span : InjectionDetector.sentences(passage)) {
            sentence(span.of(passage), CONTENT, provenance);
        }
    }

    private void sentence(String text, String label, Provenance provenance) {
        train.add(new LabelledText(InjectionDetector.features(text), List.of(label), provenance));
    }

    private static LabelledText own(String text, String label) {
        return new LabelledText(text, List.of(label), OWN);
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

    static ShippedSets harm(MeasureContext context) {
        ShippedSets sets = new ShippedSets(context);
        sets.add(
                "harmful_requests",
                "MIT",
                false,
                row -> ILLEGAL,
                row -> row.text("Behavior"),
                "Behavior",
                "BehaviorID");
        sets.add("openai_moderation", "MIT", true, ShippedSets::harms, row -> row.text("prompt"), "prompt");
        sets.addBenign(NONE);
        return sets;
    }

    private static String harms(DataRow row) {
        return row.json().path("SH").asInt() == 1 ? SELF_HARM : NONE;
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
        List<DataRow> rows = labelled(context.training(set).rows(fields), label);
        TextFamilies families = TextFamilies.of(rows.stream().map(text).toList());
        for (int i = 0; i < rows.size(); i++) {
            String value = text.apply(rows.get(i));
            if (!isHeld(families, i)) {
                Provenance provenance = new Provenance(set, licence);
                List<String> labels = labels(label.apply(rows.get(i)));
                train.add(new LabelledText(value, labels, provenance));
                if (mayBeLong && value.length() > START) {
                    train.add(new LabelledText(value.substring(0, START), labels, provenance));
                }
            }
        }
        boolean apart = context.reportOn().isPresent();
        List<LabelledText> kept = report.computeIfAbsent(set, name -> new ArrayList<>());
        List<DataRow> reported = apart ? labelled(context.report(set).rows(fields), label) : rows;
        for (int i = 0; i < reported.size(); i++) {
            if (apart || isHeld(families, i)) {
                DataRow row = reported.get(i);
                kept.add(new LabelledText(text.apply(row), labels(label.apply(row)), new Provenance(set, licence)));
            }
        }
    }

    private static List<String> labels(String label) {
        return label.equals(NONE) ? List.of() : List.of(label);
    }

    private static List<DataRow> labelled(List<DataRow> rows, Function<DataRow, String> label) {
        return rows.stream().filter(row -> !label.apply(row).isEmpty()).toList();
    }

    /** A family of more than ten is always trained on: one that is half of the set would be all that is reported. */
    private static boolean isHeld(TextFamilies families, int text) {
        return families.size(text) <= LARGE_FAMILY && isHeld(families.key(text));
    }

    private static boolean isHeld(String family) {
        return family.compareTo(HELD_BELOW) < 0;
    }
}
