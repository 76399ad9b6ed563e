package dev.llmlifecycle.core.validation.privacy;

import java.util.Set;

/**
 * Names of people, places and organisations: runs of capitalised words, told apart by lists of known names, by what
 * stands beside them (a title, "my name is", "lives in", "Ltd"), and by the endings of surnames.
 */
final class Names {

    private static final Set<String> TITLES = Set.of(
            "mr",
            "mrs",
            "ms",
            "miss",
            "dr",
            "prof",
            "professor",
            "sir",
            "madam",
            "mister",
            "herr",
            "frau",
            "mme",
            "monsieur",
            "madame",
            "señor",
            "señora",
            "sr",
            "sra",
            "signor",
            "signora",
            "uncle",
            "aunt",
            "captain",
            "judge",
            "senator",
            "doctor");
    private static final Set<String> FORMS = Set.of(
            "inc",
            "llc",
            "ltd",
            "limited",
            "corp",
            "corporation",
            "gmbh",
            "plc",
            "ag",
            "co",
            "oy",
            "ab",
            "kg",
            "bv",
            "nv",
            "srl",
            "spa",
            "pty",
            "llp",
            "sarl",
            "incorporated",
            "aps",
            "asa");
    private static final Set<String> INSTITUTIONS = Set.of(
            "group",
            "bank",
            "university",
            "company",
            "holdings",
            "partners",
            "associates",
            "institute",
            "foundation",
            "association",
            "hospital",
            "school",
            "college",
            "solutions",
            "systems",
            "technologies",
            "industries",
            "insurance",
            "investments",
            "markets",
            "society",
            "ministry",
            "department",
            "agency",
            "council",
            "committee",
            "club",
            "labs",
            "laboratories",
            "services",
            "capital",
            "ventures",
            "airlines",
            "motors",
            "energy",
            "media",
            "software",
            "consulting",
            "enterprises",
            "international",
            "financial",
            "orchestra");
    private static final Set<String> BUSINESS = Set.of(
            "company",
            "agency",
            "firm",
            "bank",
            "organization",
            "organisation",
            "corporation",
            "provider",
            "startup",
            "501",
            "nonprofit",
            "manufacturer",
            "retailer");
    private static final Set<String> PLACE_BEFORE = Set.of(
            "in",
            "from",
            "near",
            "to",
            "southern",
            "northern",
            "eastern",
            "western",
            "central",
            "at",
            "outside",
            "leaving",
            "visited",
            "visit",
            "visiting",
            "toward",
            "towards",
            "across",
            "throughout",
            "around",
            "within");
    private static final Set<String> WORK_BEFORE = Set.of("for", "at", "with", "joined", "by", "from", "called");
    private static final Set<String> WORK = Set.of(
            "work",
            "works",
            "worked",
            "working",
            "employed",
            "job",
            "hired",
            "employee",
            "employer",
            "company",
            "joined",
            "support",
            "recorded",
            "intern",
            "interned",
            "ceo",
            "founder",
            "client");
    private static final Set<String> PERSON_BEFORE = Set.of(
            "name",
            "named",
            "hi",
            "hello",
            "dear",
            "hey",
            "regards",
            "sincerely",
            "am",
            "m",
            "called",
            "said",
            "says",
            "thanks",
            "bye",
            "signed",
            "attn",
            "mother",
            "father",
            "brother",
            "sister",
            "wife",
            "husband",
            "son",
            "daughter",
            "friend",
            "colleague",
            "boss",
            "ask",
            "tell",
            "met",
            "him",
            "her");
    private static final Set<String> PERSON_AFTER = Set.of(
            "said", "says", "lives", "lived", "shouted", "asked", "told", "replied", "wrote", "likes", "loves",
            "thinks", "wants", "listed");
    private static final Set<String> NAMED = Set.of("name", "names", "named", "account", "guardian");
    private static final Set<String> UNITS = Set.of("apt", "suite", "unit", "flat", "box", "floor");
    private static final Set<String> PARTICLES = Set.of(
            "de", "van", "von", "der", "den", "da", "di", "del", "bin", "al", "el", "la", "dos", "du", "le", "ter",
            "y");
    private static final Set<String> STREETS = Set.of(
            "street",
            "st",
            "road",
            "rd",
            "avenue",
            "ave",
            "drive",
            "lane",
            "boulevard",
            "blvd",
            "square",
            "court",
            "place",
            "apt",
            "suite",
            "box");
    private static final Set<String> WORDS = CommonWords.all();
    private static final int LONGEST_RUN = 5;

    /** A capital and nothing else that speaks for a name: below the default of what is reported. */
    private static final double WEAK = 0.4;

    /** Below one capital in fifty words a text is taken to be written without capitals. */
    private static final int FEW = 50;

    private static final Set<String> TRAVEL = Set.of(
            "in", "from", "near", "to", "southern", "northern", "eastern", "western", "central", "visited", "visiting");

    private final Scan scan;
    private final KnownNames names;

    private Names(Scan scan, KnownNames names) {
        this.scan = scan;
        this.names = names;
    }

    static void find(Scan scan, KnownNames names) {
        Names finder = new Names(scan, names);
        int capitals = 0;
        for (int t = 0; t < scan.count(); t++) {
            capitals += scan.isCapitalised(t) ? 1 : 0;
        }
        boolean small = capitals * FEW <= scan.count();
        int t = 0;
        while (t < scan.count()) {
            t = scan.isCapitalised(t) ? finder.capitalised(t) : finder.small(t, small);
        }
    }

    /** Reads a run of capitalised words and returns the word after it. */
    private int capitalised(int from) {
        int end = from + 1;
        while (end < scan.count() && end - from < LONGEST_RUN && follows(end - 1, end)) {
            end++;
        }
        while (end > from + 1 && !scan.isCapitalised(end - 1)) {
            end--;
        }
        int first = from;
        boolean place = end - from > 1 && names.isPlace(words(from, end - 1));
        while (first < end && isWord(first) && !place) {
            first++;
        }
        int last = end - 1;
        while (last >= first && WORDS.contains(scan.word(last)) && !INSTITUTIONS.contains(scan.word(last))) {
            last--;
        }
        if (first <= last && scan.isLetters(first)) {
            judge(first, last, first == from && startsSentence(from));
        }
        return end;
    }

    /** A word that begins many sentences, or a title. */
    private boolean isWord(int t) {
        String word = scan.word(t);
        return WORDS.contains(word) || TITLES.contains(word);
    }

    private boolean follows(int t, int next) {
        if (!scan.isLetters(next) || UNITS.contains(scan.word(next))) {
            return false;
        }
        int gap = scan.start(next) - scan.end(t);
        char one = scan.text.at(scan.end(t));
        boolean initial = gap == 2 && one == '.' && scan.length(t) == 1;
        boolean near = (gap == 1 && (one == ' ' || one == '-')) || initial;
        boolean particle = PARTICLES.contains(scan.word(next)) && scan.isCapitalised(next + 1);
        return near && (scan.isCapitalised(next) || particle);
    }

    private boolean startsSentence(int t) {
        int i = scan.start(t) - 1;
        while (i >= 0 && " \t\"'(*>-".indexOf(scan.text.at(i)) >= 0 && scan.start(t) - i < 8) {
            i--;
        }
        return i < 0 || ".!?\n:\r".indexOf(scan.text.at(i)) >= 0;
    }

    private void judge(int first, int last, boolean startsSentence) {
        String before = scan.word(first - 1);
        String after = scan.word(last + 1);
        String head = scan.word(first);
        boolean titled = TITLES.contains(before) && scan.start(first) - scan.end(first - 1) <= 3;
        if (FORMS.contains(scan.word(last)) && last > first) {
            found(PersonalDataType.ORGANISATION, first, last, 0.85);
        } else if (FORMS.contains(after) && scan.isCapitalised(last + 1) && gapAfter(last) <= 2) {
            found(PersonalDataType.ORGANISATION, first, last + 1, 0.85);
        } else if (INSTITUTIONS.contains(scan.word(last)) && last > first && !titled) {
            found(PersonalDataType.ORGANISATION, first, last, 0.7);
        } else if (isPartnership(first, last)) {
            found(PersonalDataType.ORGANISATION, first, partnershipEnd(first, last), 0.75);
        } else if (titled) {
            found(PersonalDataType.PERSON, first, last, 0.9);
        } else if (STREETS.contains(after) && scan.start(last + 1) - scan.end(last) == 1) {
            return;
        } else if (names.isPlace(words(first, last)) && !startsDialogue(last)) {
            boolean person = names.isGiven(head) && !PLACE_BEFORE.contains(before);
            found(person ? PersonalDataType.PERSON : PersonalDataType.LOCATION, first, last, 0.8);
        } else if (last > first) {
            several(first, last, before, after);
        } else {
            one(first, before, after, startsSentence);
        }
    }

    private void several(int first, int last, String before, String after) {
        boolean given = names.isGiven(scan.word(first));
        boolean surname = names.isSurname(scan.word(last)) || hasNameEnding(scan.word(last));
        boolean initial = last - first >= 2
                && scan.length(first + 1) == 1
                && !scan.word(first + 1).equals("a");
        if ((given && surname) || initial) {
            found(PersonalDataType.PERSON, first, last, 0.9);
        } else if (isBusiness(last) || (WORK_BEFORE.contains(before) && scan.near(first, 4, -1, WORK))) {
            found(PersonalDataType.ORGANISATION, first, last, 0.65);
        } else if (scan.near(first, 8, -1, NAMED)) {
            found(PersonalDataType.PERSON, first, last, 0.7);
        } else if (given || surname) {
            boolean place = PLACE_BEFORE.contains(before) && !given;
            found(place ? PersonalDataType.LOCATION : PersonalDataType.PERSON, first, last, place ? 0.55 : 0.7);
        } else if (isPlaceBefore(before)) {
            found(PersonalDataType.LOCATION, first, last, TRAVEL.contains(before) ? 0.55 : WEAK);
        } else if (PERSON_BEFORE.contains(before) || isPersonAfter(last, after)) {
            found(PersonalDataType.PERSON, first, last, 0.6);
        } else {
            found(PersonalDataType.PERSON, first, last, WEAK);
        }
    }

    private void one(int t, String before, String after, boolean startsSentence) {
        String word = scan.word(t);
        boolean plain = names.isPlain(word) || scan.length(t) < 2;
        boolean given = names.isGiven(word) && !plain;
        if (isBusiness(t)) {
            found(PersonalDataType.ORGANISATION, t, t, 0.6);
        } else if (WORK_BEFORE.contains(before) && scan.near(t, 4, -1, WORK) && !given && !plain) {
            found(PersonalDataType.ORGANISATION, t, t, 0.6);
        } else if (given) {
            found(PersonalDataType.PERSON, t, t, isPlaceBefore(before) && !before.equals("to") ? 0.55 : 0.75);
        } else if (isPlaceBefore(before) && !plain) {
            found(PersonalDataType.LOCATION, t, t, isWritten(t) && TRAVEL.contains(before) ? 0.55 : WEAK);
        } else if (!scan.isAllCapital(t) && !plain && (names.isSurname(word) || hasNameEnding(word))) {
            found(PersonalDataType.PERSON, t, t, startsSentence ? 0.5 : 0.55);
        } else if (!plain && startsSentence && (isPersonAfter(t, after) || isListed(t))) {
            found(PersonalDataType.PERSON, t, t, 0.55);
        } else if (!scan.isAllCapital(t) && !startsSentence && !plain) {
            boolean person = PERSON_BEFORE.contains(before) || isPersonAfter(t, after) || isListed(t);
            found(PersonalDataType.PERSON, t, t, person && isWritten(t) ? 0.55 : WEAK);
        } else if (!plain && scan.word(t - 1).equals("name") && !scan.isAllCapital(t)) {
            found(PersonalDataType.PERSON, t, t, 0.6);
        }
    }

    /** Without capitals: a known given name before a surname, and what follows "name is" and "lives in". */
    private int small(int t, boolean everywhere) {
        if (everywhere && scan.isLetters(t) && scan.separator(t) == ' ' && isSmallName(t)) {
            found(PersonalDataType.PERSON, t, t + 1, 0.7);
            return t + 2;
        }
        char first = scan.text.at(scan.start(t));
        boolean plain = !scan.isLetters(t + 2) || scan.isCapitalised(t + 2);
        if ((first == 'n' || first == 'l') && scan.length(t) <= 6 && !plain && !WORDS.contains(scan.word(t + 2))) {
            String word = scan.word(t);
            String next = scan.word(t + 1);
            if (word.equals("name") && next.equals("is")) {
                found(PersonalDataType.PERSON, t + 2, t + 2, 0.55);
            } else if (next.equals("in") && (word.equals("live") || word.equals("lives") || word.equals("living"))) {
                found(PersonalDataType.LOCATION, t + 2, t + 2, 0.55);
            }
        }
        return t + 1;
    }

    private boolean isSmallName(int t) {
        String word = scan.word(t);
        String next = scan.word(t + 1);
        boolean surname = names.isSurname(next) || hasNameEnding(next);
        return names.isGiven(word) && !names.isPlain(word) && surname && !names.isPlain(next) && !WORDS.contains(next);
    }

    private boolean isPlaceBefore(String before) {
        return PLACE_BEFORE.contains(before);
    }

    private boolean isPersonAfter(int last, String after) {
        return PERSON_AFTER.contains(after) && gapAfter(last) == 1;
    }

    private int gapAfter(int t) {
        return t + 1 < scan.count() ? scan.start(t + 1) - scan.end(t) : Integer.MAX_VALUE;
    }

    /** "Ariana" in "Mary, Ariana and Isabel". */
    private boolean isListed(int t) {
        return isListedAfter(t - 1, t) || isListedAfter(t, t + 1);
    }

    private boolean isListedAfter(int t, int next) {
        int known = scan.isCapitalised(t) && scan.isCapitalised(next) ? gapAfter(t) : 0;
        boolean comma = known == 2 && scan.text.at(scan.end(t)) == ',';
        return comma && (names.isGiven(scan.word(t)) || names.isGiven(scan.word(next)));
    }

    /** A name before a colon, as in a play or a chat. */
    private boolean startsDialogue(int last) {
        return scan.text.at(scan.end(last)) == ':' && scan.text.at(scan.end(last) + 1) != '/';
    }

    /** As names are: one capital, or all of a word that is longer than most abbreviations. */
    private boolean isWritten(int t) {
        if (scan.isAllCapital(t)) {
            return scan.length(t) > 5;
        }
        for (int i = scan.start(t) + 1; i < scan.end(t); i++) {
            if (Character.isUpperCase(scan.text.at(i))) {
                return false;
            }
        }
        return true;
    }

    /** "… is a software company". */
    private boolean isBusiness(int last) {
        boolean is = scan.word(last + 1).equals("is") || scan.word(last + 1).equals("was");
        return is && scan.near(last + 2, 0, 6, BUSINESS);
    }

    /** "Clark, Romero and Hall": surnames in a row, as law firms and generated companies are called. */
    private boolean isPartnership(int first, int last) {
        return first == last && partnershipEnd(first, last) >= first + 3 && scan.isCapitalised(first);
    }

    private int partnershipEnd(int first, int last) {
        boolean listed = scan.text.at(scan.end(last)) == ','
                && scan.isCapitalised(first + 1)
                && scan.word(first + 2).equals("and")
                && scan.isCapitalised(first + 3)
                && scan.separator(first + 1) == ' ';
        boolean surnames = listed
                && names.isSurname(scan.word(first))
                && names.isSurname(scan.word(first + 1))
                && names.isSurname(scan.word(first + 3));
        return surnames ? first + 3 : last;
    }

    /** Endings of surnames in many languages. */
    private static boolean hasNameEnding(String word) {
        if (word.length() < 6) {
            return false;
        }
        for (String ending : ENDINGS) {
            if (word.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }

    private static final String[] ENDINGS = {
        "sson", "ssen", "dsen", "nsen", "rsen", "dóttir", "dottir", "ström", "gren", "qvist", "quist", "berg", "ová",
        "ova", "eva", "ski", "ska", "czyk", "wicz", "vić", "vic", "vich", "enko", "escu", "eanu", "akis", "opoulos",
        "idis", "yan", "shvili", "mann", "stein", "ez", "elli", "etti", "ini", "ucci", "ský", "inen", "nen", "dotter",
        "vsky", "ssy", "ffy", "ovich", "evich", "vna"
    };

    private String words(int first, int last) {
        StringBuilder words = new StringBuilder(scan.word(first));
        for (int t = first + 1; t <= last; t++) {
            words.append(' ').append(scan.word(t));
        }
        return words.toString();
    }

    private void found(PersonalDataType type, int first, int last, double confidence) {
        scan.found(
                type,
                type == PersonalDataType.PERSON
                        ? "person"
                        : type == PersonalDataType.LOCATION ? "location" : "organisation",
                scan.start(first),
                scan.end(last),
                confidence);
    }
}
