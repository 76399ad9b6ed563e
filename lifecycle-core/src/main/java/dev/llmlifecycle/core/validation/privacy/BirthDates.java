package dev.llmlifecycle.core.validation.privacy;

import java.util.Set;

/** Dates that the words before them call dates of birth. */
final class BirthDates {

    private static final Set<String> CUES = Set.of(
            "born", "birth", "birthdate", "birthday", "dob", "geboren", "geburtsdatum", "né", "née", "nacimiento");
    private static final Set<String> MONTHS = Set.of(
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
            "jan",
            "feb",
            "mar",
            "apr",
            "jun",
            "jul",
            "aug",
            "sep",
            "sept",
            "oct",
            "nov",
            "dec");
    private static final int NEAR = 5;

    private BirthDates() {}

    static void find(Scan scan) {
        for (int t = 0; t + 2 < scan.count(); t++) {
            boolean date = (scan.hasDigit(t) || scan.hasDigit(t + 1)) && (isNumeric(scan, t) || isNamed(scan, t));
            if (date && scan.near(t, NEAR, -1, CUES)) {
                scan.found(PersonalDataType.DATE_OF_BIRTH, "date-of-birth", scan.start(t), scan.end(t + 2), 0.95);
            }
        }
    }

    private static boolean isNumeric(Scan scan, int t) {
        char divider = scan.separator(t);
        boolean divided = (divider == '/' || divider == '-' || divider == '.') && scan.separator(t + 1) == divider;
        if (!divided || !scan.isNumber(t) || !scan.isNumber(t + 1) || !scan.isNumber(t + 2)) {
            return false;
        }
        int first = scan.length(t);
        int last = scan.length(t + 2);
        return scan.length(t + 1) <= 2 && ((first <= 2 && (last == 4 || last == 2)) || (first == 4 && last <= 2));
    }

    private static boolean isNamed(Scan scan, int t) {
        boolean close = scan.start(t + 2) - scan.end(t + 1) <= 4 && scan.start(t + 1) - scan.end(t) <= 4;
        boolean year = scan.isNumber(t + 2) && scan.length(t + 2) == 4;
        boolean dayFirst = scan.hasDigit(t) && scan.length(t) <= 4 && MONTHS.contains(scan.word(t + 1));
        boolean monthFirst = MONTHS.contains(scan.word(t)) && scan.hasDigit(t + 1) && scan.length(t + 1) <= 4;
        return close && year && (dayFirst || monthFirst);
    }
}
