package dev.llmlifecycle.core.release;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Who a name stands for: names that differ in case, blanks, invisible characters or composition are one person.
 *
 * <p>Normalised by Unicode's form NFKC (UAX #15), folded in case. Letters of other scripts that merely look alike stay
 * different; a list of approvers is the answer to them.
 */
record Person(String key) {

    /**
     * Returns the person of a name.
     *
     * @throws IllegalArgumentException when nothing of the name is visible
     */
    static Person of(String name) {
        StringBuilder visible = new StringBuilder();
        Normalizer.normalize(name, Normalizer.Form.NFKC).codePoints().forEach(character -> {
            if (Character.isWhitespace(character) || Character.isSpaceChar(character)) {
                visible.append(' ');
            } else if (Character.getType(character) != Character.FORMAT && !Character.isISOControl(character)) {
                visible.appendCodePoint(character);
            }
        });
        String folded = visible.toString().toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        String key = Normalizer.normalize(folded, Normalizer.Form.NFKC).strip().replaceAll(" +", " ");
        if (key.isEmpty()) {
            throw new IllegalArgumentException("the name of a person has no visible character; say who it is");
        }
        return new Person(key);
    }
}
