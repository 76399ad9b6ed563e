package dev.llmlifecycle.core.validation.business;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** The units of amounts and how they are written, in English and German. Immutable. */
final class Units {

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    /** Codes are words in lower case ("all", "try"), so they count in capitals only. */
    private static final Set<String> CURRENCIES = Currency.getAvailableCurrencies().stream()
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());

    private static final Map<String, Unit> KNOWN = known();

    private static final Map<String, String> ADVERBS = Map.ofEntries(
            Map.entry("hourly", "hour"),
            Map.entry("daily", "day"),
            Map.entry("weekly", "week"),
            Map.entry("monthly", "month"),
            Map.entry("yearly", "year"),
            Map.entry("annually", "year"),
            Map.entry("täglich", "day"),
            Map.entry("wöchentlich", "week"),
            Map.entry("monatlich", "month"),
            Map.entry("jährlich", "year"));

    /** Words of a table's own, such as "points". */
    private final Map<String, Unit> own = new HashMap<>();

    Units(List<FactTable.Row> rows) {
        for (FactTable.Row row : rows) {
            Unit unit = of(row.unit());
            if (unit.kind() == Kind.WORD) {
                own.put(unit.name(), unit);
                own.put(singular(unit.name()), unit);
                own.put(singular(unit.name()) + "s", unit);
            }
        }
    }

    /** Returns the unit that a host wrote into a table. */
    static Unit of(String written) {
        String code = written.strip().toUpperCase(Locale.ROOT);
        if (CURRENCIES.contains(code)) {
            return money(code);
        }
        String key = FactTable.key(written).strip();
        Unit unit = KNOWN.get(key);
        return unit == null ? new Unit(Kind.WORD, singular(key), BigDecimal.ONE) : unit;
    }

    /** Returns what an amount is per, in one form for "Monat", "months" and "month". */
    static String per(String written) {
        String key = FactTable.key(written).strip();
        Unit unit = KNOWN.get(key);
        return unit == null ? singular(key) : unit.name();
    }

    /** Returns what an adverb such as "monthly" says an amount is per. */
    static Optional<String> adverb(String word) {
        return Optional.ofNullable(ADVERBS.get(word));
    }

    static boolean isPeriod(String word) {
        Unit unit = KNOWN.get(word);
        return unit != null && (unit.kind() == Kind.SECONDS || unit.kind() == Kind.MONTHS);
    }

    /** Returns the unit that stands at a token, of two words where there are two. */
    Optional<Found> at(List<Token> tokens, int index, String text) {
        if (index >= tokens.size()) {
            return Optional.empty();
        }
        Token first = tokens.get(index);
        if (index + 1 < tokens.size()) {
            Unit two = lookUp(first.text() + " " + tokens.get(index + 1).text());
            if (two != null) {
                return Optional.of(new Found(two, 2));
            }
        }
        if (first.end() - first.start() == 3 && CURRENCIES.contains(text.substring(first.start(), first.end()))) {
            return Optional.of(new Found(money(text.substring(first.start(), first.end())), 1));
        }
        return Optional.ofNullable(lookUp(first.text())).map(unit -> new Found(unit, 1));
    }

    private @Nullable Unit lookUp(String words) {
        Unit unit = own.get(words);
        return unit == null ? KNOWN.get(words) : unit;
    }

    private static String singular(String word) {
        return word.length() > 2 && word.endsWith("s") && !word.endsWith("ss")
                ? word.substring(0, word.length() - 1)
                : word;
    }

    private static Unit money(String code) {
        return new Unit(Kind.MONEY, code, BigDecimal.ONE);
    }

    private static Map<String, Unit> known() {
        Map<String, Unit> known = new HashMap<>();
        put(known, money("EUR"), "€", "euro", "euros", "eur");
        put(known, money("USD"), "$", "dollar", "dollars", "us dollar", "us dollars", "usd", "us $");
        put(known, money("GBP"), "£", "pounds sterling", "gbp");
        put(known, money("JPY"), "¥", "yen");
        put(known, money("INR"), "₹", "rupee", "rupees");
        put(known, money("CHF"), "franc", "francs", "franken", "swiss francs", "chf");
        put(known, new Unit(Kind.PERCENT, "%", BigDecimal.ONE), "%", "percent", "per cent", "prozent", "pct");
        seconds(known, "second", 1, "second", "seconds", "sec", "sekunde", "sekunden");
        seconds(known, "minute", MINUTE, "minute", "minutes", "min", "mins", "minuten");
        seconds(known, "hour", HOUR, "hour", "hours", "h", "hr", "hrs", "stunde", "stunden");
        seconds(known, "day", DAY, "day", "days", "tag", "tage", "tagen", "calendar day", "calendar days", "full days");
        seconds(known, "week", 7 * DAY, "week", "weeks", "woche", "wochen");
        put(known, new Unit(Kind.MONTHS, "month", BigDecimal.ONE), "month", "months", "monat", "monate", "monaten");
        put(
                known,
                new Unit(Kind.MONTHS, "year", BigDecimal.valueOf(12)),
                "year",
                "years",
                "yr",
                "yrs",
                "jahr",
                "jahre",
                "jahren");
        put(
                known,
                new Unit(Kind.WORD, "working day", BigDecimal.ONE),
                "working day",
                "working days",
                "business day",
                "business days",
                "werktag",
                "werktage",
                "werktagen",
                "arbeitstag",
                "arbeitstage",
                "arbeitstagen");
        return Map.copyOf(known);
    }

    private static void seconds(Map<String, Unit> known, String name, long seconds, String... words) {
        put(known, new Unit(Kind.SECONDS, name, BigDecimal.valueOf(seconds)), words);
    }

    private static void put(Map<String, Unit> known, Unit unit, String... words) {
        for (String word : words) {
            known.put(word, unit);
        }
    }

    /** What can be compared with what. */
    enum Kind {
        MONEY,
        PERCENT,
        SECONDS,
        MONTHS,
        WORD
    }

    /** A unit, with its size in the smallest of its kind. */
    record Unit(Kind kind, String name, BigDecimal size) {}

    /** A unit in a text, with the number of its tokens. */
    record Found(Unit unit, int tokens) {}
}
