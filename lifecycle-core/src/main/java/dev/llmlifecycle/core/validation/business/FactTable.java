package dev.llmlifecycle.core.validation.business;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;

/**
 * Prices, percentages, periods and other amounts that answers must give as they stand here.
 *
 * <pre>{@code
 * FactTable.builder("prices", "2026-04")
 *         .row("Basic plan", "9.99", "EUR/month", "Basic")
 *         .row("return period", "30", "days")
 *         .build()
 * }</pre>
 *
 * <p>Several rows may have one name: then each of their amounts is right for it.
 *
 * <p>Immutable.
 *
 * @param name what the table is about, never blank
 * @param version the version of its content, such as the day from which it holds; never blank
 * @param rows the facts, at least one
 * @since 0.1
 */
public record FactTable(String name, String version, List<Row> rows) implements Identified {

    /** The most rows that a table may have. */
    public static final int MAX_ROWS = 10_000;

    /** Checks that the rows do not contradict each other. */
    public FactTable {
        requireText(name, "name");
        requireText(version, "version");
        rows = List.copyOf(rows);
        if (rows.isEmpty() || rows.size() > MAX_ROWS) {
            throw new IllegalArgumentException("the fact table '" + name + "' has " + rows.size()
                    + " rows; give it at least one and at most " + MAX_ROWS);
        }
        Set<Row> seen = new HashSet<>();
        Map<String, String> owners = new HashMap<>();
        for (Row row : rows) {
            if (!seen.add(row.bare())) {
                throw new IllegalArgumentException("the fact table '" + name + "' has '" + row.name() + "' with "
                        + row.amount() + " twice; keep one row");
            }
            for (String called : row.names()) {
                String other = owners.putIfAbsent(key(called), key(row.name()));
                if (other != null && !other.equals(key(row.name()))) {
                    throw new IllegalArgumentException("the fact table '" + name + "' calls two things '" + called
                            + "'; take the alias from one of them");
                }
            }
        }
    }

    /**
     * Starts a table.
     *
     * @param name what the table is about
     * @param version the version of its content
     * @return a builder
     */
    public static Builder builder(String name, String version) {
        return new Builder(name, version);
    }

    /** Returns the name, version and the hash of all rows. */
    @Override
    public Identity identity() {
        return Identity.of(
                name,
                version,
                Map.of("rows", rows.stream().map(Row::toCanonical).toList()));
    }

    static String key(String name) {
        StringBuilder key = new StringBuilder();
        Token.of(name).forEach(token -> key.append(token.text()).append(' '));
        return key.toString();
    }

    private static void requireText(String value, String what) {
        if (Objects.requireNonNull(value, what).isBlank()) {
            throw new IllegalArgumentException("the " + what + " of a fact table is blank; give it a " + what);
        }
    }

    /**
     * A fact.
     *
     * @param name what it is about, as answers call it
     * @param aliases what else answers call it
     * @param value the amount, at least 0
     * @param to the end of the amount where it is a range such as "2 to 4", more than {@code value}; any amount between
     *     the two is right then
     * @param unit a currency as ISO 4217 code, {@code %}, {@code seconds} to {@code years}, {@code working days}, or
     *     any word that stands behind the number
     * @param per what the amount is for, such as {@code month}; empty where nothing needs to be said
     * @since 0.1
     */
    public record Row(
            String name,
            List<String> aliases,
            BigDecimal value,
            Optional<BigDecimal> to,
            String unit,
            Optional<String> per) {

        /** Checks. */
        public Row {
            Phrases.require(List.of(name), "the name of a fact");
            aliases = Phrases.require(aliases, "an alias of '" + name + "'");
            requireAmount(name, value);
            to.ifPresent(end -> requireAmount(name, end));
            if (to.isPresent() && to.get().compareTo(value) <= 0) {
                throw new IllegalArgumentException("the fact '" + name + "' goes from " + value.toPlainString() + " to "
                        + to.get().toPlainString() + "; let it end above its beginning, or leave the end out");
            }
            if (Objects.requireNonNull(unit, "unit").isBlank() || Token.of(unit).isEmpty()) {
                throw new IllegalArgumentException("the unit of the fact '" + name
                        + "' is blank; write one such as 'EUR', '%', 'days' or the word behind the number");
            }
            per.ifPresent(noun -> Phrases.require(List.of(noun), "what the fact '" + name + "' is per"));
        }

        /**
         * Creates a fact of one amount.
         *
         * @param name what it is about
         * @param value the amount
         * @param unit the unit, with what it is per behind a slash, such as {@code EUR/month}
         * @param aliases what else answers call it
         * @return the fact
         * @throws IllegalArgumentException when the value is no number, or one of the rest is blank
         */
        public static Row of(String name, String value, String unit, String... aliases) {
            int slash = unit.indexOf('/');
            return new Row(
                    name,
                    Arrays.asList(aliases),
                    number(name, value),
                    Optional.empty(),
                    slash < 0 ? unit : unit.substring(0, slash).strip(),
                    slash < 0
                            ? Optional.empty()
                            : Optional.of(unit.substring(slash + 1).strip()));
        }

        /**
         * Returns the amount as people write it.
         *
         * @return such as {@code 9.99 EUR per month} or {@code 2 to 4 working days}
         */
        public String amount() {
            return value.toPlainString()
                    + to.map(end -> " to " + end.toPlainString()).orElse("") + " " + unit
                    + per.map(noun -> " per " + noun).orElse("");
        }

        List<String> names() {
            List<String> names = new ArrayList<>(aliases);
            names.add(0, name);
            return names;
        }

        private Row bare() {
            return new Row(
                    key(name).strip(),
                    List.of(),
                    value.stripTrailingZeros(),
                    to.map(BigDecimal::stripTrailingZeros),
                    unit.toLowerCase(Locale.ROOT),
                    per);
        }

        Map<String, Object> toCanonical() {
            return Map.of(
                    "name",
                    name,
                    "aliases",
                    aliases,
                    "value",
                    value.toPlainString(),
                    "to",
                    to.map(BigDecimal::toPlainString).orElse(""),
                    "unit",
                    unit,
                    "per",
                    per.orElse(""));
        }

        static BigDecimal number(String name, String value) {
            try {
                return new BigDecimal(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "the value '" + value + "' of the fact '" + name + "' is no number; write one such as 9.99", e);
            }
        }

        private static void requireAmount(String name, BigDecimal value) {
            Objects.requireNonNull(value, "value");
            if (value.signum() < 0) {
                throw new IllegalArgumentException("the value of the fact '" + name + "' must be at least 0 but was "
                        + value.toPlainString() + "; write the amount without a sign");
            }
            if (Math.abs((long) value.scale()) > 30 || value.precision() > 30) {
                throw new IllegalArgumentException(
                        "the value of the fact '" + name + "' has more than 30 digits; write an amount");
            }
        }
    }

    /** Builds a {@link FactTable}. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final String version;
        private final List<Row> rows = new ArrayList<>();

        private Builder(String name, String version) {
            this.name = name;
            this.version = version;
        }

        /**
         * Adds a fact of one amount.
         *
         * @param name what it is about
         * @param value the amount
         * @param unit the unit, with what it is per behind a slash, such as {@code EUR/month}
         * @param aliases what else answers call it
         * @return this builder
         * @throws IllegalArgumentException when the value is no number, or one of the rest is blank
         */
        public Builder row(String name, String value, String unit, String... aliases) {
            return row(Row.of(name, value, unit, aliases));
        }

        /**
         * Adds a fact.
         *
         * @param row the fact
         * @return this builder
         */
        public Builder row(Row row) {
            rows.add(Objects.requireNonNull(row, "row"));
            return this;
        }

        /**
         * Builds the table.
         *
         * @return the table
         * @throws IllegalArgumentException when it has no row or two that contradict each other
         */
        public FactTable build() {
            return new FactTable(name, version, rows);
        }
    }
}
