package dev.llmlifecycle.core.validation.content;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.core.internal.text.Words;

/**
 * A number of a sentence with its unit: {@code 14 days}, {@code 5 %}, {@code $3}. Numbers up to twelve are read as
 * words too; {@code 1,000} and {@code 1000} are one number. Immutable.
 *
 * @param value the number as it compares: without separators of thousands and closing zeros
 * @param unit the word or sign that it counts, empty where none stands beside it
 * @param before the word before it, empty at the start
 */
record Quantity(String value, String unit, String before) {

    private static final String[] WORDS = {
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelv"
    };
    private static final String SIGNS = "€$£¥%";
    private static final Map<String, String> UNITS = Map.ofEntries(
            Map.entry("percent", "%"),
            Map.entry("per cent", "%"),
            Map.entry("euro", "€"),
            Map.entry("eur", "€"),
            Map.entry("dollar", "$"),
            Map.entry("usd", "$"),
            Map.entry("pound", "£"),
            Map.entry("gbp", "£"),
            Map.entry("hr", "hour"),
            Map.entry("h", "hour"),
            Map.entry("min", "minut"),
            Map.entry("sec", "second"),
            Map.entry("km", "kilometr"),
            Map.entry("kilometer", "kilometr"),
            Map.entry("kg", "kilogram"),
            Map.entry("m", "metr"),
            Map.entry("meter", "metr"));

    /** Returns the quantities of a sentence in order. */
    static List<Quantity> in(String sentence, List<Words.Token> tokens) {
        List<Quantity> found = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            Words.Token token = tokens.get(i);
            String value = value(token);
            if (!value.isEmpty()) {
                found.add(new Quantity(
                        value,
                        unit(sentence, tokens, i),
                        i == 0 ? "" : tokens.get(i - 1).written()));
            }
        }
        return found;
    }

    boolean agreesWith(Quantity other) {
        return value.equals(other.value) && (unit.equals(other.unit) || unit.isEmpty() || other.unit.isEmpty());
    }

    /**
     * Whether the two say something different of one thing: another number of one unit, another number after one word,
     * or one number of two units.
     */
    boolean differsFrom(Quantity other) {
        if (unit.isEmpty() || other.unit.isEmpty()) {
            return unit.equals(other.unit) && !value.equals(other.value) && before.equals(other.before);
        }
        return unit.equals(other.unit) != value.equals(other.value);
    }

    @Override
    public String toString() {
        return unit.isEmpty() ? value : value + " " + unit;
    }

    /** Returns the number of a word as it compares, or nothing. */
    static String value(Words.Token token) {
        if (Words.isNumber(token.word())) {
            return normalized(token.word());
        }
        for (int i = 2; i < WORDS.length; i++) {
            if (WORDS[i].equals(token.word())) {
                return Integer.toString(i);
            }
        }
        return "";
    }

    private static String normalized(String number) {
        String plain = number;
        if (plain.matches("\\d{1,3}+(?:,\\d{3})++(?:\\.\\d++)?+")) {
            plain = plain.replace(",", "");
        } else if (plain.matches("\\d{1,3}+(?:\\.\\d{3}){2,}+")) {
            plain = plain.replace(".", "");
        }
        if (!plain.matches("[0-9]{1,30}+(?:\\.[0-9]{1,30}+)?+")) {
            return plain;
        }
        return new BigDecimal(plain).stripTrailingZeros().toPlainString();
    }

    private static String unit(String sentence, List<Words.Token> tokens, int index) {
        Words.Token number = tokens.get(index);
        if (number.start() > 0) {
            int before = SIGNS.indexOf(sentence.charAt(number.start() - 1));
            if (before >= 0) {
                return SIGNS.substring(before, before + 1);
            }
        }
        int at = number.end();
        while (at < sentence.length() && at < number.end() + 2 && Character.isSpaceChar(sentence.charAt(at))) {
            at++;
        }
        int after = at < sentence.length() ? SIGNS.indexOf(sentence.charAt(at)) : -1;
        if (after >= 0) {
            return SIGNS.substring(after, after + 1);
        }
        boolean beside = index + 1 < tokens.size() && tokens.get(index + 1).start() <= number.end() + 2;
        Words.Token next = beside ? tokens.get(index + 1) : null;
        return next != null && next.content() && value(next).isEmpty()
                ? UNITS.getOrDefault(next.word(), next.word())
                : "";
    }
}
