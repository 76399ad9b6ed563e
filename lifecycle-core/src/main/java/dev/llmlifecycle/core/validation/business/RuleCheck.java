package dev.llmlifecycle.core.validation.business;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.ValidationContext;
import org.jspecify.annotations.Nullable;

/** A rule that is ready to look at texts. Thread-safe. */
final class RuleCheck {

    private static final Set<String> CONTRACTED = Set.of("t", "re", "ll", "ve", "d", "m");
    private static final Set<String> CONTRACTED_IS =
            Set.of("it", "that", "there", "here", "what", "who", "he", "she", "let", "how", "where");

    private final BusinessRule rule;
    private final RuleCondition.Compiled condition;
    private final Phrases<String> phrases = new Phrases<>();

    /** The table that was looked at last, as it is the same for many answers. */
    private volatile @Nullable FactCheck facts;

    RuleCheck(BusinessRule rule) {
        this.rule = rule;
        this.condition = rule.terms().when().compile();
        if (rule instanceof BusinessRule.Required required) {
            required.anyOf().forEach(phrase -> phrases.add(phrase, phrase));
        } else if (rule instanceof BusinessRule.Forbidden forbidden) {
            forbidden.phrases().forEach(phrase -> phrases.add(phrase, phrase));
        } else if (rule instanceof BusinessRule.Tone tone) {
            tone.avoid().forEach((name, list) -> list.forEach(phrase -> phrases.add(phrase, name)));
        }
    }

    BusinessRule rule() {
        return rule;
    }

    /** Returns what is wrong, or nothing at all where the rule does not hold for this text. */
    Optional<List<Problem>> check(ReadText text, ValidationContext context) {
        if (!condition.holds(text, context)) {
            return Optional.empty();
        }
        if (rule instanceof BusinessRule.Required required) {
            return Optional.of(required(required, text));
        }
        if (rule instanceof BusinessRule.Forbidden) {
            return Optional.of(forbidden(text));
        }
        if (rule instanceof BusinessRule.ReadingLevel level) {
            return readingLevel(level, text, context.locale());
        }
        if (rule instanceof BusinessRule.Tone tone) {
            return Optional.of(tone(tone, text, context.locale()));
        }
        if (rule instanceof BusinessRule.Length length) {
            return Optional.of(length(length, text));
        }
        if (rule instanceof BusinessRule.Sources sources) {
            return context.passages().isEmpty() ? Optional.empty() : Optional.of(sources(sources, context));
        }
        return facts((BusinessRule.Facts) rule).check(text, context.question());
    }

    /** Returns the name and version of the table that a rule of facts looks at now; nothing for other rules. */
    Optional<String> table() {
        return rule instanceof BusinessRule.Facts of
                ? Optional.of(facts(of).table()).map(table -> table.name() + ", version " + table.version())
                : Optional.empty();
    }

    private List<Problem> required(BusinessRule.Required required, ReadText text) {
        String statements = String.join("' or '", required.anyOf());
        return phrases.isIn(text.tokens())
                ? List.of()
                : List.of(problem(
                        "the answer does not say '" + statements + "'",
                        "Answer again, and say: '" + required.anyOf().get(0) + "'."));
    }

    private List<Problem> forbidden(ReadText text) {
        return phrases.in(text.tokens()).stream()
                .map(match -> new Problem(
                        Optional.of(new TextSpan(match.start(), match.end())),
                        "the answer says '" + match.value() + "'",
                        Optional.of(match.value()),
                        "Answer again without saying '" + match.value() + "'."))
                .toList();
    }

    private static Optional<List<Problem>> readingLevel(BusinessRule.ReadingLevel level, ReadText text, Locale locale) {
        boolean english = locale.getLanguage().equals(Locale.ENGLISH.getLanguage());
        OptionalDouble most = english ? level.grade() : level.lix();
        Readability found = Readability.of(text.text());
        if (most.isEmpty() || found.words() < level.minWords()) {
            return Optional.empty();
        }
        double value = english ? found.grade() : found.lix();
        String scale = english ? "a Flesch-Kincaid grade of " : "a LIX of ";
        return Optional.of(
                value <= most.getAsDouble()
                        ? List.of()
                        : List.of(problem(
                                "the answer has " + scale + String.format(Locale.ROOT, "%.1f", value) + ", more than "
                                        + most.getAsDouble(),
                                "Answer again in shorter sentences and simpler words.")));
    }

    private List<Problem> tone(BusinessRule.Tone tone, ReadText text, Locale locale) {
        List<Problem> problems = new ArrayList<>();
        for (Phrases.Match<String> match : phrases.in(text.tokens())) {
            String said = text.text().substring(match.start(), match.end());
            problems.add(new Problem(
                    Optional.of(new TextSpan(match.start(), match.end())),
                    "'" + said + "' is listed as " + match.value(),
                    Optional.of(match.value()),
                    "Answer again without " + match.value() + " such as '" + said + "'."));
        }
        exclamation(tone, text.text()).ifPresent(problems::add);
        if (!tone.contractions() && locale.getLanguage().equals(Locale.ENGLISH.getLanguage())) {
            contractions(text, problems);
        }
        return problems;
    }

    private static Optional<Problem> exclamation(BusinessRule.Tone tone, String text) {
        int marks = 0;
        for (int at = text.indexOf('!'); at >= 0; at = text.indexOf('!', at + 1)) {
            char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
            // Not that of an image or of "!=".
            if (next != '[' && next != '=' && ++marks > tone.exclamations()) {
                return Optional.of(new Problem(
                        Optional.of(new TextSpan(at, at + 1)),
                        "the answer has more than " + tone.exclamations() + " exclamation marks",
                        Optional.empty(),
                        "Answer again without exclamation marks."));
            }
        }
        return Optional.empty();
    }

    private static void contractions(ReadText text, List<Problem> problems) {
        List<Token> tokens = text.tokens();
        for (int i = 1; i < tokens.size(); i++) {
            Token before = tokens.get(i - 1);
            Token after = tokens.get(i);
            boolean joined = after.start() == before.end() + 1
                    && (text.text().charAt(before.end()) == '\'' || text.text().charAt(before.end()) == '’');
            if (joined
                    && (CONTRACTED.contains(after.text())
                            || (after.text().equals("s") && CONTRACTED_IS.contains(before.text())))) {
                String said = text.text().substring(before.start(), after.end());
                problems.add(new Problem(
                        Optional.of(new TextSpan(before.start(), after.end())),
                        "'" + said + "' is a contraction",
                        Optional.of("contraction"),
                        "Answer again without contractions such as '" + said + "'."));
            }
        }
    }

    private static List<Problem> length(BusinessRule.Length length, ReadText text) {
        List<Problem> problems = new ArrayList<>();
        if (length.minWords().isPresent() || length.maxWords().isPresent()) {
            int words = Readability.of(text.text()).words();
            if (words < length.minWords().orElse(0)) {
                problems.add(
                        outOfRange(words, "words", "fewer", length.minWords().getAsInt(), "Answer again, longer."));
            }
            atMost(words, length.maxWords().orElse(Integer.MAX_VALUE), "words", problems);
        }
        if (length.maxSentences().isPresent()) {
            atMost(text.sentences().size(), length.maxSentences().getAsInt(), "sentences", problems);
        }
        atMost(text.text().length(), length.maxCharacters().orElse(Integer.MAX_VALUE), "characters", problems);
        return problems;
    }

    private static void atMost(int found, int most, String what, List<Problem> problems) {
        if (found > most) {
            problems.add(outOfRange(found, what, "more", most, "Answer again in at most " + most + " " + what + "."));
        }
    }

    private static Problem outOfRange(int found, String what, String direction, int limit, String instruction) {
        return problem("the answer has " + found + " " + what + ", " + direction + " than " + limit, instruction);
    }

    private static List<Problem> sources(BusinessRule.Sources sources, ValidationContext context) {
        List<Problem> problems = new ArrayList<>();
        for (Passage passage : context.passages()) {
            String value = ReadText.metadata(passage, sources.key());
            boolean wrong = (value != null && sources.forbidden().contains(value))
                    || (!sources.allowed().isEmpty()
                            && (value == null || !sources.allowed().contains(value)));
            if (wrong) {
                problems.add(new Problem(
                        Optional.empty(),
                        "the passage '" + passage.id() + "' has "
                                + (value == null ? "no " + sources.key() : sources.key() + " '" + value + "'"),
                        Optional.of(passage.source()),
                        "Answer again without what stands in '" + passage.source() + "'."));
            }
        }
        return problems;
    }

    private FactCheck facts(BusinessRule.Facts rule) {
        FactTable table;
        try {
            table = rule.tables().get();
        } catch (RuntimeException e) {
            throw new LifecycleException(
                    "Getting the fact table of rule '" + rule.terms().id() + "' from '"
                            + rule.source().name() + "' failed; mend what supplies it",
                    e);
        }
        if (table == null) {
            throw new LifecycleException(
                    "Getting the fact table of rule '" + rule.terms().id() + "' from '"
                            + rule.source().name() + "' gave none; return the last good table instead");
        }
        FactCheck known = facts;
        if (known == null || !known.table().equals(table)) {
            known = new FactCheck(table);
            facts = known;
        }
        return known;
    }

    private static Problem problem(String message, String instruction) {
        return new Problem(Optional.empty(), message, Optional.empty(), instruction);
    }
}
