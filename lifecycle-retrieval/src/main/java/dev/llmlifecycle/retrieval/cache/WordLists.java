package dev.llmlifecycle.retrieval.cache;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The words that guards know. */
final class WordLists {

    private static final String UNIT_LINES = """
            percent: % percent pct percentage
            euro: \u20ac euro euros eur
            dollar: $ dollar dollars usd bucks
            pound: \u00a3 pound pounds gbp lb lbs quid
            yen: \u00a5 yen jpy yuan
            cent: cent cents
            franc: franc francs chf
            rupee: \u20b9 rupee rupees inr
            kg: kg kilo kilos kilogram kilograms
            g: g gram grams
            mg: mg milligram milligrams
            ounce: oz ounce ounces
            ton: ton tons tonne tonnes
            km: km kilometre kilometres kilometer kilometers
            m: m metre metres meter meters
            cm: cm centimetre centimetres centimeter centimeters
            mm: mm millimetre millimetres millimeter millimeters
            mile: mile miles mi
            foot: ft foot feet
            inch: inch inches
            yard: yard yards
            litre: l litre litres liter liters
            ml: ml millilitre millilitres milliliter milliliters
            gallon: gallon gallons
            byte: byte bytes
            kb: kb kilobyte kilobytes
            mb: mb megabyte megabytes
            gb: gb gigabyte gigabytes
            tb: tb terabyte terabytes
            hz: hz
            khz: khz
            mhz: mhz
            ghz: ghz
            ms: ms millisecond milliseconds
            second: seconds sec secs
            minute: minute minutes mins
            hour: hour hours hr hrs
            day: day days
            week: week weeks
            month: month months
            year: year years
            celsius: celsius
            fahrenheit: fahrenheit
            am: am
            pm: pm
            """;

    private static final String OPPOSITE_LINES = """
            more less fewer
            most least fewest
            more few
            increase decrease reduce lower
            raise lower reduce
            rise fall drop
            higher lower
            high low
            highest lowest
            larger smaller
            bigger smaller
            large small
            big small
            largest smallest
            biggest smallest
            longer shorter
            long short
            longest shortest
            older younger newer
            old new
            oldest youngest newest
            early late
            earlier later
            earliest latest
            cheap expensive
            cheaper dearer pricier
            cheapest dearest priciest
            fast slow
            faster slower
            fastest slowest
            better worse
            best worst
            good bad
            first last
            maximum minimum
            max min
            before after
            above below
            over under
            inside outside
            left right
            up down
            on off
            north south
            east west
            front back
            top bottom
            open close
            opening closing
            lock unlock
            enable disable
            activate deactivate
            start stop
            start end
            begin end
            add remove
            add delete
            create delete
            install uninstall
            buy sell
            purchase sell
            lend borrow
            deposit withdraw
            withdrawal deposit
            send receive
            push pull
            upload download
            import export
            encrypt decrypt
            accept reject
            accept decline
            allow forbid
            allow block
            approve reject
            include exclude
            with without
            always never
            possible impossible
            legal illegal
            valid invalid
            safe unsafe
            safe dangerous
            public private
            internal external
            input output
            debit credit
            income expense
            profit loss
            win lose
            arrive depart
            arrival departure
            arrive leave
            incoming outgoing
            inbound outbound
            buyer seller
            domestic international
            male female
            man woman
            morning evening
            day night
            hot cold
            full empty
            empty fill
            manual automatic
            success failure
            succeed fail
            subscribe unsubscribe
            connect disconnect
            positive negative
            vertical horizontal
            physical virtual
            child adult
            freeze unfreeze
            block unblock
            register unregister
            upgrade downgrade
            """;

    private static final Map<String, String> STEMS =
            Map.of("using", "use", "used", "use", "uses", "use", "women", "woman", "men", "man", "children", "child");

    /** From a word that stands for a unit to the unit. */
    static final Map<String, String> UNITS = units();

    /** From a stem to the stems that are its opposites. */
    static final Map<String, Set<String>> OPPOSITES = opposites();

    static final Map<String, Long> SMALL_NUMBERS = smallNumbers();

    static final Set<String> DAYS_AND_MONTHS = Set.of(
            "january",
            "february",
            "april",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "today",
            "tomorrow",
            "yesterday",
            "tonight",
            "christma",
            "easter",
            "thanksgiving",
            "weekend",
            "weekday");

    /** Months that are other words in lower case. */
    static final Set<String> CAPITAL_MONTHS = Set.of("march", "may");

    static final Map<String, String> RELATIVE = Map.of(
            "last",
            "last",
            "previous",
            "last",
            "past",
            "last",
            "next",
            "next",
            "coming",
            "next",
            "following",
            "next",
            "this",
            "this",
            "current",
            "this");

    static final Set<String> SPANS = Set.of("day", "week", "month", "year", "quarter", "night", "weekend", "season");

    static final Set<String> NEGATIONS = Set.of(
            "not",
            "no",
            "never",
            "without",
            "cannot",
            "none",
            "nobody",
            "nothing",
            "nowhere",
            "neither",
            "nor",
            "dont",
            "doesnt",
            "didnt",
            "isnt",
            "arent",
            "wasnt",
            "werent",
            "cant",
            "couldnt",
            "wont",
            "wouldnt",
            "shouldnt",
            "hasnt",
            "havent",
            "hadnt",
            "unable",
            "except",
            "nicht",
            "kein",
            "keine",
            "keinen",
            "keinem",
            "keiner",
            "keines",
            "nie",
            "niemals",
            "ohne",
            "nunca",
            "sin",
            "ning\u00fan",
            "ninguna",
            "jam\u00e1s",
            "pas",
            "jamais",
            "sans",
            "aucun",
            "aucune",
            "\u4e0d",
            "\u6ca1",
            "\u6c92",
            "\u65e0",
            "\u7121",
            "\u672a",
            "\u522b");

    static final Set<String> STOP_WORDS = Set.of(
            "a", "an", "the", "i", "you", "he", "she", "it", "we", "they", "me", "my", "your", "our", "their", "its",
            "his", "her", "of", "to", "in", "for", "by", "at", "from", "as", "and", "or", "is", "are", "was", "were",
            "be", "been", "am", "do", "does", "did", "can", "could", "will", "would", "shall", "should", "may", "might",
            "must", "have", "has", "had", "that", "this", "these", "those", "there", "here", "what", "which", "how",
            "please", "if", "so", "then", "than", "but", "on", "with", "into", "about", "get", "any", "some", "us",
            "let", "tell", "know", "want", "need", "like", "just", "also", "i'm", "i'd", "what's", "it's", "when",
            "who", "where", "why", "using", "use", "used", "via", "such", "while", "whom", "whose", "way", "one");

    private WordLists() {}

    /** Takes common endings off an English word; crude, and the same for both questions. */
    static String stem(String word) {
        String special = STEMS.get(word);
        if (special != null) {
            return special;
        }
        String stem = word.endsWith("'s") ? word.substring(0, word.length() - 2) : word;
        int length = stem.length();
        if (length > 5 && stem.endsWith("ing")) {
            return undouble(stem.substring(0, length - 3));
        }
        if (length > 4 && stem.endsWith("ies")) {
            return stem.substring(0, length - 3) + "y";
        }
        if (length > 4 && stem.endsWith("ed")) {
            return undouble(stem.substring(0, length - 2));
        }
        if (length > 3 && stem.endsWith("s") && !stem.endsWith("ss") && !stem.endsWith("us")) {
            String singular = stem.substring(0, length - 1);
            return undouble(singular.endsWith("e") && singular.length() > 4 ? cut(singular) : singular);
        }
        return length > 4 && stem.endsWith("e") ? cut(stem) : stem;
    }

    private static String cut(String word) {
        return word.substring(0, word.length() - 1);
    }

    private static String undouble(String stem) {
        int last = stem.length() - 1;
        boolean doubled =
                last > 2 && stem.charAt(last) == stem.charAt(last - 1) && "lse".indexOf(stem.charAt(last)) < 0;
        String single = doubled ? cut(stem) : stem;
        return single.length() > 4 && single.endsWith("e") ? cut(single) : single;
    }

    private static Map<String, String> units() {
        Map<String, String> units = new HashMap<>();
        UNIT_LINES.lines().forEach(line -> {
            int colon = line.indexOf(':');
            for (String alias : line.substring(colon + 1).strip().split(" ", -1)) {
                units.put(alias, line.substring(0, colon));
            }
        });
        return Map.copyOf(units);
    }

    private static Map<String, Set<String>> opposites() {
        Map<String, Set<String>> opposites = new HashMap<>();
        OPPOSITE_LINES.lines().forEach(line -> {
            List<String> words = List.of(line.split(" ", -1));
            String first = stem(words.get(0));
            for (String other : words.subList(1, words.size())) {
                opposites.computeIfAbsent(first, word -> new HashSet<>()).add(stem(other));
                opposites.computeIfAbsent(stem(other), word -> new HashSet<>()).add(first);
            }
        });
        return Map.copyOf(opposites);
    }

    private static Map<String, Long> smallNumbers() {
        Map<String, Long> numbers = new HashMap<>();
        List<String> ones = List.of(
                "zero",
                "",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
                "thirteen",
                "fourteen",
                "fifteen",
                "sixteen",
                "seventeen",
                "eighteen",
                "nineteen");
        for (int i = 0; i < ones.size(); i++) {
            numbers.put(ones.get(i), (long) i);
        }
        numbers.remove("");
        List<String> tens = List.of("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");
        for (int i = 0; i < tens.size(); i++) {
            numbers.put(tens.get(i), 20L + 10L * i);
        }
        numbers.put("twice", 2L);
        numbers.put("double", 2L);
        numbers.put("dozen", 12L);
        return Map.copyOf(numbers);
    }
}
