package dev.llmlifecycle.core.validation.legal;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What may be quoted word for word from sources of a licence. A technical limit that a host decides on, not legal
 * advice: no law fixes a number of words.
 *
 * <p>Licences are compared by their SPDX ids without regard to case and with spaces as hyphens, the exact id before the
 * id without its version: a rule for {@code CC-BY} holds for {@code CC-BY-4.0} and {@code cc by 3.0 de}, not for
 * {@code CC-BY-SA-4.0}. Addresses of creativecommons.org are read as ids.
 *
 * <p>Immutable.
 *
 * @param licence the licence, such as {@code CC-BY}, {@link #OWN} or {@link #UNKNOWN}
 * @param allowed whether anything may be quoted
 * @param attribution whether title, author, source and licence must stand beside the quotation
 * @param maxWords how many words in a row may be quoted, if limited
 * @param maxShare which share of an answer's words, in (0, 1], may come word for word from one source, if limited;
 *     looked at where more words than {@code maxWords} do
 * @since 0.1
 */
public record LicenceRule(
        String licence, boolean allowed, boolean attribution, OptionalInt maxWords, OptionalDouble maxShare) {

    /** The licence of a source of the host's own. */
    public static final String OWN = "OWN";

    /** What is taken for a licence that no rule is about, and for a source without one. */
    public static final String UNKNOWN = "UNKNOWN";

    /** Checks the limits. */
    public LicenceRule {
        if (Objects.requireNonNull(licence, "licence").isBlank()) {
            throw new IllegalArgumentException("the licence of a rule is blank; give its id, such as CC-BY-4.0");
        }
        if (maxWords.isPresent() && maxWords.getAsInt() < 1) {
            throw new IllegalArgumentException("the rule of licence '" + licence + "' allows " + maxWords.getAsInt()
                    + " words; allow at least 1, or forbid it");
        }
        if (maxShare.isPresent() && !(maxShare.getAsDouble() > 0 && maxShare.getAsDouble() <= 1)) {
            throw new IllegalArgumentException("the rule of licence '" + licence + "' allows the share "
                    + maxShare.getAsDouble() + "; give one in (0, 1], or forbid it");
        }
    }

    /**
     * Allows everything, without attribution.
     *
     * @param licence the licence
     * @return the rule
     */
    public static LicenceRule free(String licence) {
        return new LicenceRule(licence, true, false, OptionalInt.empty(), OptionalDouble.empty());
    }

    /**
     * Allows everything with attribution.
     *
     * @param licence the licence
     * @return the rule
     */
    public static LicenceRule attributed(String licence) {
        return new LicenceRule(licence, true, true, OptionalInt.empty(), OptionalDouble.empty());
    }

    /**
     * Allows short quotations with attribution.
     *
     * @param licence the licence
     * @param maxWords how many words in a row, at least 1
     * @param maxShare which share of the answer's words, in (0, 1]
     * @return the rule
     */
    public static LicenceRule limited(String licence, int maxWords, double maxShare) {
        return new LicenceRule(licence, true, true, OptionalInt.of(maxWords), OptionalDouble.of(maxShare));
    }

    /**
     * Allows no quotation.
     *
     * @param licence the licence
     * @return the rule
     */
    public static LicenceRule forbidden(String licence) {
        return new LicenceRule(licence, false, false, OptionalInt.empty(), OptionalDouble.empty());
    }

    /**
     * Returns the rules that hold unless a host replaces them: public domain, CC0 and {@link #OWN} are free; CC-BY,
     * CC-BY-SA, CC-BY-ND, MIT, Apache-2.0 and BSD need attribution; CC-BY-NC and its kin allow 50 words and half of the
     * answer, as a host may be commercial; {@code PROPRIETARY} and {@link #UNKNOWN} allow 25 words and a quarter.
     *
     * @return the rules
     */
    public static List<LicenceRule> defaults() {
        return List.of(
                free(OWN),
                free("PUBLIC-DOMAIN"),
                free("CC0"),
                free("CC-PDDC"),
                free("PDDL"),
                free("Unlicense"),
                free("0BSD"),
                attributed("CC-BY"),
                attributed("CC-BY-SA"),
                attributed("CC-BY-ND"),
                attributed("ODC-By"),
                attributed("MIT"),
                attributed("Apache"),
                attributed("BSD-2-Clause"),
                attributed("BSD-3-Clause"),
                limited("CC-BY-NC", 50, 0.5),
                limited("CC-BY-NC-SA", 50, 0.5),
                limited("CC-BY-NC-ND", 50, 0.5),
                limited("PROPRIETARY", 25, 0.25),
                limited(UNKNOWN, 25, 0.25));
    }

    /** Puts rules under the ids they are looked up by; a later one replaces an earlier one. */
    static Map<String, LicenceRule> byLicence(List<LicenceRule> rules) {
        Map<String, LicenceRule> byLicence = new TreeMap<>();
        rules.forEach(rule -> byLicence.put(id(rule.licence()), rule));
        return byLicence;
    }

    static LicenceRule find(Map<String, LicenceRule> rules, String licence) {
        String id = id(licence);
        LicenceRule exact = rules.get(id);
        LicenceRule found = exact == null ? rules.get(withoutVersion(id)) : exact;
        return found == null ? Objects.requireNonNull(rules.get(UNKNOWN)) : found;
    }

    LicenceRule withMaxWords(int words) {
        return new LicenceRule(licence, allowed, attribution, OptionalInt.of(words), maxShare);
    }

    Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new HashMap<>();
        canonical.put("licence", id(licence));
        canonical.put("allowed", allowed);
        canonical.put("attribution", attribution);
        maxWords.ifPresent(words -> canonical.put("maxWords", words));
        maxShare.ifPresent(share -> canonical.put("maxShare", share));
        return canonical;
    }

    private static String id(String licence) {
        String id = licence.strip().toLowerCase(Locale.ROOT);
        int licences = id.indexOf("creativecommons.org/licenses/");
        if (licences >= 0) {
            id = "cc-" + id.substring(licences + "creativecommons.org/licenses/".length());
        } else if (id.contains("creativecommons.org/publicdomain/")) {
            id = id.contains("/zero") ? "cc0" : "public-domain";
        }
        StringBuilder hyphens = new StringBuilder(id.length());
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean between = Character.isWhitespace(c) || c == '_' || c == '/' || c == '-';
            if (!between) {
                hyphens.append(c);
            } else if (hyphens.length() > 0 && hyphens.charAt(hyphens.length() - 1) != '-') {
                hyphens.append('-');
            }
        }
        String upper = hyphens.toString().toUpperCase(Locale.ROOT);
        String plain = upper.replace("-LICENSE", "").replace("-LICENCE", "");
        return plain.endsWith("-") ? plain.substring(0, plain.length() - 1) : plain;
    }

    /** Cuts off the version and what follows it: of "CC-BY-3.0-DE" stays "CC-BY". */
    private static String withoutVersion(String id) {
        for (int at = id.indexOf('-'); at >= 0; at = id.indexOf('-', at + 1)) {
            if (at + 1 < id.length() && Character.isDigit(id.charAt(at + 1))) {
                return id.substring(0, at);
            }
        }
        return id;
    }
}
