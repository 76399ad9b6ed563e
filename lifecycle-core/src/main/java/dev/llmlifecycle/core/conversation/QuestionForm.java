package dev.llmlifecycle.core.conversation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmlifecycle.core.internal.text.Words;

/**
 * What the form of an English question tells of its place in a conversation: whether it opens another topic, corrects
 * the question before it, or leaves out what was said there.
 */
final class QuestionForm {

    private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{N}]+(?:['’.-][\\p{L}\\p{N}]+)*");

    private static final Pattern INTERJECTIONS = Pattern.compile(
            "^(?:(?:ok|okay|thanks|thank you|thx|great|good|fine|perfect|alright|all right|cool|nice|hm+|oh|ah|aha|well"
                    + "|so|right|yes|yep|sure|i see|got it|please|hi|hello|hey)(?=[\\s,.!;:-])[\\s,.!;:-]*){1,5}",
            Pattern.CASE_INSENSITIVE);

    /** Words that announce another topic, at the beginning of a clause. */
    private static final Pattern TOPIC_CHANGE = Pattern.compile(
            "(?:^|[.!?,;:-]\\s*)(?:and |but |now |on |just ){0,4}(?:an? |one |the |to )?(?:completely |totally |quite |very )?"
                    + "(?:(?:another|different|new|other|separate|unrelated)"
                    + " (?:thing|topic|question|subject|matter|note|issue|story)\\b"
                    + "|(?:something|topic) (?:else|different|new)\\b"
                    + "|(?:change|changing) (?:of |the )?(?:topic|subject)|switch(?:ing)? (?:topics?|subjects?)"
                    + "|unrelated(?:ly)?\\s*[,:])",
            Pattern.CASE_INSENSITIVE);

    /** Words that announce another question, on whatever topic. */
    private static final Pattern NEXT_QUESTION = Pattern.compile(
            "^(?:and |but |oh )?(?:by the way|btw|one (?:more|last) (?:thing|question)|one more|next question"
                    + "|also a question|a question)\\b[\\s,.:;-]*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern CORRECTION = Pattern.compile(
            "^(?:(?:no+|nope|nah)(?=[\\s]*[,.!;:-]|\\s+(?:not|for|in|with|on|to|from|at|the|a|an|my|i|it|that|this)\\b)"
                    + "|sorry|pardon|i mean\\b|i meant|correction|rather|that'?s not what i (?:mean|meant|asked)"
                    + "|(?=not (?:the|that|this|for|in|with|on|to|from|at|a|an|my)\\b))[\\s,.!;:-]*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern HEDGE =
            Pattern.compile("^(?:wait|actually|in fact|hold on)\\b[\\s,.!;:-]*", Pattern.CASE_INSENSITIVE);

    /** Words that go on with what was said, whatever follows them. */
    private static final Pattern CONTINUATION = Pattern.compile(
            "^(?:(?:and|or|but|also|plus|then|so)\\b[\\s,]*){0,4}"
                    + "(?:(?:what|how) about|what if|what of|if|same (?:for|with|question for))\\b[\\s,]*",
            Pattern.CASE_INSENSITIVE);

    /** Words that join a question to the one before, which may be a whole question all the same. */
    private static final Pattern CONJUNCTION =
            Pattern.compile("^(?:(?:and|or|but|also|plus|then)(?=\\W)[\\s,]*){1,4}", Pattern.CASE_INSENSITIVE);

    private static final Pattern BACKWARD_END = Pattern.compile(
            "\\b(?:then|instead|too|as well|either|otherwise|again|in (?:that|this) case|on top)\\W*$",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern EXPLETIVE = Pattern.compile(
            "\\b(?:(?:is|was|will|would|does|did|can|could) )?it (?:be |is |was )?(?:\\w+ )??"
                    + "(?:possible|necessary|true|allowed|okay|ok|enough|worth|safe|normal|take|takes|cost|costs)"
                    + "\\b[^,.;]*\\b(?:to|that|if|for|when)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Set<String> PRONOUNS = Set.of(
            "it", "its", "they", "them", "their", "theirs", "he", "him", "his", "she", "her", "ones", "those", "these");
    private static final Set<String> DEMONSTRATIVES = Set.of("this", "that");
    private static final Set<String> TIMES = Set.of(
            "day",
            "week",
            "weekend",
            "month",
            "year",
            "morning",
            "evening",
            "afternoon",
            "spring",
            "summer",
            "autumn",
            "winter",
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
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday");

    /** Words of which a clause with a verb has one; what has none is a fragment. */
    private static final Set<String> VERBS = Set.of(
            "is", "are", "was", "were", "be", "am", "do", "does", "did", "can", "could", "will", "would", "shall",
            "should", "may", "might", "must", "has", "have", "had", "need", "needs", "i", "you", "we", "it", "they",
            "i'm", "i've", "i'll", "i'd", "don't", "doesn't", "can't", "isn't", "aren't", "won't", "tell", "explain",
            "give", "show", "get", "cost", "costs", "happens", "works", "work", "know");

    /** Words that say too little of what a question is about. */
    private static final Set<String> LIGHT = Set.copyOf(Words.content(
            "cost price much long take work mean happen need say know tell go thing do one many ok yes no exactly"
                    + " really else also maybe still now then use make give"));

    private static final int SHORT_QUESTION = 1;
    private static final int WHOLE_QUESTION = 2;
    private static final int SHORT_FRAGMENT = 4;

    private final String core;
    private final boolean topicChange;
    private final boolean correction;
    private final boolean continuation;
    private final boolean conjunction;
    private final List<String> tokens;

    private QuestionForm(String text) {
        String said = without(INTERJECTIONS, text.strip());
        this.topicChange = TOPIC_CHANGE.matcher(said).find();
        String rest = without(NEXT_QUESTION, said);
        String unhedged = without(HEDGE, rest);
        String corrected = repeatedlyWithout(CORRECTION, unhedged);
        this.correction = corrected.length() < unhedged.length()
                || CORRECTION.matcher(unhedged).lookingAt();
        String continued = without(CONTINUATION, corrected);
        this.continuation = continued.length() < corrected.length();
        String joined = continuation ? continued : without(CONJUNCTION, corrected);
        this.conjunction = joined.length() < corrected.length();
        this.core = tokens(joined).isEmpty() ? rest : joined;
        this.tokens = tokens(core);
    }

    static QuestionForm of(String text) {
        return new QuestionForm(text);
    }

    /** Returns a question without the words that announced another topic, which say nothing of the topic. */
    static String withoutAnnouncement(String question) {
        String said = without(INTERJECTIONS, question.strip());
        Matcher announced = TOPIC_CHANGE.matcher(said);
        String rest = announced.find() && announced.end() < said.length() ? said.substring(announced.end()) : question;
        return rest.replaceFirst("^[\\s,.:;!-]+", "").strip();
    }

    /** Returns the question without what ties it to the one before. */
    String core() {
        return core;
    }

    boolean opensTopic() {
        return topicChange;
    }

    boolean corrects() {
        return correction;
    }

    /** Says whether the question leaves out what the one before said. */
    boolean leansOnWhatWasSaid() {
        return correction
                || continuation
                || (conjunction && !namesItsTopic())
                || BACKWARD_END.matcher(core).find()
                || refersBack()
                || (content().size() <= SHORT_QUESTION && (!hasVerb() || heavy().isEmpty()))
                || (!hasVerb() && tokens.size() <= SHORT_FRAGMENT);
    }

    /** Says whether there is nothing in the question that it could be about. */
    boolean isVague() {
        boolean open = conjunction || refersBack() || !hasVerb();
        return open && heavy().isEmpty() && !tokens.isEmpty();
    }

    /** Says whether it is a name or a phrase rather than a question of its own. */
    boolean isFragment() {
        return !hasVerb() && !startsWithQuestionWord();
    }

    /** Says whether it is about one thing that it does not name. */
    boolean refersToOne() {
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            boolean one = token.equals("it") || token.equals("one") || token.equals("that") || token.equals("this");
            if (one && isAnaphor(i)) {
                return names(core).isEmpty();
            }
        }
        return false;
    }

    List<String> content() {
        return Words.content(core);
    }

    private Set<String> heavy() {
        Set<String> heavy = new HashSet<>(content());
        heavy.removeAll(LIGHT);
        return heavy;
    }

    /** Says whether it is a whole question with enough words to be understood without what it is joined to. */
    private boolean namesItsTopic() {
        return hasVerb() && heavy().size() >= WHOLE_QUESTION;
    }

    private boolean hasVerb() {
        return tokens.stream().anyMatch(VERBS::contains);
    }

    private boolean startsWithQuestionWord() {
        return !tokens.isEmpty()
                && Set.of("what", "how", "when", "where", "who", "which", "why", "whose", "until")
                        .contains(tokens.get(0));
    }

    /** Says whether a pronoun stands for something outside the question. */
    private boolean refersBack() {
        if (EXPLETIVE.matcher(core).find()) {
            return false;
        }
        int clause = 0;
        for (String part : core.split("[,;:.!?]+\\s+", -1)) {
            List<String> own = tokens(part);
            // What an earlier clause of the question names is what the pronoun stands for.
            boolean named = clause > 0 && hasAntecedent(core.substring(0, core.indexOf(part)));
            for (int i = 0; i < own.size() && !named; i++) {
                if (isAnaphor(own, i)) {
                    return true;
                }
            }
            clause++;
        }
        return tokens.contains("same");
    }

    private static boolean hasAntecedent(String before) {
        Set<String> heavy = new HashSet<>(Words.content(before));
        heavy.removeAll(LIGHT);
        return !heavy.isEmpty() && tokens(before).size() > 1;
    }

    private boolean isAnaphor(int index) {
        return isAnaphor(tokens, index);
    }

    private static boolean isAnaphor(List<String> tokens, int index) {
        String token = tokens.get(index);
        String before = index == 0 ? "" : tokens.get(index - 1);
        String after = index + 1 == tokens.size() ? "" : tokens.get(index + 1);
        if (PRONOUNS.contains(token)) {
            return !(token.equals("those") && after.equals("who"));
        }
        if (token.equals("one")) {
            boolean counts = !after.isEmpty() && !Words.content(after).isEmpty();
            return !counts && !before.equals("no");
        }
        if (!DEMONSTRATIVES.contains(token) || TIMES.contains(after)) {
            return false;
        }
        boolean atEnd = after.isEmpty() || after.equals("one");
        boolean subject =
                index == 0 || VERBS.contains(before) || Words.content(before).isEmpty();
        return atEnd || (subject && !after.equals("i") && !after.equals("you") && !after.equals("we"));
    }

    /** Returns the names in a text: runs of words that begin with a capital or a digit, but for the first word. */
    static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        Matcher token = TOKEN.matcher(text);
        StringBuilder run = new StringBuilder();
        int end = -1;
        boolean first = true;
        while (token.find()) {
            String word = token.group();
            int initial = word.codePointAt(0);
            boolean name = !first
                    && (Character.isUpperCase(initial) || (run.length() > 0 && Character.isDigit(initial)))
                    && !word.equals("I")
                    && !word.startsWith("I'");
            boolean joined = name
                    && run.length() > 0
                    && text.substring(end, token.start()).equals(" ");
            if (run.length() > 0 && !joined) {
                names.add(run.toString());
                run.setLength(0);
            }
            if (name && (joined || Character.isUpperCase(initial))) {
                run.append(joined ? " " : "").append(word);
                end = token.end();
            }
            first = false;
        }
        if (run.length() > 0) {
            names.add(run.toString());
        }
        return names;
    }

    /** Returns the words of a text that carry content, as they are written, each once. */
    static List<String> terms(String text) {
        List<String> terms = new ArrayList<>();
        Set<String> stems = new HashSet<>();
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            List<String> stem = Words.content(token.group());
            if (!stem.isEmpty() && !LIGHT.containsAll(stem) && stems.add(stem.get(0))) {
                terms.add(token.group());
            }
        }
        return terms;
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            tokens.add(token.group().toLowerCase(Locale.ROOT).replace('’', '\''));
        }
        return tokens;
    }

    private static String without(Pattern lead, String text) {
        Matcher matcher = lead.matcher(text);
        return matcher.lookingAt() ? text.substring(matcher.end()) : text;
    }

    private static String repeatedlyWithout(Pattern lead, String text) {
        String rest = text;
        String shorter = without(lead, rest);
        while (shorter.length() < rest.length()) {
            rest = shorter;
            shorter = without(lead, rest);
        }
        return rest;
    }
}
