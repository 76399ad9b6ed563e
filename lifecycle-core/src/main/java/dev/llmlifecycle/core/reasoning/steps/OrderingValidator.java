package dev.llmlifecycle.core.reasoning.steps;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.llmlifecycle.api.identity.Identity;

/**
 * Checks words that are put in order: {@code "ant" < "bee" < ["cat" ? "cow"]}, also with a key before each, as in
 * {@code (1) "ant" < (2) "bee"}; letters that are named, as in {@code "bee": "b" (2)}; and that a list which has most
 * of the words of the question has all of them, each as often.
 *
 * <p>Words compare by their letters without regard to case. Thread-safe.
 */
final class OrderingValidator implements StepValidator {

    static final String NAME = "ordering";

    private static final Pattern ITEM =
            Pattern.compile("(?:\\((\\d{1,3})\\)\\s*)?(?:\"([^\"\\n]+)\"|\\[((?:\\s*\"[^\"\\n]+\"\\s*[?,]?)+)])");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"\\n]+)\"");
    private static final Pattern LETTER = Pattern.compile("\"([^\"\\n]+)\": \"([A-Za-z])\" \\((\\d{1,2})\\)");
    private static final Pattern PLACE =
            Pattern.compile("(?i)\\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth) letters?:");
    private static final Pattern ANSWER = Pattern.compile("(?i)\\banswer is:? ([^\\n]+)");
    private static final Pattern PART = Pattern.compile("(?i)^.{0,40}\\b(?:subpart|sublist|subset|group|part)\\b");
    private static final List<String> PLACES =
            List.of("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth");
    private static final int FEWEST_WORDS = 4;

    /**
     * One place in an order.
     *
     * @param key the number before it, or -1
     * @param words what stands there; several are not ordered among themselves
     */
    private record Item(int key, List<String> words) {}

    /**
     * What is put in order.
     *
     * @param items the places
     * @param signs what stands between them
     * @param end the index after it
     */
    private record Chain(List<Item> items, List<String> signs, int end) {

        List<String> words() {
            return items.stream().flatMap(item -> item.words().stream()).toList();
        }
    }

    @Override
    public Identity identity() {
        return Identity.of(NAME, "1");
    }

    @Override
    public StepCheck check(ReasoningStep step, StepContext context) {
        String text = StepText.head(step.text());
        if (text.indexOf('"') < 0 && context.earlier().isEmpty()) {
            return StepCheck.unchecked(NAME, "nothing is put in order");
        }
        List<String> wrong = new ArrayList<>();
        int held = letters(text, wrong);
        Map<String, Integer> asked = counts(listed(context.question()));
        List<Chain> chains = chains(text);
        movedOn(text, context, wrong);
        boolean lettered = !context.earlier().isEmpty()
                && (LETTER.matcher(context.earlier().get(0).text()).find()
                        || LETTER.matcher(last(context).text()).find());
        Optional<Chain> decided = Optional.empty();
        for (Chain chain : chains) {
            held++;
            order(chain, wrong);
            if (lettered) {
                keys(chain, wrong);
            }
            decided.ifPresent(before -> undone(before, chain, wrong));
            boolean part = isPart(text, chain);
            if (part) {
                decided = Optional.of(chain);
                group(context).ifPresent(group -> {
                    if (!counts(group).equals(counts(chain.words()))) {
                        wrong.add("the ordered part has other words than the part to order");
                    }
                });
            } else {
                complete(chain.words(), asked, wrong);
            }
        }
        Matcher answer = ANSWER.matcher(text);
        if (asked.size() >= FEWEST_WORDS && answer.find()) {
            List<String> words = listed(answer.group(1));
            if (complete(words, asked, wrong)) {
                held++;
                lastOrder(context).ifPresent(order -> {
                    if (!order.equals(words)) {
                        wrong.add("the answer has another order than the step before");
                    }
                });
            }
        }
        if (!wrong.isEmpty()) {
            return StepCheck.wrong(NAME, StepText.shortened(wrong.get(0)));
        }
        return held > 0
                ? StepCheck.correct(NAME, "what is put in order is in order")
                : StepCheck.unchecked(NAME, "nothing is put in order");
    }

    private static int letters(String text, List<String> wrong) {
        int held = 0;
        Matcher place = PLACE.matcher(text);
        int position = place.find() ? PLACES.indexOf(place.group(1).toLowerCase(Locale.ROOT)) : -1;
        Matcher matcher = LETTER.matcher(text);
        while (matcher.find()) {
            held++;
            String word = matcher.group(1).toLowerCase(Locale.ROOT);
            char letter = Character.toLowerCase(matcher.group(2).charAt(0));
            if (letter - 'a' + 1 != Integer.parseInt(matcher.group(3))) {
                wrong.add("'" + letter + "' is not letter " + matcher.group(3) + " of the alphabet");
            } else if (position >= 0 && (position >= word.length() || word.charAt(position) != letter)) {
                wrong.add("'" + letter + "' is not the " + PLACES.get(position) + " letter of '" + word + "'");
            }
        }
        return held;
    }

    private static void order(Chain chain, List<String> wrong) {
        for (int i = 0; i + 1 < chain.items().size(); i++) {
            Item left = chain.items().get(i);
            Item right = chain.items().get(i + 1);
            boolean equal = chain.signs().get(i).equals("=");
            if (left.key() >= 0
                    && right.key() >= 0
                    && (equal ? left.key() != right.key() : left.key() >= right.key())) {
                wrong.add("(" + left.key() + ") " + chain.signs().get(i) + " (" + right.key() + ") does not hold");
                return;
            }
            String last = left.words().stream().max(String::compareTo).orElse("");
            String first = right.words().stream().min(String::compareTo).orElse("");
            if (equal ? !last.equals(first) : last.compareTo(first) >= 0) {
                wrong.add("\"" + last + "\" " + chain.signs().get(i) + " \"" + first + "\" does not hold");
                return;
            }
        }
    }

    private static boolean isPart(String text, Chain chain) {
        return PART.matcher(text.substring(chain.end(), Math.min(text.length(), chain.end() + 80)))
                .find();
    }

    private static ReasoningStep last(StepContext context) {
        return context.earlier().get(context.earlier().size() - 1);
    }

    /** Refutes a step that goes on elsewhere while the part that was just looked at is not in order yet. */
    private static void movedOn(String text, StepContext context, List<String> wrong) {
        if (context.earlier().isEmpty()) {
            return;
        }
        String before = last(context).text();
        List<List<String>> open = new ArrayList<>();
        Matcher matcher = ITEM.matcher(before);
        while (matcher.find()) {
            Chain alone = new Chain(List.of(item(matcher)), List.of(), matcher.end());
            if (matcher.group(3) != null && matcher.group(1) != null && isPart(before, alone)) {
                open.add(alone.words());
            }
        }
        chains(before).stream()
                .filter(chain -> isPart(before, chain))
                .flatMap(chain -> chain.items().stream())
                .map(Item::words)
                .filter(words -> words.size() > 1)
                .forEach(open::add);
        if (open.isEmpty()) {
            return;
        }
        Set<String> here = new HashSet<>(quoted(text));
        if (open.stream().noneMatch(here::containsAll)) {
            wrong.add("the part of the step before is not in order yet");
        }
    }

    /** Refutes an order that leaves undecided what was decided just before. */
    private static void undone(Chain decided, Chain chain, List<String> wrong) {
        Set<String> single = new HashSet<>();
        decided.items().stream().filter(item -> item.words().size() == 1).forEach(item -> single.addAll(item.words()));
        for (Item item : chain.items()) {
            if (item.words().stream().filter(single::contains).count() > 1) {
                wrong.add("the order of \"" + item.words().get(0) + "\" was decided and is left open again");
                return;
            }
        }
    }

    /** Refutes keys that are not, for all words, the letter at one and the same place. */
    private static void keys(Chain chain, List<String> wrong) {
        if (chain.items().stream().anyMatch(item -> item.key() < 1 || item.key() > 26)) {
            return;
        }
        for (int place = 0; place < PLACES.size(); place++) {
            int at = place;
            boolean all = chain.items().stream()
                    .allMatch(item -> item.words().stream()
                            .allMatch(word -> at < word.length() && word.charAt(at) - 'a' + 1 == item.key()));
            if (all) {
                return;
            }
        }
        wrong.add("the keys are not the letters of the words at one place");
    }

    /** Tells whether the words are meant to be those of the question, and says so where they are not. */
    private static boolean complete(List<String> words, Map<String, Integer> asked, List<String> wrong) {
        Map<String, Integer> given = counts(words);
        Set<String> common = new HashSet<>(given.keySet());
        common.retainAll(asked.keySet());
        if (asked.size() < FEWEST_WORDS || common.size() * 10 < asked.size() * 6) {
            return false;
        }
        if (!given.equals(asked)) {
            wrong.add("the list has other words than the question");
        }
        return true;
    }

    private static List<Chain> chains(String text) {
        List<Chain> chains = new ArrayList<>();
        List<Item> items = new ArrayList<>();
        List<String> signs = new ArrayList<>();
        Matcher matcher = ITEM.matcher(text);
        int end = 0;
        while (matcher.find()) {
            String sign = items.isEmpty() || matcher.start() - end > 8
                    ? ""
                    : text.substring(end, matcher.start()).strip();
            boolean joins = sign.equals("<") || sign.equals("=");
            if (!joins) {
                add(items, signs, end, chains);
            } else {
                signs.add(sign);
            }
            items.add(item(matcher));
            end = matcher.end();
        }
        add(items, signs, end, chains);
        return chains;
    }

    private static void add(List<Item> items, List<String> signs, int end, List<Chain> chains) {
        if (items.size() > 1) {
            chains.add(new Chain(List.copyOf(items), List.copyOf(signs), end));
        }
        items.clear();
        signs.clear();
    }

    private static Item item(Matcher matcher) {
        int key = matcher.group(1) == null ? -1 : Integer.parseInt(matcher.group(1));
        String single = matcher.group(2);
        return new Item(key, single == null ? quoted(matcher.group(3)) : List.of(single.toLowerCase(Locale.ROOT)));
    }

    private static List<String> quoted(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = QUOTED.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group(1).toLowerCase(Locale.ROOT));
        }
        return words;
    }

    /** Returns the one group of words without an order in the step before. */
    private static Optional<List<String>> group(StepContext context) {
        if (context.earlier().isEmpty()) {
            return Optional.empty();
        }
        String before = last(context).text();
        List<List<String>> groups = new ArrayList<>();
        Matcher matcher = ITEM.matcher(before);
        while (matcher.find()) {
            if (matcher.group(3) != null) {
                groups.add(quoted(matcher.group(3)));
            }
        }
        return groups.size() == 1 ? Optional.of(groups.get(0)) : Optional.empty();
    }

    /** Returns the words of the last order of the step before, where nothing in it is undecided. */
    private static Optional<List<String>> lastOrder(StepContext context) {
        if (context.earlier().isEmpty()) {
            return Optional.empty();
        }
        List<Chain> chains = chains(last(context).text());
        if (chains.isEmpty()) {
            return Optional.empty();
        }
        Chain last = chains.get(chains.size() - 1);
        boolean decided = last.items().stream().allMatch(item -> item.words().size() == 1);
        return decided ? Optional.of(last.words()) : Optional.empty();
    }

    /** Returns the words of a list that white space or commas separate. */
    private static List<String> listed(String text) {
        List<String> words = new ArrayList<>();
        int start = -1;
        int limit = Math.min(text.length(), 20_000);
        for (int i = 0; i <= limit; i++) {
            boolean separator = i == limit || Character.isWhitespace(text.charAt(i)) || text.charAt(i) == ',';
            if (separator && start >= 0) {
                String word = text.substring(start, i).toLowerCase(Locale.ROOT);
                words.add(word.endsWith(".") || word.endsWith(":") ? word.substring(0, word.length() - 1) : word);
                start = -1;
            } else if (!separator && start < 0) {
                start = i;
            }
        }
        return words;
    }

    private static Map<String, Integer> counts(List<String> words) {
        Map<String, Integer> counts = new HashMap<>();
        words.forEach(word -> counts.merge(word, 1, Integer::sum));
        return counts;
    }
}
