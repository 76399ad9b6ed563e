package dev.llmlifecycle.samples.measure.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns a question into one that looks alike and asks for something else. */
final class ChangedQuestions {

    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d{1,6}(?![\\w.])|\\d+(?:\\.\\d+)+|\\d+");
    private static final Pattern YEAR = Pattern.compile("\\b(?:1[0-9]{3}|20[0-9]{2})\\b");
    private static final Pattern NAME = Pattern.compile("(?<=[a-z,] )[A-Z][A-Za-z]{2,}");
    private static final Pattern VERB =
            Pattern.compile("\\b(?:is|are|was|were|can|could|will|would|should|does|do|did|has|have|must|may)\\b");
    private static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");
    private static final List<String> DAYS =
            List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");
    private static final Map<String, String> TIMES =
            new TreeMap<>(Map.of("today", "yesterday", "yesterday", "today", "tomorrow", "today", "week", "month"));

    private final Random random;

    ChangedQuestions(long seed) {
        this.random = new Random(seed);
    }

    Optional<String> number(String text) {
        Matcher matcher = NUMBER.matcher(text);
        if (!matcher.find() || YEAR.matcher(matcher.group()).matches()) {
            return Optional.empty();
        }
        String number = matcher.group();
        int last = number.charAt(number.length() - 1) - '0';
        String other = number.substring(0, number.length() - 1) + (last + 1 + random.nextInt(8)) % 10;
        return Optional.of(text.substring(0, matcher.start()) + other + text.substring(matcher.end()));
    }

    Optional<String> date(String text) {
        Matcher year = YEAR.matcher(text);
        if (year.find()) {
            int other = Integer.parseInt(year.group()) + 1 + random.nextInt(9);
            return Optional.of(text.substring(0, year.start()) + other + text.substring(year.end()));
        }
        for (List<String> names : List.of(MONTHS, DAYS)) {
            for (String name : names) {
                Optional<String> changed = word(text, name, names.get((names.indexOf(name) + 1) % names.size()));
                if (changed.isPresent()) {
                    return changed;
                }
            }
        }
        return TIMES.entrySet().stream()
                .map(each -> word(text, each.getKey(), each.getValue()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    Optional<String> negation(String text) {
        Matcher verb = VERB.matcher(text);
        boolean negated = text.toLowerCase(Locale.ROOT).matches("(?s).*(?:\\bno\\b|\\bnot\\b|n't\\b|without).*");
        return negated || !verb.find()
                ? Optional.empty()
                : Optional.of(text.substring(0, verb.end()) + " not" + text.substring(verb.end()));
    }

    /** Exchanges a capitalised word for one of others. */
    Optional<String> name(String text, List<String> names) {
        Matcher matcher = NAME.matcher(text);
        if (!matcher.find() || names.isEmpty()) {
            return Optional.empty();
        }
        String other = names.get(random.nextInt(names.size()));
        return text.contains(other)
                ? Optional.empty()
                : Optional.of(text.substring(0, matcher.start()) + other + text.substring(matcher.end()));
    }

    /** The capitalised words of texts, in order. */
    static List<String> names(List<String> texts) {
        List<String> names = new ArrayList<>();
        for (String text : texts) {
            Matcher matcher = NAME.matcher(text);
            while (matcher.find()) {
                names.add(matcher.group());
            }
        }
        return names;
    }

    private static Optional<String> word(String text, String word, String other) {
        Matcher matcher = Pattern.compile("(?i)\\b" + word + "\\b").matcher(text);
        return matcher.find()
                ? Optional.of(text.substring(0, matcher.start()) + other + text.substring(matcher.end()))
                : Optional.empty();
    }
}
