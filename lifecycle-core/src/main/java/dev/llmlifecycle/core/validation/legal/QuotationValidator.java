package dev.llmlifecycle.core.validation.legal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * Measures how much of an answer stands word for word in its passages, against the licence of each source.
 *
 * <p>Of a passage the metadata {@code source}, {@code title}, {@code author}, {@code licence} and
 * {@code quotationLimit} (words in a row, in the place of the rule's limit) are read. Of each source the longest run of
 * common words and the share of the answer in runs of at least {@link Builder#ngram(int)} words are found, exactly and
 * whatever stands between the words. Codes: {@value #FORBIDDEN}, {@value #TOO_LONG} and {@value #TOO_MUCH} ask the
 * model again; {@value #UNATTRIBUTED} appends title, author, source and licence; {@value #LIMIT_UNREADABLE} is a
 * warning, and the rule's own limit holds. Without passages every answer passes.
 *
 * <p>It measures copying from the passages, not from whatever the model learnt; and a paraphrase is no quotation here.
 * Share-alike and notices of a licence beyond attribution are not checked. This is not legal advice. The rules take up
 * Article 10 of the Berne Convention (quotation compatible with fair practice, with source and author), Article 5(3)(d)
 * of Directive 2001/29/EC and 17 U.S.C. § 107.
 *
 * <p>Thread-safe; time and memory are linear in the answer times the number of passages, and in the passages.
 *
 * @since 0.1
 */
public final class QuotationValidator implements Validator {

    /** The code of a quotation from a source that allows none. */
    public static final String FORBIDDEN = "quotation-forbidden";

    /** The code of more words in a row than the source allows. */
    public static final String TOO_LONG = "quotation-too-long";

    /** The code of a larger share of the answer than the source allows. */
    public static final String TOO_MUCH = "quotation-share-too-large";

    /** The code of a quotation without attribution. */
    public static final String UNATTRIBUTED = "attribution-missing";

    /** The code of metadata {@code quotationLimit} that is no number of words. */
    public static final String LIMIT_UNREADABLE = "quotation-limit-unreadable";

    private static final String NAME = "quotation";
    private static final String VERSION = "1";

    private final Map<String, LicenceRule> rules;
    private final String licenceWhereMissing;
    private final int minimumWords;
    private final int ngram;
    private final String heading;
    private final Identity identity;

    private QuotationValidator(Builder builder) {
        this.rules = LicenceRule.byLicence(builder.rules);
        this.licenceWhereMissing = builder.licenceWhereMissing;
        this.minimumWords = builder.minimumWords;
        this.ngram = builder.ngram;
        this.heading = builder.heading;
        this.identity = Identity.of(
                NAME,
                VERSION,
                Map.of(
                        "rules",
                        rules.values().stream().map(LicenceRule::toCanonical).toList(),
                        "licenceWhereMissing",
                        licenceWhereMissing,
                        "minimumWords",
                        minimumWords,
                        "ngram",
                        ngram,
                        "heading",
                        heading));
    }

    static Builder builder() {
        return new Builder();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        if (context.passages().isEmpty()) {
            return ValidationOutcome.pass();
        }
        WordSequence answer = WordSequence.of(text);
        List<Finding> findings = new ArrayList<>();
        List<Copied> unattributed = new ArrayList<>();
        for (Copied copied : copied(answer, context.passages(), findings)) {
            if (copied.run() < minimumWords) {
                continue;
            }
            LicenceRule rule = copied.source().rule();
            limits(answer, copied, rule).ifPresent(findings::add);
            if (rule.allowed() && rule.attribution() && !isAttributed(text, copied.source())) {
                unattributed.add(copied);
            }
        }
        if (!unattributed.isEmpty()) {
            Remedy remedy = new Remedy.Rewrite(attributed(text, unattributed));
            unattributed.forEach(copied -> findings.add(finding(
                    answer, copied, UNATTRIBUTED, "quotes a source whose licence needs an attribution", remedy)));
        }
        return ValidationOutcome.following(text, findings);
    }

    private List<Copied> copied(WordSequence answer, List<Passage> passages, List<Finding> findings) {
        CommonRuns runs = CommonRuns.of(answer);
        Map<String, Copied> bySource = new LinkedHashMap<>();
        for (Passage passage : passages) {
            Source source = source(passage, findings);
            Copied copied = bySource.computeIfAbsent(
                    source.name() + "\n" + source.licence(), any -> new Copied(source, answer.size()));
            copied.add(runs.lengths(WordSequence.of(passage.text())), ngram);
        }
        return List.copyOf(bySource.values());
    }

    private Source source(Passage passage, List<Finding> findings) {
        String licence = PassageTags.text(passage, PassageTags.LICENCE).orElse(licenceWhereMissing);
        LicenceRule rule = LicenceRule.find(rules, licence);
        Optional<String> limit = PassageTags.text(passage, PassageTags.QUOTATION_LIMIT);
        OptionalInt words = limit.map(QuotationValidator::words).orElse(OptionalInt.empty());
        if (words.isPresent()) {
            rule = words.getAsInt() == 0 ? LicenceRule.forbidden(licence) : rule.withMaxWords(words.getAsInt());
        } else if (limit.isPresent()) {
            findings.add(Finding.of(
                    NAME,
                    LIMIT_UNREADABLE,
                    Finding.Severity.WARNING,
                    "The metadata '" + PassageTags.QUOTATION_LIMIT + "' of passage '" + passage.id() + "' is '"
                            + limit.get() + "' and not a number of words, so the limit of licence '" + licence
                            + "' holds"));
        }
        return new Source(
                PassageTags.source(passage),
                PassageTags.text(passage, Passage.TITLE),
                PassageTags.text(passage, PassageTags.AUTHOR),
                licence,
                rule);
    }

    private static OptionalInt words(String limit) {
        boolean number = limit.length() <= 9 && limit.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? OptionalInt.of(Integer.parseInt(limit)) : OptionalInt.empty();
    }

    private Optional<Finding> limits(WordSequence answer, Copied copied, LicenceRule rule) {
        if (!rule.allowed()) {
            return Optional.of(finding(
                    answer,
                    copied,
                    FORBIDDEN,
                    "quotes a source that allows no quotation",
                    new Remedy.AskAgain("Your answer repeats a source word for word that must not be quoted. Answer"
                            + " again in your own words.")));
        }
        if (rule.maxWords().isPresent() && copied.run() > rule.maxWords().getAsInt()) {
            int limit = rule.maxWords().getAsInt();
            return Optional.of(finding(
                    answer,
                    copied,
                    TOO_LONG,
                    "quotes " + copied.run() + " words in a row, and the limit is " + limit,
                    new Remedy.AskAgain("Your answer repeats a source word for word at length. Answer again in your own"
                            + " words, with at most " + limit + " words of it in a row.")));
        }
        double share = copied.words() / (double) answer.size();
        boolean small = copied.words() <= rule.maxWords().orElse(minimumWords);
        if (rule.maxShare().isPresent() && share > rule.maxShare().getAsDouble() && !small) {
            return Optional.of(finding(
                    answer,
                    copied,
                    TOO_MUCH,
                    "is to a share of " + twoDigits(share) + " word for word from one source, and the limit is "
                            + twoDigits(rule.maxShare().getAsDouble()),
                    new Remedy.AskAgain("Most of your answer stands word for word in one source. Answer again in your"
                            + " own words.")));
        }
        return Optional.empty();
    }

    private static Finding finding(WordSequence answer, Copied copied, String code, String what, Remedy remedy) {
        Source source = copied.source();
        LicenceRule rule = source.rule();
        String limit = !rule.allowed()
                ? "no quotation"
                : (rule.maxWords().isPresent() ? rule.maxWords().getAsInt() + " words" : "no limit of words")
                        + (rule.maxShare().isPresent()
                                ? ", share " + twoDigits(rule.maxShare().getAsDouble())
                                : "");
        return Finding.of(NAME, code, Finding.Severity.ERROR, "The answer " + what)
                .withSpan(answer.span(copied.runEnd() - copied.run(), copied.runEnd()))
                .withEvidence("source " + source.name() + "; licence " + source.licence() + "; longest run "
                        + copied.run() + " words; share "
                        + twoDigits(copied.words() / (double) answer.size()) + "; limit " + limit)
                .withRemedy(remedy);
    }

    private static String twoDigits(double share) {
        return String.format(Locale.ROOT, "%.2f", share);
    }

    /** Title or source, and author and licence where they are known. */
    private static boolean isAttributed(String text, Source source) {
        String lowerCase = text.toLowerCase(Locale.ROOT);
        boolean named = contains(lowerCase, source.name())
                || source.title().filter(title -> contains(lowerCase, title)).isPresent();
        return named
                && source.author().map(author -> contains(lowerCase, author)).orElse(true)
                && (isUnknown(source) || contains(lowerCase, source.licence()));
    }

    private static boolean contains(String lowerCase, String part) {
        return lowerCase.contains(part.toLowerCase(Locale.ROOT));
    }

    private static boolean isUnknown(Source source) {
        return source.licence().equals(LicenceRule.UNKNOWN);
    }

    private String attributed(String text, List<Copied> unattributed) {
        StringBuilder attributed =
                new StringBuilder(text.stripTrailing()).append("\n\n").append(heading);
        for (Copied copied : unattributed) {
            Source source = copied.source();
            attributed.append("\n- ");
            source.title()
                    .ifPresent(title -> attributed.append('"').append(title).append('"'));
            source.author()
                    .ifPresent(author -> attributed
                            .append(source.title().isPresent() ? " by " : "")
                            .append(author));
            if (source.title().isPresent() || source.author().isPresent()) {
                attributed.append(", ");
            }
            attributed.append(source.name());
            if (!isUnknown(source)) {
                attributed.append(", licence ").append(source.licence());
            }
        }
        return attributed.toString();
    }

    /** Where passages come from, and what holds for them. */
    private record Source(
            String name, Optional<String> title, Optional<String> author, String licence, LicenceRule rule) {}

    /** What of an answer stands in the passages of one source. Not thread-safe. */
    private static final class Copied {

        private final Source source;
        private final boolean[] covered;
        private int run;
        private int runEnd;

        Copied(Source source, int words) {
            this.source = source;
            this.covered = new boolean[words];
        }

        void add(int[] lengths, int ngram) {
            int coveredFrom = lengths.length;
            for (int i = lengths.length - 1; i >= 0; i--) {
                if (lengths[i] >= ngram) {
                    coveredFrom = Math.min(coveredFrom, i - lengths[i] + 1);
                }
                covered[i] |= i >= coveredFrom;
                if (lengths[i] >= run && lengths[i] > 0) {
                    run = lengths[i];
                    runEnd = i + 1;
                }
            }
        }

        Source source() {
            return source;
        }

        int run() {
            return run;
        }

        int runEnd() {
            return runEnd;
        }

        int words() {
            int words = 0;
            for (boolean each : covered) {
                words += each ? 1 : 0;
            }
            return words;
        }
    }

    /** Builds a {@link QuotationValidator}. Not thread-safe. */
    public static final class Builder {

        private final List<LicenceRule> rules = new ArrayList<>(LicenceRule.defaults());
        private String licenceWhereMissing = LicenceRule.UNKNOWN;
        private int minimumWords = 8;
        private int ngram = 5;
        private String heading = "Sources:";

        private Builder() {}

        /**
         * Sets the rule of a licence, in the place of the one it has. Default: {@link LicenceRule#defaults()}.
         *
         * @param rule the rule
         * @return this builder
         */
        public Builder rule(LicenceRule rule) {
            rules.add(Objects.requireNonNull(rule, "rule"));
            return this;
        }

        /**
         * Sets what is taken for the licence of passages without one. Default: {@link LicenceRule#UNKNOWN}; a host that
         * answers from its own documents says {@link LicenceRule#OWN}.
         *
         * @param licence the licence, never blank
         * @return this builder
         */
        public Builder licenceWhereMissing(String licence) {
            if (licence.isBlank()) {
                throw new IllegalArgumentException(
                        "the licence of passages without one is blank; leave it at " + LicenceRule.UNKNOWN);
            }
            this.licenceWhereMissing = licence.strip();
            return this;
        }

        /**
         * Sets from how many words in a row on a source counts as quoted. Default: 8.
         *
         * @param words at least 2
         * @return this builder
         */
        public Builder minimumWords(int words) {
            this.minimumWords = atLeastTwo("minimumWords", words);
            return this;
        }

        /**
         * Sets from how many words in a row on words count for the share. Default: 5.
         *
         * @param words at least 2
         * @return this builder
         */
        public Builder ngram(int words) {
            this.ngram = atLeastTwo("ngram", words);
            return this;
        }

        /**
         * Sets the line above attributions that are appended. Default: {@code Sources:}.
         *
         * @param line the line, never blank
         * @return this builder
         */
        public Builder heading(String line) {
            if (line.isBlank()) {
                throw new IllegalArgumentException(
                        "the heading of attributions is blank; write one such as 'Sources:'");
            }
            this.heading = line.strip();
            return this;
        }

        private static int atLeastTwo(String name, int words) {
            if (words < 2) {
                throw new IllegalArgumentException(
                        name + " must be at least 2 but was " + words + "; single words are nobody's");
            }
            return words;
        }

        /**
         * Builds the validator.
         *
         * @return the validator
         */
        public QuotationValidator build() {
            return new QuotationValidator(this);
        }
    }
}
