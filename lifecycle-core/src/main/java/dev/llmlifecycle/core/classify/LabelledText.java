package dev.llmlifecycle.core.classify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.Provenance;

/**
 * A text with the labels that it has.
 *
 * <p>Immutable.
 *
 * @param text any text
 * @param labels one, or any number for a classifier of several; a {@code /} makes a group: {@code billing/refund}
 * @param provenance origin and licence, which go into the model card
 * @since 0.1
 */
public record LabelledText(String text, List<String> labels, Provenance provenance) {

    /** Checks the labels, and copies. */
    public LabelledText {
        Objects.requireNonNull(text, "text");
        labels = labels.stream().distinct().sorted().toList();
        for (String label : labels) {
            if (label.isBlank() || !isWritable(label)) {
                throw new IllegalArgumentException("a label of a text is blank or has half a surrogate pair; name it");
            }
        }
        Objects.requireNonNull(provenance, "provenance");
    }

    /**
     * Creates a labelled text of unknown origin.
     *
     * @param text any text
     * @param labels its labels
     * @return the text with its labels
     */
    public static LabelledText of(String text, String... labels) {
        return new LabelledText(text, List.of(labels), Provenance.UNKNOWN);
    }

    /**
     * Takes the inputs of a dataset with the value of one of their labels.
     *
     * @param dataset the examples; those without that label are left out
     * @param name the name of the label, such as {@code intent}
     * @return the labelled texts, in the order of the examples
     * @throws IllegalArgumentException when no example has the label
     */
    public static List<LabelledText> of(Dataset dataset, String name) {
        return read(dataset, name, value -> List.of(value));
    }

    /**
     * Takes the inputs of a dataset with several labels each, listed in the value of one of their labels.
     *
     * @param dataset the examples; those without that label are left out, those with an empty value have no label
     * @param name the name of the label, such as {@code topics}
     * @param separator what stands between the labels, such as {@code ,}; spaces around it are left out
     * @return the labelled texts, in the order of the examples
     * @throws IllegalArgumentException when no example has the label
     */
    public static List<LabelledText> of(Dataset dataset, String name, char separator) {
        return read(
                dataset,
                name,
                value -> Arrays.stream(value.split(Pattern.quote("" + separator)))
                        .map(String::strip)
                        .filter(label -> !label.isEmpty())
                        .toList());
    }

    private static List<LabelledText> read(Dataset dataset, String name, Function<String, List<String>> reader) {
        List<LabelledText> texts = new ArrayList<>();
        for (Example example : dataset.examples()) {
            String value = example.labels().get(Objects.requireNonNull(name, "name"));
            if (value != null) {
                texts.add(new LabelledText(example.input(), reader.apply(value), example.provenance()));
            }
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("none of the " + dataset.size() + " examples of dataset '"
                    + dataset.name() + "' has a label '" + name + "'; name a label that they have");
        }
        return texts;
    }

    private static boolean isWritable(String label) {
        return label.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
}
