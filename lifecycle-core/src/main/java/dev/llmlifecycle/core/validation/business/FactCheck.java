package dev.llmlifecycle.core.validation.business;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Compares the amounts of a text with a table.
 *
 * <p>An amount belongs to a name in its sentence: where names and amounts come in equal number and order, to the name
 * of its place in that order; else to the last name before it. Before the first name only the amount next to it counts,
 * and only where none follows. A sentence without a name that begins with a pronoun goes on about the one name of the
 * sentence before, and a short first one about the one name of the question. An amount that says how much more or less
 * is no value.
 *
 * <p>Immutable; linear in the text.
 */
final class FactCheck {

    private static final int SHORT_SENTENCE = 12;
    private static final int OPENING = 3;
    private static final Set<String> PRONOUNS = Set.of(
            "it", "its", "this", "that", "they", "these", "es", "er", "sie", "das", "dies", "diese", "dieser",
            "dieses");
    private static final BigDecimal SHORTEST_MONTH = BigDecimal.valueOf(28L * 86_400);
    private static final BigDecimal LONGEST_MONTH = BigDecimal.valueOf(31L * 86_400);
    private static final BigDecimal COMMON_YEAR = BigDecimal.valueOf(365L * 86_400);
    private static final BigDecimal LEAP_YEAR = BigDecimal.valueOf(366L * 86_400);
    private static final BigDecimal MONTHS = BigDecimal.valueOf(12);

    private final FactTable table;
    private final Units units;
    private final Phrases<String> names = new Phrases<>();
    private final Map<String, List<Fact>> facts = new LinkedHashMap<>();

    FactCheck(FactTable table) {
        this.table = table;
        this.units = new Units(table.rows());
        for (FactTable.Row row : table.rows()) {
            String key = FactTable.key(row.name());
            row.names().forEach(name -> names.addName(name, key));
            facts.computeIfAbsent(key, any -> new ArrayList<>())
                    .add(new Fact(row, Units.of(row.unit()), row.per().map(Units::per)));
        }
    }

    FactTable table() {
        return table;
    }

    /** Returns what is wrong, or nothing at all where no fact of the table is told. */
    Optional<List<Problem>> check(ReadText text, String question) {
        List<Problem> problems = new ArrayList<>();
        boolean told = false;
        String carried = only(names.in(Token.of(question)));
        boolean first = true;
        for (ReadText.Sentence sentence : text.sentences()) {
            List<Phrases.Match<String>> mentions = names.in(sentence.tokens());
            if (mentions.isEmpty()) {
                boolean goesOn = carried != null
                        && (opensWithPronoun(sentence)
                                || (first && sentence.tokens().size() <= SHORT_SENTENCE));
                if (goesOn && carried != null) {
                    told |= judge(text, sentence, List.of(), carried, problems);
                } else {
                    carried = null;
                }
            } else {
                carried = only(mentions);
                told |= judge(text, sentence, mentions, mentions.get(0).value(), problems);
            }
            first = false;
        }
        return told ? Optional.of(problems) : Optional.empty();
    }

    private static @Nullable String only(List<Phrases.Match<String>> mentions) {
        Set<String> distinct = mentions.stream().map(Phrases.Match::value).collect(Collectors.toSet());
        return distinct.size() == 1 ? distinct.iterator().next() : null;
    }

    private static boolean opensWithPronoun(ReadText.Sentence sentence) {
        return sentence.tokens().stream().limit(OPENING).map(Token::text).anyMatch(PRONOUNS::contains);
    }

    /** Judges a sentence, and tells whether it tells a fact of the table. */
    private boolean judge(
            ReadText text,
            ReadText.Sentence sentence,
            List<Phrases.Match<String>> mentions,
            String only,
            List<Problem> problems) {
        List<Amount> amounts = outside(mentions, Amount.in(text.text(), sentence.tokens(), units));
        Map<String, List<Amount>> kinds = new LinkedHashMap<>();
        for (Amount amount : amounts) {
            kinds.computeIfAbsent(kind(amount.unit()), any -> new ArrayList<>()).add(amount);
        }
        List<Told> told = new ArrayList<>();
        for (List<Amount> alike : kinds.values()) {
            List<Optional<String>> owners =
                    mentions.isEmpty() ? Collections.nCopies(alike.size(), Optional.of(only)) : owners(mentions, alike);
            Set<String> others = alike.size() < mentions.size()
                    ? mentions.stream().map(Phrases.Match::value).collect(Collectors.toCollection(LinkedHashSet::new))
                    : Set.of();
            for (int i = 0; i < alike.size(); i++) {
                Amount amount = alike.get(i);
                owners.get(i)
                        .flatMap(owner -> compare(amount, owner))
                        .map(found -> !found.right() && others.stream().anyMatch(other -> isRight(amount, other))
                                ? new Told(amount, found.owner(), List.of())
                                : found)
                        .ifPresent(told::add);
            }
        }
        Set<String> right = told.stream().filter(Told::right).map(Told::owner).collect(Collectors.toSet());
        for (Told one : told) {
            if (!one.right() && !(one.amount().contrasted() && right.contains(one.owner()))) {
                problems.add(problem(text.text(), one));
            }
        }
        return !told.isEmpty();
    }

    private Problem problem(String text, Told told) {
        String written = told.amount().span().of(text);
        String name = told.shouldBe().get(0).row().name();
        String amounts = told.shouldBe().stream()
                .map(fact -> fact.row().amount())
                .distinct()
                .collect(Collectors.joining(" or "));
        return new Problem(
                Optional.of(told.amount().span()),
                "'" + written + "' stands there for '" + name + "', and the table has " + amounts,
                Optional.of(table.name() + ", version " + table.version() + ": " + name + " = " + amounts),
                "Your answer gives '" + written + "' for '" + name + "'; right is " + amounts
                        + ". Answer again with the right value.");
    }

    /** Leaves out amounts that belong to a name, such as that of a "250 g parcel". */
    private static List<Amount> outside(List<Phrases.Match<String>> mentions, List<Amount> amounts) {
        List<Amount> outside = new ArrayList<>();
        int mention = 0;
        for (Amount amount : amounts) {
            while (mention < mentions.size()
                    && mentions.get(mention).end() <= amount.span().start()) {
                mention++;
            }
            if (mention == mentions.size()
                    || mentions.get(mention).start() >= amount.span().end()) {
                outside.add(amount);
            }
        }
        return outside;
    }

    private static String kind(Units.Unit unit) {
        return switch (unit.kind()) {
            case SECONDS, MONTHS -> "period";
            case WORD -> "word " + unit.name();
            default -> unit.kind().name();
        };
    }

    /**
     * Returns for each amount the name that it belongs to, or nothing: an amount before the first name is that of
     * something else where another one follows a name, or stands nearer.
     */
    private static List<Optional<String>> owners(List<Phrases.Match<String>> mentions, List<Amount> amounts) {
        List<Optional<String>> owners = new ArrayList<>();
        boolean inOrder = amounts.size() == mentions.size() && inOrder(mentions, amounts);
        int firstName = mentions.get(0).start();
        int last = amounts.size() - 1;
        int before = 0;
        for (int i = 0; i <= last; i++) {
            int start = amounts.get(i).span().start();
            while (before + 1 < mentions.size() && mentions.get(before + 1).start() < start) {
                before++;
            }
            boolean another = start < firstName && i < last;
            owners.add(
                    another && !inOrder
                            ? Optional.empty()
                            : Optional.of(mentions.get(inOrder ? i : before).value()));
        }
        return owners;
    }

    /** Tells whether all names come first, all amounts come first, or each amount stands before its name. */
    private static boolean inOrder(List<Phrases.Match<String>> mentions, List<Amount> amounts) {
        int last = mentions.size() - 1;
        if (mentions.get(last).start() < amounts.get(0).span().start()
                || amounts.get(last).span().start() < mentions.get(0).start()) {
            return true;
        }
        for (int i = 0; i <= last; i++) {
            boolean beforeName = amounts.get(i).span().start() < mentions.get(i).start();
            boolean afterLastName = i == 0
                    || mentions.get(i - 1).start() < amounts.get(i).span().start();
            if (!beforeName || !afterLastName) {
                return false;
            }
        }
        return true;
    }

    private Optional<Told> compare(Amount amount, String owner) {
        List<Fact> different = new ArrayList<>();
        for (Fact fact : facts.getOrDefault(owner, List.of())) {
            Relation relation = relation(amount, fact);
            if (relation == Relation.EQUAL) {
                return Optional.of(new Told(amount, owner, List.of()));
            }
            if (relation == Relation.DIFFERENT) {
                different.add(fact);
            }
        }
        return different.isEmpty() ? Optional.empty() : Optional.of(new Told(amount, owner, different));
    }

    private boolean isRight(Amount amount, String owner) {
        return compare(amount, owner).filter(Told::right).isPresent();
    }

    private static Relation relation(Amount amount, Fact fact) {
        if (fact.per().isPresent() && amount.per().isPresent() && !fact.per().equals(amount.per())) {
            return Relation.UNRELATED;
        }
        Units.Unit said = amount.unit();
        Units.Unit wanted = fact.unit();
        if (said.kind() == Units.Kind.MONEY
                && wanted.kind() == Units.Kind.MONEY
                && !said.name().equals(wanted.name())) {
            // The same number in another currency is a mistake; another number may be a conversion.
            return isEqual(amount, fact) ? Relation.DIFFERENT : Relation.UNRELATED;
        }
        if (said.kind() == wanted.kind()
                && (said.kind() != Units.Kind.WORD || said.name().equals(wanted.name()))) {
            return isEqual(amount, fact) ? Relation.EQUAL : Relation.DIFFERENT;
        }
        if (said.kind() == Units.Kind.MONTHS && wanted.kind() == Units.Kind.SECONDS) {
            return mayBe(amount.readings(), said, fact.row().value().multiply(wanted.size()));
        }
        if (said.kind() == Units.Kind.SECONDS && wanted.kind() == Units.Kind.MONTHS) {
            return amount.readings().stream()
                            .anyMatch(
                                    reading -> mayBe(List.of(fact.row().value()), wanted, reading.multiply(said.size()))
                                            == Relation.EQUAL)
                    ? Relation.EQUAL
                    : Relation.DIFFERENT;
        }
        return Relation.UNRELATED;
    }

    private static boolean isEqual(Amount amount, Fact fact) {
        BigDecimal from = fact.row().value().multiply(fact.unit().size());
        Optional<BigDecimal> to =
                fact.row().to().map(end -> end.multiply(fact.unit().size()));
        BigDecimal size = amount.unit().size();
        if (!amount.to().isEmpty()) {
            return isAmong(amount.readings(), size, from, from)
                    && isAmong(amount.to(), size, to.orElse(from), to.orElse(from));
        }
        return isAmong(amount.readings(), size, from, to.orElse(from));
    }

    private static boolean isAmong(List<BigDecimal> readings, BigDecimal size, BigDecimal from, BigDecimal to) {
        return readings.stream()
                .map(size::multiply)
                .anyMatch(value -> value.compareTo(from) >= 0 && value.compareTo(to) <= 0);
    }

    /** Tells whether so many months may be so many seconds: 28 to 31 days each, 365 or 366 for twelve of them. */
    private static Relation mayBe(List<BigDecimal> readings, Units.Unit unit, BigDecimal seconds) {
        for (BigDecimal reading : readings) {
            BigDecimal months = reading.multiply(unit.size());
            BigDecimal[] years = months.divideAndRemainder(MONTHS);
            boolean whole = years[1].signum() == 0;
            BigDecimal least = whole ? years[0].multiply(COMMON_YEAR) : months.multiply(SHORTEST_MONTH);
            BigDecimal most = whole ? years[0].multiply(LEAP_YEAR) : months.multiply(LONGEST_MONTH);
            if (least.compareTo(seconds) <= 0 && seconds.compareTo(most) <= 0) {
                return Relation.EQUAL;
            }
        }
        return Relation.DIFFERENT;
    }

    private enum Relation {
        EQUAL,
        DIFFERENT,
        UNRELATED
    }

    private record Fact(FactTable.Row row, Units.Unit unit, Optional<String> per) {}

    /** An amount that is told of a name, with the facts that it should be; none where it is right. */
    private record Told(Amount amount, String owner, List<Fact> shouldBe) {

        boolean right() {
            return shouldBe.isEmpty();
        }
    }
}
