package dev.llmlifecycle.core.validation.privacy;

import java.util.Set;

/**
 * Telephone numbers: by the plan of numbers where libphonenumber is on the class path, by what the text says of them,
 * and by how they are written.
 */
final class PhoneNumbers {

    private static final Set<String> CUES = Set.of(
            "phone",
            "phones",
            "telephone",
            "tel",
            "mobile",
            "cell",
            "cellphone",
            "call",
            "called",
            "calling",
            "fax",
            "whatsapp",
            "sms",
            "dial",
            "hotline",
            "reach",
            "ring",
            "telefon",
            "telefonnummer",
            "handy",
            "téléphone",
            "portable",
            "móvil",
            "teléfono",
            "telefono",
            "cellulare",
            "telefone",
            "contact");
    private static final Set<String> COUNTED = Set.of(
            "order",
            "invoice",
            "ticket",
            "isbn",
            "issn",
            "version",
            "page",
            "pages",
            "account",
            "reference",
            "ref",
            "serial",
            "box",
            "article",
            "case",
            "zip",
            "postcode",
            "card",
            "license",
            "licence",
            "id");
    private static final int MOST_WORDS = 8;
    private static final int FEWEST_DIGITS = 7;
    private static final int MOST_DIGITS = 15;

    private final Scan scan;
    private final FoldedText text;
    private final PhonePlan plan;

    private PhoneNumbers(Scan scan, PhonePlan plan) {
        this.scan = scan;
        this.text = scan.text;
        this.plan = plan;
    }

    static void find(Scan scan, PhonePlan plan) {
        PhoneNumbers numbers = new PhoneNumbers(scan, plan);
        int t = 0;
        while (t < scan.count()) {
            int last = t;
            if (scan.isNumber(t)) {
                while (last + 1 < scan.count() && scan.isNumber(last + 1) && numbers.isJoined(last)) {
                    last++;
                }
                numbers.check(t, last);
            }
            t = last + 1;
        }
    }

    private boolean isJoined(int t) {
        int gap = scan.start(t + 1) - scan.end(t);
        char one = text.at(scan.end(t));
        char two = text.at(scan.end(t) + 1);
        return (gap == 1 && (one == ' ' || one == '-' || one == '.' || one == '/' || one == ')' || one == '('))
                || (gap == 2
                        && ((one == ')' && (two == ' ' || two == '-')) || ((one == ' ' || one == '-') && two == '(')))
                || (gap == 3 && one == ' ' && (two == '-' || two == '/') && text.at(scan.end(t) + 2) == ' ');
    }

    private void check(int first, int last) {
        int digits = 0;
        for (int t = first; t <= last; t++) {
            digits += scan.length(t);
            if (digits > MOST_DIGITS || t - first >= MOST_WORDS) {
                return;
            }
        }
        int start = scan.start(first);
        boolean international = false;
        for (int back = 0; back < 2; back++) {
            char before = text.at(start - 1);
            if (before == '+' || before == '(') {
                international |= before == '+';
                start--;
            }
        }
        boolean cue = scan.near(first, 5, -1, CUES);
        if (digits < FEWEST_DIGITS - (cue ? 1 : 0)) {
            return;
        }
        double confidence = confidence(first, last, start, digits, international, cue);
        if (confidence > 0) {
            scan.found(PersonalDataType.PHONE_NUMBER, "phone-number", start, extensionEnd(last), confidence);
        }
    }

    private double confidence(int first, int last, int start, int digits, boolean international, boolean cue) {
        char before = text.at(start - 1);
        char after = text.at(scan.end(last));
        boolean inside = Character.isLetterOrDigit(before)
                || ("_@#$€£=/-.".indexOf(before) >= 0 && before != 0)
                || after == '@'
                || after == '%'
                || after == '_';
        if (inside || isDate(first, last) || isDecimal(first, last)) {
            return 0;
        }
        boolean one = first == last;
        boolean told = international || cue;
        boolean written = one ? digits >= 10 && text.at(start) == '0' : isWritten(first, last);
        if (!told && (!written || scan.near(first, 3, -1, COUNTED))) {
            return 0;
        }
        PhonePlan.Fit fit = plan.fit(text.text(start, scan.end(last)));
        boolean valid = fit == PhonePlan.Fit.VALID;
        if (international) {
            return valid ? 0.97 : fit == PhonePlan.Fit.POSSIBLE ? 0.8 : cue ? 0.6 : 0;
        }
        if (cue) {
            return valid ? 0.95 : 0.8;
        }
        return one ? valid ? 0.55 : 0 : valid ? 0.85 : 0.55;
    }

    /** In groups of two to five digits, and not the number of a house before its street. */
    private boolean isWritten(int first, int last) {
        for (int t = first; t <= last; t++) {
            if (scan.length(t) > 7 || (scan.length(t) < 2 && t > first)) {
                return false;
            }
        }
        boolean named = text.at(scan.end(last)) == ' ' && scan.isLetters(last + 1) && scan.isCapitalised(last + 1);
        boolean dashed = text.at(scan.end(first)) != ' ';
        boolean sentence = scan.length(last + 1) == 1;
        return dashed || !named || sentence;
    }

    /** A date, a range of years or pages, or the form of a social security number. */
    private boolean isDate(int first, int last) {
        if (last - first == 1) {
            boolean range = text.at(scan.end(first)) == '-' && scan.length(first) == 4 && scan.length(last) == 4;
            return range || (isYear(first) && isYear(last));
        }
        if (last - first < 2) {
            return false;
        }
        int one = scan.length(first);
        int two = scan.length(first + 1);
        int three = scan.length(first + 2);
        if (one == 3 && two == 2 && three == 4) {
            return true;
        }
        boolean yearFirst = one == 4 && two == 2 && three == 2 && isYear(first) && isAtMost(first + 1, 12);
        boolean yearLast = one <= 2 && two <= 2 && three == 4 && isYear(first + 2) && isAtMost(first, 31);
        return yearFirst || (yearLast && last - first == 2);
    }

    private boolean isYear(int t) {
        return scan.length(t) == 4 && isAtMost(t, 2100) && !isAtMost(t, 1799);
    }

    private boolean isAtMost(int t, int most) {
        return Integer.parseInt(scan.word(t)) <= most;
    }

    private boolean isDecimal(int first, int last) {
        return last - first == 1 && text.at(scan.end(first)) == '.';
    }

    private int extensionEnd(int last) {
        String mark = scan.word(last + 1);
        boolean extension = mark.equals("x") || mark.equals("ext") || mark.equals("extension");
        if (extension
                && scan.isNumber(last + 2)
                && scan.length(last + 2) <= 6
                && scan.start(last + 2) - scan.end(last) <= 8) {
            return scan.end(last + 2);
        }
        boolean joined = mark.startsWith("x") && scan.hasDigit(last + 1) && scan.start(last + 1) - scan.end(last) <= 1;
        return joined && scan.length(last + 1) <= 7 ? scan.end(last + 1) : scan.end(last);
    }
}
