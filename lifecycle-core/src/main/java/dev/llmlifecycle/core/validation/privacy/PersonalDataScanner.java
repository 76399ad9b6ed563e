package dev.llmlifecycle.core.validation.privacy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;

/**
 * Finds personal data and secrets in text, for validators, caches and logs.
 *
 * <p>Numbers are checked by their check digits, ranges and lengths, telephone numbers by libphonenumber where that is
 * on the class path, names by lists and by the words around them. English first: words that tell a number or a name are
 * known in a few other languages only. Characters that do not show, full-width forms and foreign digits hide nothing.
 *
 * <p>One pass without backtracking: the time grows with the length of the text and with nothing else. Immutable and
 * thread-safe; the same text gives the same result.
 *
 * @since 0.1
 */
public final class PersonalDataScanner implements Identified {

    private static final String VERSION = "1";
    private static final String PHONE_LIBRARY = "com.google.i18n.phonenumbers.PhoneNumberUtil";

    private final Set<PersonalDataType> types;
    private final double minimumConfidence;
    private final Set<String> allowed;
    private final KnownNames names;
    private final PhonePlan plan;
    private final Identity identity;

    private PersonalDataScanner(Builder builder) {
        types = Set.copyOf(builder.types);
        minimumConfidence = builder.minimumConfidence;
        allowed = Set.copyOf(builder.allowed);
        names = wantsNames() ? KnownNames.read() : KnownNames.none();
        boolean library = hasPhoneLibrary();
        plan = library ? new LibPhonePlan(builder.regions) : PhonePlan.lengths();
        identity = Identity.of(
                "personal-data-scanner",
                VERSION,
                Map.of(
                        "types",
                        types.stream().map(Enum::name).sorted().toList(),
                        "minimumConfidence",
                        minimumConfidence,
                        "allowed",
                        List.copyOf(new TreeSet<>(allowed)),
                        "phoneRegions",
                        builder.regions,
                        "phoneLibrary",
                        library));
    }

    /**
     * Creates a scanner for all types with the defaults.
     *
     * @return the scanner
     */
    public static PersonalDataScanner create() {
        return builder().build();
    }

    /**
     * Starts a scanner.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    private static boolean hasPhoneLibrary() {
        try {
            Class.forName(PHONE_LIBRARY, false, PersonalDataScanner.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            // The library is optional; without it length and form decide.
            return false;
        }
    }

    /**
     * Finds personal data.
     *
     * @param text any text, also one with lone surrogates
     * @return what was found, in order, without overlaps
     */
    public List<PersonalData> scan(String text) {
        FoldedText folded = new FoldedText(Objects.requireNonNull(text, "text"));
        return scan(text, folded);
    }

    List<PersonalData> scan(String text, FoldedText folded) {
        Scan scan = new Scan(folded);
        Network.find(scan);
        Numbers.find(scan);
        PhoneNumbers.find(scan, plan);
        BirthDates.find(scan);
        CryptoAddresses.find(scan);
        Secrets.find(scan);
        if (types.contains(PersonalDataType.ADDRESS)) {
            Addresses.find(scan);
        }
        if (wantsNames()) {
            Names.find(scan, names);
        }
        List<PersonalData> found = new ArrayList<>();
        for (Scan.Found each : scan.result(types, minimumConfidence)) {
            TextSpan span = folded.span(each.start(), each.end());
            if (!isAllowed(span.of(text))) {
                found.add(new PersonalData(each.type(), each.scheme(), span, each.confidence()));
            }
        }
        return List.copyOf(found);
    }

    private boolean wantsNames() {
        return types.contains(PersonalDataType.PERSON)
                || types.contains(PersonalDataType.LOCATION)
                || types.contains(PersonalDataType.ORGANISATION);
    }

    private boolean isAllowed(String value) {
        if (allowed.isEmpty()) {
            return false;
        }
        String lower = value.toLowerCase(Locale.ROOT);
        return allowed.contains(lower)
                || (lower.indexOf('@') > 0 && allowed.contains(lower.substring(lower.lastIndexOf('@'))));
    }

    /**
     * Puts the type of what is found in its place, as {@code [EMAIL_ADDRESS]}.
     *
     * @param text any text
     * @return the text without what was found
     */
    public String mask(String text) {
        return replace(text, scan(text), PersonalDataScanner::placeholder);
    }

    static String placeholder(PersonalData found) {
        return "[" + found.type() + "]";
    }

    /** Replaces what was found, which is in order and does not overlap. */
    static String replace(String text, List<PersonalData> found, Function<PersonalData, String> by) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (PersonalData each : found) {
            out.append(text, at, each.span().start()).append(by.apply(each));
            at = each.span().end();
        }
        return out.append(text, at, text.length()).toString();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /** Builds a {@link PersonalDataScanner}. Not thread-safe. */
    public static final class Builder {

        private Set<PersonalDataType> types = EnumSet.allOf(PersonalDataType.class);
        private double minimumConfidence = 0.5;
        private final Set<String> allowed = new TreeSet<>();
        private List<String> regions = List.of("US", "GB");

        private Builder() {}

        /**
         * Sets what is looked for. Default: all types.
         *
         * @param wanted at least one type
         * @return this builder
         */
        public Builder types(Set<PersonalDataType> wanted) {
            if (wanted.isEmpty()) {
                throw new IllegalArgumentException(
                        "a scanner of personal data needs a type to look for but got none; name one or leave the default");
            }
            types = EnumSet.copyOf(wanted);
            return this;
        }

        /**
         * Sets how sure the scanner must be. Default: 0.5. What has a check digit is above 0.9; single words taken for
         * names are between 0.5 and 0.6.
         *
         * @param confidence in [0, 1]
         * @return this builder
         */
        public Builder minimumConfidence(double confidence) {
            if (!(confidence >= 0 && confidence <= 1)) {
                throw new IllegalArgumentException(
                        "the minimum confidence must be in [0, 1] but was " + confidence + "; 0.5 is the default");
            }
            minimumConfidence = confidence;
            return this;
        }

        /**
         * Lets a value pass, whatever its case; {@code @example.com} lets all mailboxes of a domain pass.
         *
         * @param value the value as it stands in texts, never blank
         * @return this builder
         */
        public Builder allow(String value) {
            if (value.isBlank()) {
                throw new IllegalArgumentException("an allowed value must not be blank; give the value that may pass");
            }
            allowed.add(value.toLowerCase(Locale.ROOT));
            return this;
        }

        /**
         * Sets the countries whose telephone numbers may stand without a country code. Default: US and GB. Needs
         * libphonenumber to have an effect.
         *
         * @param codes codes of ISO 3166, such as {@code DE}
         * @return this builder
         */
        public Builder phoneRegions(List<String> codes) {
            for (String code : codes) {
                if (code.length() != 2 || !code.equals(code.toUpperCase(Locale.ROOT))) {
                    throw new IllegalArgumentException("a phone region must be a code of ISO 3166 in capitals but was '"
                            + code + "'; write US or DE");
                }
            }
            regions = List.copyOf(codes);
            return this;
        }

        /**
         * Builds the scanner.
         *
         * @return the scanner
         */
        public PersonalDataScanner build() {
            return new PersonalDataScanner(this);
        }
    }
}
