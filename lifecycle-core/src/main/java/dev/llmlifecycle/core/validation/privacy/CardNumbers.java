package dev.llmlifecycle.core.validation.privacy;

import java.util.List;
import java.util.Set;

/**
 * Numbers of payment cards: the ranges and lengths that the schemes publish (issuer identification numbers after
 * ISO/IEC 7812), with their check digit.
 */
final class CardNumbers {

    private static final Set<String> CUES = Set.of(
            "card",
            "cards",
            "credit",
            "debit",
            "visa",
            "mastercard",
            "maestro",
            "amex",
            "discover",
            "diners",
            "jcb",
            "cc",
            "pan",
            "karte",
            "kreditkarte",
            "carte",
            "tarjeta",
            "carta",
            "cartão");
    private static final List<Range> RANGES = List.of(
            new Range("visa", 4, 4, 13, 13),
            new Range("visa", 4, 4, 16, 16),
            new Range("visa", 4, 4, 19, 19),
            new Range("mastercard", 51, 55, 16, 16),
            new Range("mastercard", 2221, 2720, 16, 16),
            new Range("amex", 34, 34, 15, 15),
            new Range("amex", 37, 37, 15, 15),
            new Range("diners", 300, 305, 14, 19),
            new Range("diners", 309, 309, 14, 19),
            new Range("diners", 36, 36, 14, 19),
            new Range("diners", 38, 39, 14, 19),
            new Range("discover", 6011, 6011, 16, 19),
            new Range("discover", 644, 649, 16, 19),
            new Range("discover", 65, 65, 16, 19),
            new Range("jcb", 3528, 3589, 16, 19),
            new Range("jcb", 1800, 1800, 15, 15),
            new Range("jcb", 2131, 2131, 15, 15),
            new Range("unionpay", 62, 62, 16, 19),
            new Range("unionpay", 81, 81, 16, 19),
            new Range("mir", 2200, 2204, 16, 19),
            new Range("troy", 9792, 9792, 16, 16),
            new Range("maestro", 50, 50, 12, 19),
            new Range("maestro", 56, 58, 12, 19),
            new Range("maestro", 60, 60, 12, 19),
            new Range("maestro", 61, 61, 12, 19),
            new Range("maestro", 63, 63, 12, 19),
            new Range("maestro", 66, 69, 12, 19));

    private CardNumbers() {}

    static void find(Scan scan, Group group) {
        String digits = group.text();
        boolean fits = digits.length() >= 12 && digits.length() <= 19 && group.isDigits();
        if (!fits || !isWritten(group) || !Checksums.luhn(digits)) {
            return;
        }
        boolean cue = scan.near(group.first(), 6, 0, CUES) || scan.near(group.last(), 0, 4, CUES);
        for (Range range : RANGES) {
            if (range.holds(digits)) {
                boolean usual = digits.length() >= 15 || !range.scheme.equals("maestro");
                double confidence = cue ? 0.98 : usual ? 0.9 : 0.45;
                scan.found(
                        PersonalDataType.PAYMENT_CARD,
                        range.scheme,
                        scan.start(group.first()),
                        scan.end(group.last()),
                        confidence);
                return;
            }
        }
        if (cue) {
            scan.found(
                    PersonalDataType.PAYMENT_CARD,
                    "payment-card",
                    scan.start(group.first()),
                    scan.end(group.last()),
                    0.8);
        }
    }

    /** In one piece, in fours, or as American Express and Diners print it. */
    private static boolean isWritten(Group group) {
        return group.isOneWord()
                || group.shape().startsWith("4-4-4")
                || group.shape().equals("4-6-5")
                || group.shape().equals("4-6-4");
    }

    private record Range(String scheme, int low, int high, int shortest, int longest) {

        boolean holds(String digits) {
            int length = Integer.toString(low).length();
            int prefix = Integer.parseInt(digits.substring(0, length));
            return prefix >= low && prefix <= high && digits.length() >= shortest && digits.length() <= longest;
        }
    }
}
