package dev.llmlifecycle.core.validation.business;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.api.text.TextSpan;
import org.jspecify.annotations.Nullable;

/**
 * A number with its unit in a text, such as {@code 1,100.50 EUR}, {@code two weeks} or {@code 2 to 4 working days}; not
 * one that says how much more or less.
 *
 * @param readings what the number may be: one value, or two where a dot or comma may group thousands or begin decimals
 * @param to the readings of the end of a range; empty for one number
 * @param unit the unit
 * @param per what it is per, where that is said
 * @param span where it stands
 * @param contrasted whether it is named as what is not so ("not 12 EUR")
 */
record Amount(
        List<BigDecimal> readings,
        List<BigDecimal> to,
        Units.Unit unit,
        Optional<String> per,
        TextSpan span,
        boolean contrasted) {

    private static final int WIDEST_GAP = 4;
    private static final int LONGEST_NUMBER = 30;
    private static final Set<String> RANGES = Set.of("to", "through", "bis");
    private static final Set<String> LISTS = Set.of("and", "or", "und", "oder");
    private static final Set<String> CONTRASTS = Set.of("not", "nicht", "statt", "anstatt");
    private static final Set<String> RELATIVE = Set.of(
            "more", "less", "off", "cheaper", "discount", "extra", "mehr", "weniger", "günstiger", "teurer", "rabatt");
    private static final Set<String> PER = Set.of("per", "pro", "je", "each", "every");
    private static final Map<String, Integer> WORDS = Map.ofEntries(
            Map.entry("one", 1),
            Map.entry("two", 2),
            Map.entry("three", 3),
            Map.entry("four", 4),
            Map.entry("five", 5),
            Map.entry("six", 6),
            Map.entry("seven", 7),
            Map.entry("eight", 8),
            Map.entry("nine", 9),
            Map.entry("ten", 10),
            Map.entry("eleven", 11),
            Map.entry("twelve", 12),
            Map.entry("fourteen", 14),
            Map.entry("fifteen", 15),
            Map.entry("twenty", 20),
            Map.entry("thirty", 30),
            Map.entry("sixty", 60),
            Map.entry("ninety", 90),
            Map.entry("hundred", 100),
            Map.entry("einen", 1),
            Map.entry("zwei", 2),
            Map.entry("drei", 3),
            Map.entry("vier", 4),
            Map.entry("fünf", 5),
            Map.entry("sechs", 6),
            Map.entry("sieben", 7),
            Map.entry("acht", 8),
            Map.entry("neun", 9),
            Map.entry("zehn", 10),
            Map.entry("elf", 11),
            Map.entry("zwölf", 12),
            Map.entry("vierzehn", 14),
            Map.entry("dreißig", 30));
    private static final Map<String, BigDecimal> MULTIPLIERS = Map.of(
            "thousand", BigDecimal.valueOf(1_000),
            "tausend", BigDecimal.valueOf(1_000),
            "million", BigDecimal.valueOf(1_000_000),
            "millionen", BigDecimal.valueOf(1_000_000));

    /** Returns the amounts of a sentence, in order. */
    static List<Amount> in(String text, List<Token> tokens, Units units) {
        return new Scan(text, tokens, units).amounts();
    }

    /** One pass over the tokens of a sentence. */
    private static final class Scan {

        private final String text;
        private final List<Token> tokens;
        private final Units units;
        private final List<Amount> amounts = new ArrayList<>();

        /** Numbers that wait for the unit of the next one, as in "2 to 4 days". */
        private final List<Waiting> waiting = new ArrayList<>();

        /** The index after the last token that an amount has taken. */
        private int taken;

        Scan(String text, List<Token> tokens, Units units) {
            this.text = text;
            this.tokens = tokens;
            this.units = units;
        }

        List<Amount> amounts() {
            int at = 0;
            while (at < tokens.size()) {
                Token token = tokens.get(at);
                Integer word = WORDS.get(token.text());
                if (word != null) {
                    at = number(at, at + 1, token.end(), List.of(BigDecimal.valueOf(word)));
                } else if (token.isDigits()) {
                    int end = endOfNumber(token.start());
                    int next = at + 1;
                    while (next < tokens.size() && tokens.get(next).start() < end) {
                        next++;
                    }
                    List<BigDecimal> readings = readings(token.start(), end);
                    if (readings.isEmpty()) {
                        waiting.clear();
                        at = next;
                    } else {
                        at = number(at, next, end, readings);
                    }
                } else {
                    at++;
                }
            }
            return amounts;
        }

        /** Takes the number from one token to before another, and returns the token to go on with. */
        private int number(int first, int next, int end, List<BigDecimal> plain) {
            List<BigDecimal> readings = plain;
            int unitAt = next;
            int numberEnd = end;
            if (unitAt < tokens.size() && isNear(numberEnd, unitAt)) {
                BigDecimal times = MULTIPLIERS.get(tokens.get(unitAt).text());
                if (times != null) {
                    readings = plain.stream().map(times::multiply).toList();
                    numberEnd = tokens.get(unitAt).end();
                    unitAt++;
                }
            }
            int start = tokens.get(first).start();
            Units.Unit before = unitBefore(first);
            if (before != null) {
                add(first, tokens.get(first - 1).start(), numberEnd, unitAt, readings, before);
                return unitAt;
            }
            Optional<Units.Found> after = unitAt < tokens.size() && isNear(numberEnd, unitAt)
                    ? units.at(tokens, unitAt, text)
                    : Optional.empty();
            if (after.isPresent()) {
                int last = unitAt + after.get().tokens();
                add(
                        first,
                        start,
                        tokens.get(last - 1).end(),
                        last,
                        readings,
                        after.get().unit());
                return last;
            }
            if (!waiting.isEmpty() && connector(waiting.get(waiting.size() - 1), first) == null) {
                waiting.clear();
            }
            waiting.add(new Waiting(readings, start, numberEnd, unitAt));
            return unitAt;
        }

        private void add(int first, int start, int end, int next, List<BigDecimal> readings, Units.Unit unit) {
            Optional<String> per = per(end, next);
            List<BigDecimal> from = readings;
            List<BigDecimal> to = List.of();
            int begin = start;
            int firstToken = first;
            for (int i = waiting.size() - 1; i >= 0; i--) {
                Waiting number = waiting.get(i);
                Boolean range = i == waiting.size() - 1 ? connector(number, first) : Boolean.FALSE;
                if (range == null) {
                    break;
                }
                if (range) {
                    to = readings;
                    from = number.readings();
                    begin = number.start();
                    firstToken = Math.max(0, number.next() - 1);
                } else {
                    amounts.add(new Amount(
                            number.readings(),
                            List.of(),
                            unit,
                            per,
                            new TextSpan(number.start(), number.end()),
                            false));
                }
            }
            waiting.clear();
            taken = next;
            if (next < tokens.size()
                    && isNear(end, next)
                    && RELATIVE.contains(tokens.get(next).text())) {
                return;
            }
            amounts.add(new Amount(from, to, unit, per, new TextSpan(begin, end), isContrasted(firstToken)));
        }

        /** Tells how a number is joined to the next: TRUE by a range, FALSE by a list, null not at all. */
        private @Nullable Boolean connector(Waiting number, int next) {
            int start = tokens.get(next).start();
            if (next == number.next() + 1) {
                String word = tokens.get(number.next()).text();
                return RANGES.contains(word) ? Boolean.TRUE : LISTS.contains(word) ? Boolean.FALSE : null;
            }
            if (next != number.next() || start - number.end() > WIDEST_GAP) {
                return null;
            }
            String gap = text.substring(number.end(), start).strip();
            return switch (gap) {
                case "-", "–", "—" -> Boolean.TRUE;
                case ",", "/" -> Boolean.FALSE;
                default -> null;
            };
        }

        private Units.@Nullable Unit unitBefore(int first) {
            if (first == 0 || first - 1 < taken || !isNear(tokens.get(first - 1).end(), first)) {
                return null;
            }
            return units.at(tokens.subList(0, first), first - 1, text)
                    .map(Units.Found::unit)
                    .filter(unit -> unit.kind() == Units.Kind.MONEY)
                    .orElse(null);
        }

        private Optional<String> per(int end, int next) {
            if (next >= tokens.size()) {
                return Optional.empty();
            }
            Token token = tokens.get(next);
            if (token.start() - end <= WIDEST_GAP
                    && text.substring(end, token.start()).contains("/")) {
                return Optional.of(Units.per(token.text()));
            }
            if (!isNear(end, next)) {
                return Optional.empty();
            }
            Optional<String> adverb = Units.adverb(token.text());
            if (adverb.isPresent() || next + 1 >= tokens.size()) {
                return adverb;
            }
            String noun = tokens.get(next + 1).text();
            boolean article = (token.text().equals("a")
                            || token.text().equals("an")
                            || token.text().equals("im"))
                    && Units.isPeriod(noun);
            return article || PER.contains(token.text()) ? Optional.of(Units.per(noun)) : Optional.empty();
        }

        private boolean isContrasted(int first) {
            return (first > 0 && CONTRASTS.contains(tokens.get(first - 1).text()))
                    || (first > 1
                            && ((tokens.get(first - 1).text().equals("of")
                                            && tokens.get(first - 2).text().equals("instead"))
                                    || (tokens.get(first - 1).text().equals("than")
                                            && tokens.get(first - 2).text().equals("rather"))));
        }

        /** Tells whether nothing but space, a hyphen or emphasis stands before a token. */
        private boolean isNear(int end, int next) {
            int start = tokens.get(next).start();
            if (start - end > WIDEST_GAP) {
                return false;
            }
            for (int i = end; i < start; i++) {
                char c = text.charAt(i);
                if (!Character.isWhitespace(c) && !Character.isSpaceChar(c) && "-*_‑".indexOf(c) < 0) {
                    return false;
                }
            }
            return true;
        }

        /** Returns the index after the digits, with the signs between them. */
        private int endOfNumber(int start) {
            int end = start;
            while (end < text.length()
                    && (isDigit(end)
                            || (isSeparator(text.charAt(end)) && end + 1 < text.length() && isDigit(end + 1)))) {
                end++;
            }
            return end;
        }

        private boolean isDigit(int index) {
            char c = text.charAt(index);
            return c >= '0' && c <= '9';
        }

        private static boolean isSeparator(char c) {
            return c == '.' || c == ',' || c == '\'' || c == '’' || c == '\u00A0' || c == '\u202F' || c == ':';
        }

        /** Returns what the number may be; nothing for times, dates and version numbers. */
        private List<BigDecimal> readings(int start, int end) {
            if (end == start || end - start > LONGEST_NUMBER) {
                return List.of();
            }
            String written = text.substring(start, end)
                    .replace("\u00A0", "")
                    .replace("\u202F", "")
                    .replace("'", "")
                    .replace("’", "");
            int dots = count(written, '.');
            int commas = count(written, ',');
            if (written.indexOf(':') >= 0 || (dots > 1 && commas > 1)) {
                return List.of();
            }
            if (dots + commas == 0) {
                return List.of(new BigDecimal(written));
            }
            int last = Math.max(written.lastIndexOf('.'), written.lastIndexOf(','));
            char lastSign = written.charAt(last);
            String other = lastSign == '.' ? "," : ".";
            List<BigDecimal> readings = new ArrayList<>();
            if (count(written, lastSign) == 1 && inGroups(written.substring(0, last), other.charAt(0))) {
                readings.add(new BigDecimal(written.replace(other, "").replace(lastSign, '.')));
            }
            if ((dots == 0 || commas == 0) && inGroups(written, lastSign)) {
                readings.add(new BigDecimal(written.replace(String.valueOf(lastSign), "")));
            }
            return readings;
        }

        private static int count(String text, char c) {
            return (int) text.chars().filter(other -> other == c).count();
        }

        /** Tells whether a sign divides digits into groups of three; without the sign they are one group. */
        private static boolean inGroups(String digits, char sign) {
            int first = digits.indexOf(sign);
            if (first < 0) {
                return true;
            }
            if (first == 0 || first > 3 || (first == 1 && digits.charAt(0) == '0')) {
                return false;
            }
            int group = 0;
            for (int i = first + 1; i <= digits.length(); i++) {
                if (i == digits.length() || digits.charAt(i) == sign) {
                    if (group != 3) {
                        return false;
                    }
                    group = 0;
                } else {
                    group++;
                }
            }
            return true;
        }
    }

    private record Waiting(List<BigDecimal> readings, int start, int end, int next) {}
}
