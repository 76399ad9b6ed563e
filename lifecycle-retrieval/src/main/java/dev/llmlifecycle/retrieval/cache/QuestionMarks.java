package dev.llmlifecycle.retrieval.cache;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What of a question must be the same in another that is to share its answer. */
final class QuestionMarks {

    private static final Pattern THOUSANDS = Pattern.compile("\\d{1,3}(?:,\\d{3})++(?:\\.\\d++)?+");
    private static final Pattern DECIMAL_COMMA = Pattern.compile("\\d++,\\d{1,2}");
    private static final Pattern PLAIN = Pattern.compile("\\d{1,40}(?:\\.\\d{1,40})?+");
    private static final Pattern YEAR = Pattern.compile("1[0-9]{3}|20[0-9]{2}");
    private static final String NO_UNIT = "";
    private static final Set<String> ORDINAL_ENDINGS = Set.of("st", "nd", "rd", "th");
    private static final Set<String> WHAT = Set.of("what");
    private static final Set<String> NOT_WHAT = Set.of("who", "where", "when");
    private static final Set<String> TIMES =
            Set.of("year", "month", "day", "date", "time", "hour", "century", "decade");
    private static final Set<String> PLACES = Set.of("place", "city", "country", "location", "town", "street");
    private static final Set<String> ONES = Set.of("a", "an", "one", "1", "per", "each", "every");
    private static final Set<String> PREFIXES = Set.of("un", "in", "im", "dis", "non", "ir", "de");

    /** More names than a question has; beyond, each is looked for as a word only. */
    private static final int MOST_NAMES = 100;

    /** The units of each number, among them none. */
    private final Map<String, Set<String>> quantities = new HashMap<>();

    private final Set<String> units = new HashSet<>();
    private final Set<String> unitsOfOne = new HashSet<>();
    private final Set<String> dates = new TreeSet<>();
    private final Set<String> names = new TreeSet<>();
    private final Set<String> asked = new HashSet<>();
    private final Set<String> words = new HashSet<>();
    private final Set<String> stems = new HashSet<>();
    private final Set<String> content = new TreeSet<>();
    private final List<String> sequence = new ArrayList<>();
    private final StringBuilder initials = new StringBuilder();
    private final String joined;
    private final int tokens;
    private boolean negated;
    private boolean one;

    private QuestionMarks(String question) {
        List<Words.Token> found = Words.of(question);
        StringBuilder all = new StringBuilder();
        long capitals = found.stream().filter(Words.Token::capital).count();
        long wordCount =
                found.stream().filter(token -> token.kind() == Words.Kind.WORD).count();
        // In a headline or a shout, capitals say nothing.
        boolean headline = wordCount >= 4 && capitals * 10 > wordCount * 7;
        for (int i = 0; i < found.size(); i++) {
            Words.Token token = found.get(i);
            all.append(token.text());
            words.add(token.text());
            sequence.add(token.text());
            initials.append(token.text().charAt(0));
            i = number(found, i);
            if (token.kind() == Words.Kind.WORD) {
                word(found, i, headline);
            } else if (token.kind() == Words.Kind.IDENTIFIER && !isMeasure(token.text())) {
                names.add(token.text());
                stems.add(token.text());
                content.add(token.text());
            }
        }
        this.joined = all.toString();
        this.tokens = found.size();
        ask(found);
    }

    static QuestionMarks of(String question) {
        return new QuestionMarks(question);
    }

    /** Returns what tells the two apart, if anything does. */
    Optional<QuestionGuard> differs(QuestionMarks other) {
        if (!dates.equals(other.dates)) {
            return Optional.of(QuestionGuard.DATE);
        }
        if (!covers(other)
                || !other.covers(this)
                || apart(units, other.units)
                || (!unitsOfOne.isEmpty() && !other.unitsOfOne.isEmpty() && !unitsOfOne.equals(other.unitsOfOne))) {
            return Optional.of(QuestionGuard.QUANTITY);
        }
        if (negated != other.negated) {
            return Optional.of(QuestionGuard.NEGATION);
        }
        if (!other.knows(this) || !knows(other)) {
            return Optional.of(QuestionGuard.NAME);
        }
        if (opposes(other)) {
            return Optional.of(QuestionGuard.OPPOSITE);
        }
        return asksApart(other) ? Optional.of(QuestionGuard.ASKED) : Optional.empty();
    }

    /** Stems of the words that carry meaning, in order. */
    Set<String> content() {
        return Collections.unmodifiableSet(content);
    }

    int tokens() {
        return tokens;
    }

    /** Whether they ask for other things; what is asked for by "what" is only no person, place or time. */
    private boolean asksApart(QuestionMarks other) {
        boolean what = asked.equals(WHAT) && Collections.disjoint(other.asked, NOT_WHAT);
        boolean otherWhat = other.asked.equals(WHAT) && Collections.disjoint(asked, NOT_WHAT);
        return !what && !otherWhat && apart(asked, other.asked);
    }

    /** Whether both have some, and none in common. */
    private static boolean apart(Set<String> some, Set<String> others) {
        return !some.isEmpty() && !others.isEmpty() && Collections.disjoint(some, others);
    }

    /** Whether each number of the other one is among these. */
    private boolean covers(QuestionMarks other) {
        return other.quantities.entrySet().stream().allMatch(wanted -> {
            Set<String> known = quantities.get(wanted.getKey());
            return known == null
                    ? one && wanted.getKey().equals("1")
                    : known.contains(NO_UNIT)
                            || wanted.getValue().stream()
                                    .allMatch(unit -> unit.equals(NO_UNIT) || known.contains(unit));
        });
    }

    /** Whether each name of the other is a word of this question, or spelt apart in it, or stands for initials. */
    private boolean knows(QuestionMarks other) {
        Set<String> missing = new TreeSet<>();
        int looked = 0;
        for (String name : other.names) {
            boolean known = words.contains(name) || stems.contains(WordLists.stem(name));
            if (!known && looked < MOST_NAMES) {
                looked++;
                known = (name.length() > 3 && joined.contains(name)) || (isShort(name) && initials.indexOf(name) >= 0);
            }
            if (!known) {
                missing.add(name);
            }
            if (missing.size() > MOST_NAMES) {
                return false;
            }
        }
        for (String name : names) {
            if (missing.isEmpty() || names.size() > MOST_NAMES) {
                break;
            }
            int at = !isShort(name) ? -1 : other.initials.indexOf(name);
            if (at >= 0) {
                other.sequence.subList(at, at + name.length()).forEach(missing::remove);
            }
        }
        return missing.isEmpty();
    }

    /** Whether a name can be the initials of others. */
    private static boolean isShort(String name) {
        return name.length() > 1 && name.length() < 6;
    }

    private boolean opposes(QuestionMarks other) {
        for (String stem : stems) {
            if (other.stems.contains(stem)) {
                continue;
            }
            for (String opposite : WordLists.OPPOSITES.getOrDefault(stem, Set.of())) {
                if (other.stems.contains(opposite) && !stems.contains(opposite)) {
                    return true;
                }
            }
            if (unprefixed(stem, other.stems)) {
                return true;
            }
        }
        return other.stems.stream().anyMatch(stem -> !stems.contains(stem) && unprefixed(stem, stems));
    }

    /** Whether the others have the word without the prefix that turns its meaning round. */
    private static boolean unprefixed(String stem, Set<String> others) {
        return PREFIXES.stream()
                .anyMatch(prefix -> stem.length() > prefix.length() + 3
                        && stem.startsWith(prefix)
                        && others.contains(stem.substring(prefix.length())));
    }

    private void word(List<Words.Token> found, int i, boolean headline) {
        Words.Token token = found.get(i);
        String text = token.text();
        String stem = WordLists.stem(text);
        stems.add(stem);
        if (!WordLists.STOP_WORDS.contains(text)) {
            content.add(stem);
        }
        negated |= WordLists.NEGATIONS.contains(text) || text.endsWith("n't");
        one |= text.equals("one") || text.equals("single") || text.equals("a") || text.equals("an");
        boolean month = WordLists.CAPITAL_MONTHS.contains(text) && token.capital() && !token.opens();
        String owner = text.endsWith("'s") ? text.substring(0, text.length() - 2) : text;
        String day = owner.endsWith("s") ? owner.substring(0, owner.length() - 1) : owner;
        if (month || WordLists.DAYS_AND_MONTHS.contains(day)) {
            dates.add(day);
        } else if (!headline && isName(token)) {
            names.add(text.endsWith("'s") ? text.substring(0, text.length() - 2) : text);
        }
        String relative = WordLists.RELATIVE.get(text);
        if (relative != null
                && i + 1 < found.size()
                && WordLists.SPANS.contains(found.get(i + 1).text())) {
            dates.add(relative + " " + found.get(i + 1).text());
        }
    }

    private static boolean isName(Words.Token token) {
        boolean shouted = token.innerCapital() && token.text().length() > 1;
        boolean own = token.text().equals("i") || token.text().startsWith("i'");
        return !own && (shouted || (token.capital() && !token.opens()));
    }

    /** Takes a number that begins here, with its unit, and returns where it ends. */
    private int number(List<Words.Token> found, int from) {
        Words.Token token = found.get(from);
        int last = from;
        String value;
        if (token.kind() == Words.Kind.NUMBER) {
            value = canonical(token.text());
        } else if (token.kind() == Words.Kind.IDENTIFIER && isMeasure(token.text())) {
            int digits = digits(token.text());
            String unit = token.text().substring(digits);
            add(
                    canonical(token.text().substring(0, digits)),
                    ORDINAL_ENDINGS.contains(unit) ? NO_UNIT : WordLists.UNITS.getOrDefault(unit, unit));
            return from;
        } else if (WordLists.SMALL_NUMBERS.containsKey(token.text())) {
            long sum = WordLists.SMALL_NUMBERS.get(token.text());
            while (last + 1 < found.size()) {
                String next = found.get(last + 1).text();
                Long more = WordLists.SMALL_NUMBERS.get(next);
                if (next.equals("hundred")) {
                    sum *= 100;
                } else if (next.equals("thousand")) {
                    sum *= 1_000;
                } else if (next.equals("million")) {
                    sum *= 1_000_000;
                } else if (more != null && sum % 10 == 0 && more < 10 && sum > 0) {
                    sum += more;
                } else {
                    break;
                }
                last++;
                if (sum > 1_000_000_000_000L) {
                    break;
                }
            }
            value = Long.toString(sum);
        } else {
            String unit = WordLists.UNITS.get(token.text());
            // Short ones are other words, too: "I am" is no hour.
            if (unit != null && token.text().length() > 2) {
                units.add(unit);
                if (from > 0 && ONES.contains(found.get(from - 1).text())) {
                    unitsOfOne.add(unit);
                }
            }
            return from;
        }
        String unit = unitAround(found, from, last);
        if (unit.isEmpty() && YEAR.matcher(value).matches() && token.kind() == Words.Kind.NUMBER) {
            dates.add(value);
        } else {
            add(value, unit);
        }
        return last;
    }

    private void add(String number, String unit) {
        quantities.computeIfAbsent(number, each -> new HashSet<>()).add(unit);
    }

    private static String unitAround(List<Words.Token> found, int from, int last) {
        if (last + 1 < found.size()) {
            String unit = WordLists.UNITS.get(found.get(last + 1).text());
            if (unit != null) {
                return unit;
            }
        }
        if (from > 0 && found.get(from - 1).kind() == Words.Kind.SYMBOL) {
            return WordLists.UNITS.getOrDefault(
                    found.get(from - 1).text(), found.get(from - 1).text());
        }
        return NO_UNIT;
    }

    /** A number with a unit or an ordinal ending, as in 16khz and 2nd. */
    private static boolean isMeasure(String identifier) {
        int digits = digits(identifier);
        if (digits == 0 || digits == identifier.length()) {
            return false;
        }
        String rest = identifier.substring(digits);
        return WordLists.UNITS.containsKey(rest) || ORDINAL_ENDINGS.contains(rest);
    }

    private static int digits(String text) {
        int i = 0;
        while (i < text.length()
                && (Character.isDigit(text.charAt(i)) || (i > 0 && (text.charAt(i) == '.' || text.charAt(i) == ',')))) {
            i++;
        }
        return i;
    }

    private static String canonical(String number) {
        String ascii = ascii(number);
        if (THOUSANDS.matcher(ascii).matches()) {
            ascii = ascii.replace(",", "");
        } else if (DECIMAL_COMMA.matcher(ascii).matches()) {
            ascii = ascii.replace(',', '.');
        }
        return PLAIN.matcher(ascii).matches()
                ? new BigDecimal(ascii).stripTrailingZeros().toPlainString()
                : ascii;
    }

    /** Digits of any script as those of ASCII. */
    private static String ascii(String number) {
        StringBuilder ascii = new StringBuilder(number.length());
        number.chars()
                .forEach(c -> ascii.append(Character.isDigit(c) ? (char) ('0' + Character.digit(c, 10)) : (char) c));
        return ascii.toString();
    }

    private void ask(List<Words.Token> found) {
        for (int i = 0; i < found.size(); i++) {
            String next = i + 1 < found.size() ? found.get(i + 1).text() : "";
            switch (found.get(i).text()) {
                case "who", "whom", "whose" -> asked.add("who");
                case "where" -> asked.add("where");
                case "when" -> asked.add("when");
                case "why" -> asked.add("why");
                case "what", "which" ->
                    asked.add(TIMES.contains(next) ? "when" : PLACES.contains(next) ? "where" : "what");
                case "how" -> {
                    switch (next) {
                        case "many", "much" -> asked.add("amount");
                        case "long", "soon", "quickly", "fast" -> asked.add("when");
                        case "often" -> asked.add("often");
                        case "old" -> asked.add("age");
                        case "far" -> asked.add("distance");
                        case "come" -> asked.add("why");
                        default -> {
                            // How something is done is asked in too many ways.
                        }
                    }
                }
                default -> {
                    // No question word.
                }
            }
        }
    }
}
