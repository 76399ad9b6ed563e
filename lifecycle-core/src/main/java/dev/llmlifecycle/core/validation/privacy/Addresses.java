package dev.llmlifecycle.core.validation.privacy;

import java.util.Set;

/**
 * Postal addresses: numbers and capitalised words in a row that hold a word for a street, a flat or a box, or a number
 * before or after a name where the text speaks of an address.
 */
final class Addresses {

    private static final Set<String> STREETS = Set.of(
            "street",
            "st",
            "road",
            "rd",
            "avenue",
            "ave",
            "drive",
            "dr",
            "lane",
            "ln",
            "boulevard",
            "blvd",
            "square",
            "court",
            "ct",
            "place",
            "pl",
            "terrace",
            "way",
            "close",
            "crescent",
            "highway",
            "hwy",
            "parkway",
            "circle",
            "alley",
            "row",
            "gardens",
            "grove",
            "trail",
            "plaza",
            "mews",
            "rue",
            "calle",
            "avenida",
            "via",
            "viale",
            "piazza",
            "corso",
            "strada",
            "vicolo",
            "rua",
            "ulica",
            "ul",
            "straße",
            "strasse",
            "str",
            "weg",
            "platz",
            "gasse",
            "allee",
            "straat",
            "laan",
            "utca",
            "út",
            "tér",
            "vej",
            "gade",
            "väg",
            "gatan",
            "vei",
            "gata",
            "carrer",
            "chemin",
            "impasse",
            "bulevar",
            "náměstí",
            "ulice",
            "u");
    /** Suffixes of streets after the Postal Service's Publication 28, appendix C1, that are also plain words. */
    private static final Set<String> PLAIN_STREETS = Set.of(
            "annex",
            "arcade",
            "bayou",
            "beach",
            "bend",
            "bluff",
            "bottom",
            "branch",
            "bridge",
            "brook",
            "bypass",
            "camp",
            "canyon",
            "causeway",
            "center",
            "cliff",
            "club",
            "common",
            "corner",
            "course",
            "cove",
            "coves",
            "creek",
            "crossing",
            "crossroad",
            "curve",
            "dale",
            "dam",
            "divide",
            "drives",
            "estate",
            "estates",
            "expressway",
            "extension",
            "extensions",
            "falls",
            "ferry",
            "field",
            "fields",
            "flats",
            "ford",
            "forest",
            "forge",
            "fork",
            "fort",
            "freeway",
            "garden",
            "gateway",
            "glen",
            "green",
            "harbor",
            "haven",
            "heights",
            "hill",
            "hills",
            "hollow",
            "inlet",
            "island",
            "isle",
            "junction",
            "key",
            "knoll",
            "lake",
            "lakes",
            "landing",
            "light",
            "loaf",
            "lock",
            "lodge",
            "loop",
            "mall",
            "manor",
            "meadow",
            "meadows",
            "mill",
            "mission",
            "motorway",
            "mount",
            "mountain",
            "neck",
            "orchard",
            "oval",
            "overpass",
            "park",
            "parks",
            "pass",
            "passage",
            "path",
            "pike",
            "pine",
            "plain",
            "point",
            "port",
            "prairie",
            "radial",
            "ramp",
            "ranch",
            "rapid",
            "rest",
            "ridge",
            "river",
            "roads",
            "route",
            "run",
            "shoal",
            "shore",
            "spring",
            "springs",
            "spur",
            "squares",
            "station",
            "stream",
            "streets",
            "summit",
            "throughway",
            "trace",
            "track",
            "tunnel",
            "turnpike",
            "underpass",
            "union",
            "unions",
            "valley",
            "viaduct",
            "view",
            "village",
            "ville",
            "vista",
            "walk",
            "wall",
            "ways",
            "well",
            "wells");

    private static final Set<String> UNITS =
            Set.of("apt", "apartment", "suite", "unit", "flat", "floor", "box", "postbox", "psc");
    private static final Set<String> CUES = Set.of(
            "address",
            "addresses",
            "live",
            "lives",
            "lived",
            "located",
            "street",
            "sent",
            "send",
            "ship",
            "deliver",
            "corner",
            "meet",
            "meeting",
            "moved",
            "enter",
            "restaurant",
            "office",
            "off",
            "arrived",
            "drops");
    private static final Set<String> PARTICLES = Set.of(
            "de", "la", "du", "des", "del", "di", "da", "do", "van", "von", "der", "den", "of", "the", "str", "st", "u",
            "ul", "apt", "av", "no", "og");
    private static final Set<String> ABBREVIATIONS = Set.of(
            "st", "str", "apt", "ave", "rd", "dr", "blvd", "no", "u", "ul", "av", "ln", "ct", "pl", "hwy", "p", "o");
    private static final String[] ENDINGS = {
        "straße",
        "strasse",
        "gatan",
        "vägen",
        "vej",
        "katu",
        "veien",
        "gata",
        "gade",
        "gasse",
        "laan",
        "straat",
        "allee",
        "utca",
        "weg",
        "vegen",
        "stræti",
        "tänav",
        "hofstede",
        "singel",
        "plein",
        "tie",
        "vangen",
        "lei",
        "damm"
    };
    private static final Set<String> POSTCODES = Set.of("zip", "postcode", "postal", "plz");
    private static final int MOST_WORDS = 18;

    private final Scan scan;

    private Addresses(Scan scan) {
        this.scan = scan;
    }

    static void find(Scan scan) {
        Addresses addresses = new Addresses(scan);
        int t = 0;
        while (t < scan.count()) {
            t = addresses.begins(t) ? addresses.run(t) : t + 1;
        }
    }

    private boolean begins(int t) {
        if (scan.isNumber(t)) {
            return scan.length(t) <= 6;
        }
        if (!scan.isCapitalised(t)) {
            return scan.hasDigit(t + 1) && UNITS.contains(scan.word(t));
        }
        String word = scan.word(t);
        return UNITS.contains(word)
                || (scan.separator(t) == ' ' && (scan.isNumber(t + 1) || isAnyStreet(t + 1)))
                || (isStreet(word) && !word.equals("dr") && !word.equals("close"));
    }

    private boolean isAnyStreet(int t) {
        return scan.isCapitalised(t) && (isStreet(scan.word(t)) || PLAIN_STREETS.contains(scan.word(t)));
    }

    /** Reads one run and returns the word after it. */
    private int run(int from) {
        int end = from + 1;
        while (end < scan.count() && end - from < MOST_WORDS && continues(end - 1, end)) {
            end++;
        }
        while (end > from + 1
                && scan.isLetters(end - 1)
                && !scan.isCapitalised(end - 1)
                && !isStreet(scan.word(end - 1))) {
            end--;
        }
        int numbers = 0;
        int names = 0;
        boolean street = false;
        boolean plainStreet = false;
        boolean unit = false;
        for (int t = from; t < end; t++) {
            String word = scan.word(t);
            numbers += scan.hasDigit(t) && scan.length(t) <= 6 ? 1 : 0;
            unit |= UNITS.contains(word) && scan.hasDigit(t + 1);
            street |= isStreet(word) && end - from > 1;
            plainStreet |= isAnyStreet(t);
            names += scan.isLetters(t) && scan.isCapitalised(t) && scan.length(t) > 2 ? 1 : 0;
        }
        boolean cue = scan.near(from, 5, -1, CUES);
        double confidence = confidence(numbers, names, street, unit, cue);
        if (confidence == 0 && cue && plainStreet && names > 1) {
            confidence = 0.72;
        }
        if (confidence > 0) {
            scan.found(PersonalDataType.ADDRESS, "address", scan.start(from), scan.end(end - 1), confidence);
            return end;
        }
        if (scan.isNumber(from) && scan.near(from, 3, -1, POSTCODES)) {
            scan.found(PersonalDataType.ADDRESS, "postcode", scan.start(from), scan.end(from), 0.6);
        }
        return from + 1;
    }

    private static double confidence(int numbers, int names, boolean street, boolean unit, boolean cue) {
        if (unit && (names > 0 || numbers > 0)) {
            return 0.86;
        }
        if (street && numbers > 0 && names > 0) {
            return 0.86;
        }
        if (numbers > 1 && names > 0 && cue) {
            return 0.82;
        }
        return numbers > 0 && names > 0 && cue ? 0.72 : 0;
    }

    private boolean continues(int t, int next) {
        int gap = scan.start(next) - scan.end(t);
        if (gap > 5) {
            return false;
        }
        int lines = 0;
        for (int i = scan.end(t); i < scan.start(next); i++) {
            char c = scan.text.at(i);
            if (c == '.' && !ABBREVIATIONS.contains(scan.word(t)) && !(scan.length(t) == 1 && scan.isLetters(t))) {
                return false;
            }
            if (" ,\n\r.#->".indexOf(c) < 0) {
                return false;
            }
            lines += c == '\n' ? 1 : 0;
        }
        boolean small = PARTICLES.contains(scan.word(next)) || isStreet(scan.word(next));
        boolean number = scan.hasDigit(next) && scan.length(next) <= 6;
        return lines < 3 && (number || (scan.isLetters(next) && (scan.isCapitalised(next) || small || !hasCase(next))));
    }

    private boolean hasCase(int t) {
        char c = scan.text.at(scan.start(t));
        return Character.isUpperCase(c) || Character.isLowerCase(c);
    }

    private static boolean isStreet(String word) {
        if (STREETS.contains(word)) {
            return true;
        }
        if (word.length() < 7) {
            return false;
        }
        for (String ending : ENDINGS) {
            if (word.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }
}
