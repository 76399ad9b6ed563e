package dev.llmlifecycle.core.validation.privacy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Numbers that states give to people, with the check digits that their offices publish. A number that chance produces
 * often, as one with a single check digit, counts only near a word that speaks of it.
 */
final class NationalIds {

    private static final String SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";
    private static final String FINNISH = "0123456789ABCDEFHJKLMNPRSTUVWXY";
    private static final String ITALIAN_MONTHS = "ABCDEHLMPRST";
    private static final int[] ITALIAN_ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };
    private static final String CURP = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ";

    private static final Map<Integer, List<Scheme>> BY_LENGTH = index(List.of(
            alone("us-ssn", 9, NationalIds::isFormattedSsn),
            cued("us-ssn", 9, "ssn social security", NationalIds::isSsn),
            cued(
                    "us-itin",
                    9,
                    "itin taxpayer tax",
                    g -> g.isDigits() && g.text().charAt(0) == '9' && g.digit(3) >= 5),
            alone("uk-nino", 9, NationalIds::isNino),
            cued("uk-nhs", 10, "nhs patient health", g -> g.isDigits() && isNhs(g.text())),
            cued(
                    "de-tax",
                    11,
                    "steuer steuerid idnr tin tax identifikationsnummer steuernummer",
                    NationalIds::isGermanTax),
            alone("fr-nir", 15, NationalIds::isNir),
            alone(
                    "es-dni",
                    9,
                    g -> g.digits(0, 8)
                            && g.isLetter(8)
                            && spanish(g.text().substring(0, 8), g.text().charAt(8))),
            alone("es-nie", 9, NationalIds::isNie),
            alone("it-codice-fiscale", 16, NationalIds::isCodiceFiscale),
            cued("nl-bsn", 9, "bsn burgerservicenummer sofinummer sofi", NationalIds::isBsn),
            cued("pl-pesel", 11, "pesel", NationalIds::isPesel),
            alone("be-national", 11, g -> !g.isOneWord() && isBelgian(g)),
            cued("be-national", 11, "rijksregisternummer rrn national registre", NationalIds::isBelgian),
            cued("se-personal", 10, "personnummer personal identity", NationalIds::isSwedish),
            cued("se-personal", 12, "personnummer personal identity", NationalIds::isSwedish),
            alone("fi-hetu", 10, NationalIds::isFinnish),
            cued("dk-cpr", 10, "cpr personnummer", g -> g.isDigits() && isDate(g, 0, 2)),
            cued("no-birth", 11, "fødselsnummer personnummer fnr national", NationalIds::isNorwegian),
            alone("ch-ahv", 13, g -> g.isDigits() && g.text().startsWith("756") && isEan(g.text())),
            cued("at-svnr", 10, "svnr sozialversicherung sozialversicherungsnummer", NationalIds::isAustrian),
            cued("pt-nif", 9, "nif contribuinte fiscal", NationalIds::isNif),
            cued("ie-pps", 8, "pps ppsn", NationalIds::isPps),
            cued("ie-pps", 9, "pps ppsn", NationalIds::isPps),
            alone("br-cpf", 11, g -> g.shape().equals("3-3-3-2") && isCpf(g)),
            cued("br-cpf", 11, "cpf", NationalIds::isCpf),
            cued("in-aadhaar", 12, "aadhaar aadhar uidai uid", NationalIds::isAadhaar),
            alone("in-pan", 10, NationalIds::isPan),
            cued("ca-sin", 9, "sin social insurance", g -> g.isDigits() && Checksums.luhn(g.text())),
            cued(
                    "au-tfn",
                    9,
                    "tfn tax file",
                    g -> g.isDigits() && Checksums.weighted(g.text(), 1, 4, 3, 7, 5, 8, 6, 9, 10) % 11 == 0),
            cued("au-medicare", 10, "medicare", NationalIds::isMedicare),
            cued("za-id", 13, "id identity", g -> g.isDigits() && isDate(g, 4, 2) && Checksums.luhn(g.text())),
            alone("cn-resident", 18, NationalIds::isChinese),
            cued("kr-rrn", 13, "rrn resident registration 주민등록번호", NationalIds::isKorean),
            alone("sg-nric", 9, NationalIds::isNric),
            cued("tr-id", 11, "kimlik tckn tc", NationalIds::isTurkish),
            alone("mx-curp", 18, NationalIds::isCurp),
            cued("us-passport", 9, "passport", g -> g.isOneWord() && g.digits(1, 9)),
            cued("driver-license", 6, 14, "license licence", g -> hasDigits(g, 5))));

    private NationalIds() {}

    static void find(Scan scan, Group group) {
        for (Scheme scheme : BY_LENGTH.getOrDefault(group.text().length(), List.of())) {
            boolean cued = !scheme.cues.isEmpty();
            if ((cued && !scan.near(group.first(), 6, 0, scheme.cues)) || !scheme.valid.test(group)) {
                continue;
            }
            scan.found(
                    PersonalDataType.NATIONAL_ID,
                    scheme.name,
                    scan.start(group.first()),
                    scan.end(group.last()),
                    scheme.shortest < scheme.longest ? 0.7 : cued ? 0.95 : 0.92);
        }
    }

    private static Scheme alone(String name, int length, Predicate<Group> valid) {
        return new Scheme(name, length, length, Set.of(), valid);
    }

    private static Scheme cued(String name, int length, String cues, Predicate<Group> valid) {
        return cued(name, length, length, cues, valid);
    }

    private static Scheme cued(String name, int shortest, int longest, String cues, Predicate<Group> valid) {
        return new Scheme(name, shortest, longest, Set.of(cues.split(" ", -1)), valid);
    }

    private static Map<Integer, List<Scheme>> index(List<Scheme> schemes) {
        Map<Integer, List<Scheme>> index = new HashMap<>();
        for (Scheme scheme : schemes) {
            for (int length = scheme.shortest; length <= scheme.longest; length++) {
                index.computeIfAbsent(length, each -> new ArrayList<>()).add(scheme);
            }
        }
        return Map.copyOf(index);
    }

    private static boolean isFormattedSsn(Group g) {
        return g.shape().equals("3-2-4") && isSsn(g);
    }

    private static boolean isSsn(Group g) {
        if (!g.isDigits()) {
            return false;
        }
        int area = g.number(0, 3);
        return area != 0 && area != 666 && area < 900 && g.number(3, 5) != 0 && g.number(5, 9) != 0;
    }

    private static boolean isNino(Group g) {
        String prefix = g.text().substring(0, 2);
        return g.letters(0, 2)
                && g.digits(2, 8)
                && g.text().charAt(8) >= 'A'
                && g.text().charAt(8) <= 'D'
                && "DFIQUV".indexOf(prefix.charAt(0)) < 0
                && "DFIQUVO".indexOf(prefix.charAt(1)) < 0
                && !Set.of("BG", "GB", "NK", "KN", "TN", "NT", "ZZ").contains(prefix);
    }

    private static boolean isNhs(String digits) {
        int check = 11 - Checksums.weighted(digits, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        return check % 11 == digits.charAt(9) - '0' && check != 10;
    }

    private static boolean isGermanTax(Group g) {
        return g.isDigits() && g.digit(0) != 0 && Checksums.mod11And10(g.text());
    }

    /** Corsica writes 2A and 2B for its departments, which count as 19 and 18. */
    private static boolean isNir(Group g) {
        String number = g.text().replace("2A", "19").replace("2B", "18");
        Group plain = new Group(number, g.shape(), g.first(), g.last());
        if (!plain.isDigits() || plain.digit(0) < 1 || plain.digit(0) > 2) {
            return false;
        }
        return 97 - Checksums.mod97(number.substring(0, 13)) == plain.number(13, 15);
    }

    private static boolean spanish(String digits, char letter) {
        return SPANISH.charAt(Integer.parseInt(digits) % 23) == letter;
    }

    private static boolean isNie(Group g) {
        int first = "XYZ".indexOf(g.text().charAt(0));
        return first >= 0
                && g.digits(1, 8)
                && g.isLetter(8)
                && spanish(first + g.text().substring(1, 8), g.text().charAt(8));
    }

    private static boolean isCodiceFiscale(Group g) {
        String text = g.text();
        if (!g.letters(0, 6) || ITALIAN_MONTHS.indexOf(text.charAt(8)) < 0 || !g.isLetter(11) || !g.isLetter(15)) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            int value = g.isLetter(i) ? text.charAt(i) - 'A' : g.digit(i);
            sum += i % 2 == 0 ? ITALIAN_ODD[value] : value;
        }
        return sum % 26 == text.charAt(15) - 'A';
    }

    private static boolean isBsn(Group g) {
        return g.isDigits() && (Checksums.weighted(g.text(), 9, 8, 7, 6, 5, 4, 3, 2) - g.digit(8)) % 11 == 0;
    }

    private static boolean isPesel(Group g) {
        return g.isDigits() && Checksums.weighted(g.text(), 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0;
    }

    private static boolean isBelgian(Group g) {
        if (!g.isDigits() || g.number(2, 4) > 12) {
            return false;
        }
        int check = g.number(9, 11);
        long number = Long.parseLong(g.text().substring(0, 9));
        return 97 - number % 97 == check || 97 - (2_000_000_000L + number) % 97 == check;
    }

    private static boolean isSwedish(Group g) {
        if (!g.isDigits()) {
            return false;
        }
        String last = g.text().substring(g.text().length() - 10);
        return isDate(new Group(last, g.shape(), g.first(), g.last()), 4, 2) && Checksums.luhn(last);
    }

    /** Day and month are in range; the day stands at one place and the month at another. */
    private static boolean isDate(Group g, int day, int month) {
        int d = g.number(day, day + 2);
        int m = g.number(month, month + 2);
        return d >= 1 && d <= 31 && m >= 1 && m <= 12;
    }

    /** Six digits, a sign for the century that is a divider or a letter, three digits, a check character. */
    private static boolean isFinnish(Group g) {
        return g.shape().equals("6-4")
                && g.digits(0, 9)
                && isDate(g, 0, 2)
                && FINNISH.charAt((g.number(0, 6) * 1000 + g.number(6, 9)) % 31)
                        == g.text().charAt(9);
    }

    private static boolean isNorwegian(Group g) {
        return g.isDigits()
                && Checksums.weighted(g.text(), 3, 7, 6, 1, 8, 9, 4, 5, 2, 1) % 11 == 0
                && Checksums.weighted(g.text(), 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
    }

    private static boolean isEan(String digits) {
        return Checksums.weighted(digits, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1) % 10 == 0;
    }

    private static boolean isAustrian(Group g) {
        return g.isDigits() && Checksums.weighted(g.text(), 3, 7, 9, 0, 5, 8, 4, 2, 1, 6) % 11 == g.digit(3);
    }

    private static boolean isNif(Group g) {
        if (!g.isDigits()) {
            return false;
        }
        int rest = Checksums.weighted(g.text(), 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        return (rest < 2 ? 0 : 11 - rest) == g.digit(8);
    }

    private static boolean isPps(Group g) {
        if (!g.digits(0, 7) || !g.letters(7, g.text().length())) {
            return false;
        }
        int more = g.text().length() == 9 ? (g.text().charAt(8) - 'A' + 1) * 9 : 0;
        int rest = (Checksums.weighted(g.text(), 8, 7, 6, 5, 4, 3, 2) + more) % 23;
        return "WABCDEFGHIJKLMNOPQRSTUV".charAt(rest) == g.text().charAt(7);
    }

    private static boolean isCpf(Group g) {
        if (!g.isDigits() || g.text().chars().distinct().count() == 1) {
            return false;
        }
        int first = Checksums.weighted(g.text(), 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
        int second = Checksums.weighted(g.text(), 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
        return first == g.digit(9) && second == g.digit(10);
    }

    private static boolean isAadhaar(Group g) {
        return g.isDigits() && g.digit(0) > 1 && Checksums.verhoeff(g.text());
    }

    private static boolean isPan(Group g) {
        return g.isOneWord()
                && g.letters(0, 5)
                && g.digits(5, 9)
                && g.isLetter(9)
                && "ABCFGHJLPT".indexOf(g.text().charAt(3)) >= 0;
    }

    private static boolean isMedicare(Group g) {
        return g.isDigits()
                && g.digit(0) >= 2
                && g.digit(0) <= 6
                && Checksums.weighted(g.text(), 1, 3, 7, 9, 1, 3, 7, 9) % 10 == g.digit(8);
    }

    private static boolean isChinese(Group g) {
        if (!g.digits(0, 17) || (!g.isDigit(17) && g.text().charAt(17) != 'X') || g.number(10, 12) > 12) {
            return false;
        }
        int sum = Checksums.weighted(g.text(), 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2);
        return "10X98765432".charAt(sum % 11) == g.text().charAt(17);
    }

    private static boolean isKorean(Group g) {
        return g.isDigits()
                && isDate(g, 4, 2)
                && (11 - Checksums.weighted(g.text(), 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5) % 11) % 10 == g.digit(12);
    }

    private static boolean isNric(Group g) {
        char first = g.text().charAt(0);
        if ("STFG".indexOf(first) < 0 || !g.digits(1, 8) || !g.isLetter(8)) {
            return false;
        }
        int sum =
                Checksums.weighted(g.text().substring(1), 2, 7, 6, 5, 4, 3, 2) + (first == 'T' || first == 'G' ? 4 : 0);
        String letters = first == 'S' || first == 'T' ? "JZIHGFEDCBA" : "XWUTRQPNMLK";
        return letters.charAt(sum % 11) == g.text().charAt(8);
    }

    private static boolean isTurkish(Group g) {
        if (!g.isDigits() || g.digit(0) == 0) {
            return false;
        }
        int odd = Checksums.weighted(g.text(), 1, 0, 1, 0, 1, 0, 1, 0, 1);
        int even = Checksums.weighted(g.text(), 0, 1, 0, 1, 0, 1, 0, 1);
        return Math.floorMod(odd * 7 - even, 10) == g.digit(9) && (odd + even + g.digit(9)) % 10 == g.digit(10);
    }

    private static boolean isCurp(Group g) {
        if (!g.letters(0, 4) || !g.digits(4, 10) || !g.letters(10, 16) || !g.isDigit(17)) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 17; i++) {
            sum += CURP.indexOf(g.text().charAt(i)) * (18 - i);
        }
        return (10 - sum % 10) % 10 == g.digit(17);
    }

    private static boolean hasDigits(Group g, int least) {
        return g.text().chars().filter(Character::isDigit).count() >= least
                && g.shape().length() <= 9;
    }

    private record Scheme(String name, int shortest, int longest, Set<String> cues, Predicate<Group> valid) {}
}
