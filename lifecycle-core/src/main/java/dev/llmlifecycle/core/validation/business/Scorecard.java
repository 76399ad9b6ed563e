package dev.llmlifecycle.core.validation.business;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

import dev.llmlifecycle.api.identity.CanonicalJson;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.core.internal.DurableFiles;
import org.jspecify.annotations.Nullable;

/**
 * How an application kept its business rules and targets, on a page that a person can read and sign.
 *
 * <p>The rules are checked anew over the answers that users were given, each rule over those for which it holds; the
 * targets are measured over all interactions. Every share and time has a 95 % interval: a target is met where all of
 * the interval is on its right side, missed where all of it is on the wrong side, and otherwise undecided. Interactions
 * count as independent of each other, which makes the intervals too narrow where few people ask much.
 *
 * <p>The page has lines for names and signatures, and the SHA-256 of its rows, so that a signature is about these
 * figures and no others. It holds ids of interactions, and no question or answer.
 *
 * <pre>{@code
 * Scorecard.builder("Support chatbot, April")
 *         .rules(rules)
 *         .interactions(log.interactions(), log.feedback())
 *         .build()
 *         .write(Path.of("scorecard.html"));
 * }</pre>
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class Scorecard {

    static final double LEVEL = 0.95;

    private final String title;
    private final Instant writtenAt;
    private final long interactions;
    private final Optional<Instant> from;
    private final Optional<Instant> to;
    private final Optional<Identity> rules;
    private final List<RuleRow> ruleRows;
    private final List<TargetRow> targetRows;
    private final List<String> signers;
    private final String content;

    private Scorecard(Builder builder) {
        ScorecardFigures figures = new ScorecardFigures(
                Optional.ofNullable(builder.rules), builder.interactions, builder.feedback, builder.context());
        this.title = builder.title;
        this.writtenAt = builder.clock.instant();
        this.interactions = builder.interactions.size();
        this.from = builder.interactions.stream().map(Interaction::startedAt).min(Instant::compareTo);
        this.to = builder.interactions.stream().map(Interaction::startedAt).max(Instant::compareTo);
        this.rules = Optional.ofNullable(builder.rules).map(BusinessRules::identity);
        this.ruleRows = figures.ruleRows();
        List<KpiTarget> targets = new ArrayList<>(builder.rules == null ? List.of() : builder.rules.targets());
        targets.addAll(builder.targets);
        this.targetRows = targets.stream().map(figures::targetRow).toList();
        this.signers = builder.signers.isEmpty() ? List.of("") : List.copyOf(builder.signers);
        this.content = CanonicalJson.write(withoutLoneSurrogates(canonical()));
    }

    /**
     * Starts a scorecard.
     *
     * @param title what it is about, never blank
     * @return a builder
     */
    public static Builder builder(String title) {
        return new Builder(title);
    }

    /**
     * Returns the title.
     *
     * @return what it is about
     */
    public String title() {
        return title;
    }

    /**
     * Returns how the rules were kept.
     *
     * @return a row for each rule, in their order
     */
    public List<RuleRow> rules() {
        return ruleRows;
    }

    /**
     * Returns how the targets were met.
     *
     * @return a row for each target, in their order
     */
    public List<TargetRow> targets() {
        return targetRows;
    }

    /**
     * Returns the SHA-256 of {@link #content()}, which a signature is about.
     *
     * @return the hash
     */
    public Hash hash() {
        return Hash.ofUtf8(content);
    }

    /**
     * Returns what was signed: title, times, rules and all rows.
     *
     * @return canonical JSON
     */
    public String content() {
        return content;
    }

    /**
     * Returns the scorecard for a browser: one page that loads nothing and can be printed.
     *
     * @return a whole HTML document
     */
    public String html() {
        return new ScorecardPage(this).html();
    }

    /**
     * Returns the scorecard as plain text.
     *
     * @return the text, lines ended by line feeds
     */
    public String text() {
        return new ScorecardText(this).text();
    }

    /**
     * Writes the scorecard in UTF-8, replacing the file if there is one.
     *
     * @param file the file: HTML where its name ends in {@code .html} or {@code .htm}, else plain text
     * @throws dev.llmlifecycle.api.LifecycleException when it cannot be written; an old file is then untouched
     */
    public void write(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        boolean page = name.endsWith(".html") || name.endsWith(".htm");
        DurableFiles.write(file, (page ? html() : text()).getBytes(StandardCharsets.UTF_8));
    }

    Instant writtenAt() {
        return writtenAt;
    }

    long interactions() {
        return interactions;
    }

    Optional<Instant> from() {
        return from;
    }

    Optional<Instant> to() {
        return to;
    }

    Optional<Identity> rulesIdentity() {
        return rules;
    }

    List<String> signers() {
        return signers;
    }

    private Map<String, Object> canonical() {
        Map<String, Object> canonical = new LinkedHashMap<>();
        canonical.put("title", title);
        canonical.put("writtenAt", writtenAt.toString());
        canonical.put("interactions", interactions);
        canonical.put("from", from.map(Instant::toString).orElse(""));
        canonical.put("to", to.map(Instant::toString).orElse(""));
        canonical.put("rules", rules.map(Identity::toCanonical).orElse(Map.of()));
        canonical.put("ruleRows", ruleRows.stream().map(RuleRow::toCanonical).toList());
        canonical.put(
                "targetRows", targetRows.stream().map(TargetRow::toCanonical).toList());
        canonical.put("signers", signers);
        return canonical;
    }

    /** Canonical JSON has none, and an id that somebody else made may. */
    private static Object withoutLoneSurrogates(Object value) {
        if (value instanceof String text) {
            StringBuilder clean = new StringBuilder(text.length());
            text.codePoints()
                    .forEach(c -> clean.appendCodePoint(
                            c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c));
            return clean.toString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Scorecard::withoutLoneSurrogates).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> clean = new LinkedHashMap<>();
            map.forEach((key, member) -> clean.put(key, withoutLoneSurrogates(member)));
            return clean;
        }
        return value;
    }

    private static List<String> ends(Optional<Interval> interval) {
        return interval.map(ends -> List.of(String.valueOf(ends.low()), String.valueOf(ends.high())))
                .orElse(List.of());
    }

    /** What is known of a target. */
    public enum State {
        /** All of the interval is on the right side. */
        MET,
        /** All of the interval is on the wrong side. */
        MISSED,
        /** The interval has the target inside, or nothing was observed. */
        UNDECIDED
    }

    /**
     * How a rule was kept.
     *
     * @param id the rule
     * @param demand what it demands, in words
     * @param severity how bad a breach is
     * @param owner who answers for it; empty where nobody is named
     * @param reason why there is the rule; possibly empty
     * @param table the table of facts that was compared with, with its version
     * @param checked the answers for which it holds
     * @param passed those of them that keep it
     * @param interval the 95 % interval of the share that keeps it, by Wilson; nothing where none was checked
     * @param breaches ids of the first interactions that break it, at most 5
     */
    public record RuleRow(
            String id,
            String demand,
            Finding.Severity severity,
            String owner,
            String reason,
            Optional<String> table,
            long checked,
            long passed,
            Optional<Interval> interval,
            List<String> breaches) {

        /** Copies. */
        public RuleRow {
            breaches = List.copyOf(breaches);
        }

        /**
         * Returns the share that keeps the rule.
         *
         * @return passed by checked, or nothing where none was checked
         */
        public OptionalDouble share() {
            return checked == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) passed / checked);
        }

        Map<String, Object> toCanonical() {
            Map<String, Object> canonical = new LinkedHashMap<>();
            canonical.put("id", id);
            canonical.put("demand", demand);
            canonical.put("severity", severity.name());
            canonical.put("owner", owner);
            canonical.put("reason", reason);
            canonical.put("table", table.orElse(""));
            canonical.put("checked", checked);
            canonical.put("passed", passed);
            canonical.put("interval", ends(interval));
            canonical.put("breaches", breaches);
            return canonical;
        }
    }

    /**
     * How a target was met.
     *
     * @param target the target
     * @param observations how many interactions the value rests on
     * @param value what was measured; nothing without observations
     * @param interval its 95 % interval: Wilson's of a share, between two observations of a time, Student's of a mean,
     *     in which the interactions of one conversation count as one; an end may be infinite
     * @param state what is known of the target
     */
    public record TargetRow(
            KpiTarget target, long observations, OptionalDouble value, Optional<Interval> interval, State state) {

        Map<String, Object> toCanonical() {
            return Map.of(
                    "target", target.toCanonical(),
                    "observations", observations,
                    "value", value.isPresent() ? String.valueOf(value.getAsDouble()) : "",
                    "interval", ends(interval),
                    "state", state.name());
        }
    }

    /** Builds a {@link Scorecard}. Not thread-safe. */
    public static final class Builder {

        private final String title;
        private final List<Interaction> interactions = new ArrayList<>();
        private final List<Feedback> feedback = new ArrayList<>();
        private final List<KpiTarget> targets = new ArrayList<>();
        private final List<String> signers = new ArrayList<>();
        private @Nullable BusinessRules rules;
        private Locale locale = Locale.ENGLISH;
        private @Nullable Function<Interaction, ValidationContext> contextOf;
        private Clock clock = Clock.systemUTC();

        private Builder(String title) {
            if (Objects.requireNonNull(title, "title").isBlank()) {
                throw new IllegalArgumentException("the title of a scorecard is blank; say what it is about");
            }
            this.title = title;
        }

        /**
         * Sets the rules to check, with the targets beside them. Default: none.
         *
         * @param rules the rules
         * @return this builder
         */
        public Builder rules(BusinessRules rules) {
            this.rules = Objects.requireNonNull(rules, "rules");
            return this;
        }

        /**
         * Adds interactions, and what users said of them. Default: none.
         *
         * @param interactions the interactions
         * @param feedback the feedback; that of other interactions is not looked at
         * @return this builder
         */
        public Builder interactions(List<Interaction> interactions, List<Feedback> feedback) {
            this.interactions.addAll(List.copyOf(interactions));
            this.feedback.addAll(List.copyOf(feedback));
            return this;
        }

        /**
         * Adds a target, beside those of the rules. Default: none.
         *
         * @param target the target
         * @return this builder
         */
        public Builder target(KpiTarget target) {
            targets.add(Objects.requireNonNull(target, "target"));
            return this;
        }

        /**
         * Sets the language of the conversations, which interactions do not record. Default: English.
         *
         * @param locale the language
         * @return this builder
         */
        public Builder locale(Locale locale) {
            this.locale = Objects.requireNonNull(locale, "locale");
            return this;
        }

        /**
         * Sets how the context of an answer is found again, for rules with conditions on what interactions do not
         * record, such as attributes. Default: the question, passages and tenant of the interaction, the language of
         * {@link #locale}, and no attributes.
         *
         * @param contextOf returns the context of an interaction
         * @return this builder
         */
        public Builder contextOf(Function<Interaction, ValidationContext> contextOf) {
            this.contextOf = Objects.requireNonNull(contextOf, "contextOf");
            return this;
        }

        private Function<Interaction, ValidationContext> context() {
            Locale language = locale;
            return contextOf != null
                    ? contextOf
                    : interaction -> new ValidationContext(
                            interaction.standaloneQuestion().orElse(interaction.question()),
                            interaction.passages(),
                            interaction.tenant(),
                            language,
                            Map.of());
        }

        /**
         * Adds lines for somebody's signature. Default: one set of lines with an empty role.
         *
         * @param role the role that stands there already, such as {@code Head of Support}
         * @return this builder
         */
        public Builder signer(String role) {
            signers.add(Objects.requireNonNull(role, "role"));
            return this;
        }

        /**
         * Sets the clock that dates the scorecard. Default: the system's, UTC.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Checks and measures.
         *
         * @return the scorecard
         * @throws IllegalArgumentException when there is neither a rule nor a target, two targets have one id, or one
         *     is about a rule that is not there
         */
        public Scorecard build() {
            if (rules == null && targets.isEmpty()) {
                throw new IllegalArgumentException(
                        "the scorecard '" + title + "' has neither rules nor targets; give it some");
            }
            BusinessRules.Builder all = BusinessRules.builder("scorecard");
            if (rules != null) {
                all.all(rules);
            }
            targets.forEach(all::target);
            all.build();
            return new Scorecard(this);
        }
    }
}
