package dev.llmlifecycle.core.validation.legal;

import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * Refuses passages whose consent, purpose or retention does not allow their use.
 *
 * <p>The metadata {@code consent} ({@code given}, {@code yes}, {@code true} or {@code granted}; anything else is no
 * consent), {@code purpose} (one or more, with commas) and {@code retainUntil} (the last day, as {@code 2026-01-31}, or
 * a date with time, of which the date counts) are read. As the passage validator of an application it keeps a passage
 * from prompt and caches; as an output validator it refuses an answer that rests on one. Codes: {@value #NO_CONSENT},
 * {@value #WRONG_PURPOSE}, {@value #RETENTION_OVER}, {@value #DATE_UNREADABLE} and {@value #UNTAGGED}. A date that
 * cannot be read refuses, too.
 *
 * <p>The tags are taken at their word. The rules take up Articles 5(1)(b), 5(1)(e) and 7 of the General Data Protection
 * Regulation; this is not legal advice.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class ConsentValidator implements Validator {

    /** The code of a passage whose consent was refused or withdrawn. */
    public static final String NO_CONSENT = "consent-missing";

    /** The code of a passage that is kept for another purpose. */
    public static final String WRONG_PURPOSE = "purpose-not-allowed";

    /** The code of a passage that must not be kept any more. */
    public static final String RETENTION_OVER = "retention-over";

    /** The code of a retention date that is none. */
    public static final String DATE_UNREADABLE = "retention-date-unreadable";

    /** The code of a passage without a tag that is required. */
    public static final String UNTAGGED = "consent-tag-missing";

    private static final String NAME = "consent";
    private static final String VERSION = "1";
    private static final Set<String> GIVEN = Set.of("given", "granted", "true", "yes");
    private static final int DATE = 10;
    private static final String REASON = "This cannot be answered from what may be used for it.";

    private final Clock clock;
    private final Set<String> purposes;
    private final Set<String> required;
    private final Identity identity;

    private ConsentValidator(Builder builder) {
        this.clock = builder.clock;
        this.purposes = new TreeSet<>(builder.purposes);
        this.required = new TreeSet<>(builder.required);
        this.identity = Identity.of(NAME, VERSION, Map.of("purposes", purposes, "required", required));
    }

    static Builder builder(Clock clock) {
        return new Builder(clock);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        boolean passage = context.subject() == ValidationContext.Subject.PASSAGE;
        LocalDate today = LocalDate.now(clock);
        List<Finding> findings = new ArrayList<>();
        for (Passage each : context.passages()) {
            check(each, today).forEach(found -> {
                Finding finding = Finding.of(NAME, found.code(), Finding.Severity.ERROR, found.message())
                        .withEvidence("passage " + each.id() + "; source " + PassageTags.source(each))
                        .withRemedy(new Remedy.Refuse(REASON));
                findings.add(passage ? finding.withSpan(new TextSpan(0, text.length())) : finding);
            });
        }
        return ValidationOutcome.following(text, findings);
    }

    private List<Found> check(Passage passage, LocalDate today) {
        List<Found> found = new ArrayList<>();
        for (String tag : required) {
            if (PassageTags.text(passage, tag).isEmpty()) {
                found.add(new Found(
                        UNTAGGED, "The passage '" + passage.id() + "' has no metadata '" + tag + "'; tag it"));
            }
        }
        PassageTags.text(passage, PassageTags.CONSENT)
                .filter(consent -> !GIVEN.contains(consent.toLowerCase(Locale.ROOT)))
                .ifPresent(consent -> found.add(
                        new Found(NO_CONSENT, "The consent of passage '" + passage.id() + "' is '" + consent + "'")));
        PassageTags.text(passage, PassageTags.PURPOSE)
                .filter(purpose -> !purposes.isEmpty() && !isAllowed(purpose))
                .ifPresent(purpose -> found.add(new Found(
                        WRONG_PURPOSE,
                        "The passage '" + passage.id() + "' is kept for '" + purpose + "' and not for any of "
                                + purposes)));
        PassageTags.text(passage, PassageTags.RETAIN_UNTIL)
                .flatMap(until -> retention(passage, until, today))
                .ifPresent(found::add);
        return found;
    }

    private boolean isAllowed(String purpose) {
        int start = 0;
        for (int end = purpose.indexOf(','); end >= 0; end = purpose.indexOf(',', start)) {
            if (purposes.contains(key(purpose.substring(start, end)))) {
                return true;
            }
            start = end + 1;
        }
        return purposes.contains(key(purpose.substring(start)));
    }

    private static Optional<Found> retention(Passage passage, String until, LocalDate today) {
        try {
            boolean withTime = until.length() > DATE && until.charAt(DATE) == 'T';
            LocalDate last = LocalDate.parse(withTime ? until.substring(0, DATE) : until);
            return today.isAfter(last)
                    ? Optional.of(new Found(
                            RETENTION_OVER, "The passage '" + passage.id() + "' was to be kept until " + last))
                    : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.of(new Found(
                    DATE_UNREADABLE,
                    "The metadata 'retainUntil' of passage '" + passage.id() + "' is '" + until
                            + "' and not a date such as 2026-01-31"));
        }
    }

    private static String key(String purpose) {
        return purpose.strip().toLowerCase(Locale.ROOT);
    }

    private record Found(String code, String message) {}

    /** Builds a {@link ConsentValidator}. Not thread-safe. */
    public static final class Builder {

        private final Clock clock;
        private final Set<String> purposes = new TreeSet<>();
        private final Set<String> required = new TreeSet<>();

        private Builder(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
        }

        /**
         * Allows a purpose, such as {@code support}. A passage passes with one of them among its own, or without the
         * tag. Default: purposes are not looked at.
         *
         * @param purpose the purpose, without comma; case does not count
         * @return this builder
         */
        public Builder purpose(String purpose) {
            if (purpose.isBlank() || purpose.indexOf(',') >= 0) {
                throw new IllegalArgumentException(
                        "the purpose '" + purpose + "' is blank or has a comma; add purposes one by one");
            }
            purposes.add(key(purpose));
            return this;
        }

        /**
         * Refuses passages without a tag. Default: what is not tagged passes.
         *
         * @return this builder
         */
        public Builder requireConsent() {
            required.add(PassageTags.CONSENT);
            return this;
        }

        /**
         * Refuses passages without a purpose. Default: what is not tagged passes.
         *
         * @return this builder
         */
        public Builder requirePurpose() {
            required.add(PassageTags.PURPOSE);
            return this;
        }

        /**
         * Refuses passages without a retention date. Default: what is not tagged passes.
         *
         * @return this builder
         */
        public Builder requireRetention() {
            required.add(PassageTags.RETAIN_UNTIL);
            return this;
        }

        /**
         * Builds the validator.
         *
         * @return the validator
         */
        public ConsentValidator build() {
            return new ConsentValidator(this);
        }
    }
}
