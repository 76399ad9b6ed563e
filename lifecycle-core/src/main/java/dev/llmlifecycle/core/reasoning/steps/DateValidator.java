package dev.llmlifecycle.core.reasoning.steps;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Checks dates and durations: days that no month has, weekdays, one date written twice, what is so many days, weeks,
 * months or years from another, what lies between two, and "tomorrow", "a week ago" and the like once the steps said
 * what day today is.
 *
 * <p>Read are {@code 2024-02-29}, {@code Feb 29, 2024}, {@code 29 February 2024}, {@code 2/29/2024}, {@code 29/02/2024}
 * and {@code 29.02.2024}; where day and month could be either, a step fails only when it fails both ways. Years have
 * four digits. Thread-safe.
 */
final class DateValidator implements StepValidator {

    static final String NAME = "dates";

    private static final String MONTH = "(jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
            + "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
    private static final String DAY = "(\\d{1,2})(?:st|nd|rd|th)?";
    private static final Pattern DATE =
            Pattern.compile("(?i)\\b(?:(\\d{4})-(\\d{2})-(\\d{2})|(\\d{1,2})[/.](\\d{1,2})[/.](\\d{4})|" + MONTH + " "
                    + DAY + ",? (\\d{4})|" + DAY + " (?:of )?" + MONTH + ",? (\\d{4}))\\b");
    private static final String COUNT = "(\\d{1,5}|an?|one|two|three|four|five|six|seven|ten)";
    private static final Pattern SHIFT = Pattern.compile(
            "(?i)\\b" + COUNT + " (hour|day|week|month|year)s? " + "(ago|before|earlier|later|after|from)\\b[^\\d]*$");
    private static final Pattern NOW =
            Pattern.compile("(?i)\\b((?:day before |day after )?(?:today|yesterday|tomorrow))(?:'s date)?,? "
                    + "(?:is|was|would be|will be)(?: [a-z]+day,?)?$");
    private static final Pattern SAME =
            Pattern.compile("(?i)^[ ,(]*(?:that is|i\\.e\\.|which is|in other words|=|or)[ ,:]*$");
    private static final Pattern LINK =
            Pattern.compile("(?i)^,? (?:is|was|would be|will be|falls on|=)(?: on)?(?: an?)?(?: [a-z]+day,?)? $");
    private static final Pattern PLUS =
            Pattern.compile("(?i)^ (?:\\+|-|plus|minus) \\d{1,5} (?:day|week|month|year)s? (?:=|is|was) $");
    private static final Pattern PLUS_PARTS =
            Pattern.compile("(?i)(\\+|-|plus|minus) (\\d{1,5}) (day|week|month|year)s?");
    private static final Pattern BETWEEN =
            Pattern.compile("(?i)^,?(?: (?:is|are|there are|there is|lie))+ (\\d{1,6}) (day|week)s?\\b");
    private static final Pattern WEEKDAY_BEFORE =
            Pattern.compile("(?i)\\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday),? $");
    private static final Pattern WEEKDAY_AFTER =
            Pattern.compile("(?i)^,? (?:is|was|falls on|fell on|will be)(?: on)?(?: an?)? "
                    + "(monday|tuesday|wednesday|thursday|friday|saturday|sunday)\\b");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final Map<String, Integer> COUNTS = Map.of(
            "a", 1, "an", 1, "one", 1, "two", 2, "three", 3, "four", 4, "five", 5, "six", 6, "seven", 7, "ten", 10);
    private static final Map<String, Integer> OFFSETS = Map.of(
            "today",
            0,
            "yesterday",
            -1,
            "tomorrow",
            1,
            "day before yesterday",
            -2,
            "day after tomorrow",
            2,
            "day before tomorrow",
            0,
            "day after yesterday",
            0,
            "day before today",
            -1,
            "day after today",
            1);
    private static final Pattern CLAIM =
            Pattern.compile("(?i)\\b(?:think|thinks|thought|believes?|believed|says?|said|claims?)\\b");
    private static final Pattern CALCULATES = Pattern.compile("(?i)^ ?(?:[+-]|plus|minus)");
    private static final int MOST_EARLIER = 50;

    /**
     * A date in a text.
     *
     * @param start where it begins
     * @param end the index after it
     * @param days what it can mean; empty where no month has such a day
     */
    private record Mention(int start, int end, Set<LocalDate> days) {}

    /** What the steps have said of today, yesterday and tomorrow, and what was found. */
    private static final class Findings {

        private final Map<String, Set<LocalDate>> now = new TreeMap<>();
        private final List<String> wrong = new ArrayList<>();
        private final List<String> expected = new ArrayList<>();
        private int held;

        void compare(String what, Set<LocalDate> wanted, Set<LocalDate> given) {
            if (wanted.isEmpty() || given.isEmpty()) {
                return;
            }
            if (wanted.stream().anyMatch(given::contains)) {
                held++;
            } else {
                wrong.add(what);
                expected.add(wanted.iterator().next().toString());
            }
        }

        void fail(String what, String right) {
            wrong.add(what);
            expected.add(right);
        }

        Set<LocalDate> today() {
            Set<LocalDate> today = now.get("today");
            if (today != null) {
                return today;
            }
            for (Map.Entry<String, Set<LocalDate>> entry : now.entrySet()) {
                return shifted(entry.getValue(), -OFFSETS.getOrDefault(entry.getKey(), 0), "day");
            }
            return Set.of();
        }
    }

    @Override
    public Identity identity() {
        return Identity.of(NAME, "1");
    }

    @Override
    public StepCheck check(ReasoningStep step, StepContext context) {
        if (!DATE.matcher(StepText.head(step.text())).find()) {
            return StepCheck.unchecked(NAME, "there is no date");
        }
        Findings findings = new Findings();
        int size = context.earlier().size();
        for (ReasoningStep before : context.earlier().subList(Math.max(0, size - MOST_EARLIER), size)) {
            look(StepText.head(before.text()), findings);
        }
        findings.wrong.clear();
        findings.expected.clear();
        findings.held = 0;
        look(StepText.head(step.text()), findings);
        if (!findings.wrong.isEmpty()) {
            String right = findings.expected.get(0);
            return right.isEmpty()
                    ? StepCheck.wrong(NAME, findings.wrong.get(0))
                    : StepCheck.wrong(NAME, findings.wrong.get(0), right);
        }
        return findings.held > 0
                ? StepCheck.correct(NAME, findings.held + " statements about dates hold")
                : StepCheck.unchecked(NAME, "no date that follows from another");
    }

    private static void look(String text, Findings findings) {
        List<Mention> mentions = mentions(text);
        for (int i = 0; i < mentions.size(); i++) {
            Mention mention = mentions.get(i);
            if (mention.days().isEmpty()) {
                findings.fail(text.substring(mention.start(), mention.end()) + " is no day", "");
                continue;
            }
            int from = i == 0 ? 0 : mentions.get(i - 1).end();
            String before = text.substring(Math.max(from, mention.start() - 120), mention.start());
            int stop = Math.max(before.lastIndexOf(". "), before.lastIndexOf('\n'));
            String phrase = stop < 0 ? before : before.substring(stop + 1);
            int next = i + 1 < mentions.size() ? mentions.get(i + 1).start() : text.length();
            String behind = text.substring(mention.end(), Math.min(next, mention.end() + 60));
            weekday(phrase, behind, mention, findings);
            Mention previous = i > 0 && stop < 0 ? mentions.get(i - 1) : null;
            if (!between(behind, previous, mention, phrase, findings)
                    && !related(text, phrase, previous, mention, i, mentions, findings)) {
                now(phrase, behind, mention, findings);
            }
        }
    }

    private static void weekday(String phrase, String behind, Mention mention, Findings findings) {
        Matcher matcher = WEEKDAY_BEFORE.matcher(phrase);
        String named = matcher.find() ? matcher.group(1) : "";
        if (named.isEmpty()) {
            Matcher after = WEEKDAY_AFTER.matcher(behind);
            named = after.find() ? after.group(1) : "";
        }
        if (named.isEmpty()) {
            return;
        }
        DayOfWeek day = DayOfWeek.valueOf(named.toUpperCase(Locale.ROOT));
        if (mention.days().stream().anyMatch(each -> each.getDayOfWeek() == day)) {
            findings.held++;
        } else {
            DayOfWeek right = mention.days().iterator().next().getDayOfWeek();
            findings.fail("the date is no " + named, right.toString().toLowerCase(Locale.ROOT));
        }
    }

    /** Reads "from … to … is 5 days". */
    private static boolean between(
            String behind, @Nullable Mention previous, Mention mention, String phrase, Findings findings) {
        String link = phrase.strip().toLowerCase(Locale.ROOT);
        if (previous == null || !(link.equals("to") || link.equals("and") || link.equals("until"))) {
            return false;
        }
        Matcher matcher = BETWEEN.matcher(behind);
        if (!matcher.find()) {
            return false;
        }
        long given = Long.parseLong(matcher.group(1)) * (matcher.group(2).equalsIgnoreCase("week") ? 7 : 1);
        Set<Long> possible = new LinkedHashSet<>();
        for (LocalDate first : previous.days()) {
            mention.days().forEach(last -> possible.add(Math.abs(ChronoUnit.DAYS.between(first, last))));
        }
        // Whether both ends count is a matter of speech.
        if (possible.stream().anyMatch(days -> days == given || days + 1 == given)) {
            findings.held++;
        } else if (!possible.isEmpty()) {
            findings.fail(
                    "the dates are not " + given + " days apart",
                    possible.iterator().next() + " days");
        }
        return true;
    }

    /** Checks a date that follows from the one before it, or from today. */
    private static boolean related(
            String text,
            String phrase,
            @Nullable Mention previous,
            Mention mention,
            int index,
            List<Mention> mentions,
            Findings findings) {
        if (previous != null) {
            if (SAME.matcher(phrase).matches()) {
                findings.compare("one date is written as two", previous.days(), mention.days());
                return true;
            }
            if (PLUS.matcher(phrase).matches()) {
                Matcher parts = PLUS_PARTS.matcher(phrase);
                if (parts.find()) {
                    boolean minus = parts.group(1).equals("-") || parts.group(1).equalsIgnoreCase("minus");
                    int count = Integer.parseInt(parts.group(2));
                    Set<LocalDate> wanted = shifted(previous.days(), minus ? -count : count, parts.group(3));
                    findings.compare("the date does not follow from the one before", wanted, mention.days());
                    return true;
                }
            }
            if (LINK.matcher(phrase).matches()) {
                int from = index > 1 ? mentions.get(index - 2).end() : 0;
                String head = text.substring(Math.max(from, previous.start() - 80), previous.start());
                Matcher shift = SHIFT.matcher(head);
                if (shift.find()) {
                    findings.compare(
                            "the date does not follow from the one before",
                            shift(previous.days(), shift),
                            mention.days());
                    return true;
                }
            }
        }
        Matcher shift = SHIFT.matcher(phrase);
        boolean says = phrase.endsWith(" is ") || phrase.endsWith(" was ") || phrase.endsWith(" would be ");
        if (says && shift.find()) {
            boolean fromToday = phrase.toLowerCase(Locale.ROOT).contains("today")
                    || shift.group(3).equalsIgnoreCase("ago")
                    || shift.group(3).equalsIgnoreCase("later");
            String lower = phrase.toLowerCase(Locale.ROOT);
            if (fromToday && !lower.contains("yesterday") && !lower.contains("tomorrow")) {
                Set<LocalDate> wanted = new LinkedHashSet<>(shift(findings.today(), shift));
                if (shift.group(3).equalsIgnoreCase("later") && index > 0) {
                    // Later than today, or than the date before.
                    wanted.addAll(shift(mentions.get(index - 1).days(), shift));
                }
                findings.compare("the date does not follow from today", wanted, mention.days());
            }
            return true;
        }
        return false;
    }

    private static void now(String phrase, String behind, Mention mention, Findings findings) {
        Matcher matcher = NOW.matcher(phrase.strip());
        // What somebody thinks is no statement, and "today is May 9 + 40 days" says what comes behind.
        if (!matcher.find()
                || CLAIM.matcher(phrase).find()
                || CALCULATES.matcher(behind).find()) {
            return;
        }
        String word = matcher.group(1).toLowerCase(Locale.ROOT);
        Set<LocalDate> today = findings.today();
        if (!today.isEmpty()) {
            int days = OFFSETS.getOrDefault(word, 0);
            findings.compare("the date of " + word + " does not follow", shifted(today, days, "day"), mention.days());
        } else {
            findings.now.put(word, mention.days());
        }
    }

    private static Set<LocalDate> shift(Set<LocalDate> days, Matcher shift) {
        String word = shift.group(1).toLowerCase(Locale.ROOT);
        Integer named = COUNTS.get(word);
        int count = named == null ? Integer.parseInt(word) : named;
        String unit = shift.group(2).toLowerCase(Locale.ROOT);
        if (unit.equals("hour")) {
            if (count % 24 != 0) {
                return Set.of();
            }
            count /= 24;
            unit = "day";
        }
        boolean back = switch (shift.group(3).toLowerCase(Locale.ROOT)) {
            case "ago", "before", "earlier" -> true;
            default -> false;
        };
        return shifted(days, back ? -count : count, unit);
    }

    private static Set<LocalDate> shifted(Set<LocalDate> days, int count, String unit) {
        Set<LocalDate> shifted = new LinkedHashSet<>();
        for (LocalDate day : days) {
            shifted.add(
                    switch (unit.toLowerCase(Locale.ROOT)) {
                        case "week" -> day.plusWeeks(count);
                        case "month" -> day.plusMonths(count);
                        case "year" -> day.plusYears(count);
                        default -> day.plusDays(count);
                    });
        }
        return shifted;
    }

    private static List<Mention> mentions(String text) {
        List<Mention> mentions = new ArrayList<>();
        Matcher matcher = DATE.matcher(text);
        while (matcher.find()) {
            Set<LocalDate> days = new LinkedHashSet<>();
            if (matcher.group(1) != null) {
                add(days, matcher.group(1), number(matcher.group(2)), matcher.group(3));
            } else if (matcher.group(4) != null) {
                add(days, matcher.group(6), number(matcher.group(4)), matcher.group(5));
                add(days, matcher.group(6), number(matcher.group(5)), matcher.group(4));
            } else if (matcher.group(7) != null) {
                add(days, matcher.group(9), month(matcher.group(7)), matcher.group(8));
            } else {
                add(days, matcher.group(12), month(matcher.group(11)), matcher.group(10));
            }
            mentions.add(new Mention(matcher.start(), matcher.end(), days));
        }
        return mentions;
    }

    private static void add(Set<LocalDate> days, String year, int month, String day) {
        try {
            days.add(LocalDate.of(number(year), month, number(day)));
        } catch (DateTimeException e) {
            // No day of the calendar in this reading: the mention keeps the readings that are one.
            return;
        }
    }

    private static int month(String name) {
        return MONTHS.indexOf(name.substring(0, 3).toLowerCase(Locale.ROOT)) + 1;
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }
}
