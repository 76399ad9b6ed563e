package dev.llmlifecycle.core.conversation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.QuestionRewriter;
import dev.llmlifecycle.api.app.Rewriting;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.internal.text.Words;

/**
 * Makes English follow-ups stand alone by rules, without a model.
 *
 * <p>A fragment is put behind the question before it: after "How long do I have to return an order?" the question "and
 * for business customers?" becomes "How long do I have to return an order, for business customers?". A question with a
 * verb of its own that says "it" or begins with "and" gets the terms of the question before it, which retrieval looks
 * for: "do they pay for it? (about: return order business customers)". Corrections ("no, I meant the other one") are
 * follow-ups; a question that announces another topic, or stands alone and shares no word with the turn before, opens a
 * new one and is left as it is. A question that names nothing is asked back for, and so is one that says "it" after two
 * names.
 *
 * <p>The rules know English word order and pronouns. In another language few questions are seen as follow-ups: use a
 * {@link ModelRewriter} there.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class FollowUpRewriter implements QuestionRewriter {

    /** What the user is asked unless the host sets another text. */
    static final String CLARIFICATION = "I am not sure what you are asking about. Can you name it?";

    private static final String VERSION = "1";
    private static final String ABOUT = " (about: ";
    private static final String BETWEEN = "Do you mean ";
    private static final Pattern WITH_TERMS = Pattern.compile("(.*?) \\(about: ([^()]*)\\)", Pattern.DOTALL);
    private static final Pattern NOT_BUT = Pattern.compile(
            "not (?:for |in |with |on |to |from |at )?(?:the |that |this |an? |my )?([^,.;]+?)\\s*[,.;]+\\s*(?:but )?(.+)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern PHRASE =
            Pattern.compile("(for|in|with|on|to|from|at|by) [^,.;:?!]+", Pattern.CASE_INSENSITIVE);
    private static final String NAME = "\\p{Lu}[\\p{L}\\p{N}]*(?: (?:\\p{Lu}[\\p{L}\\p{N}]*|\\p{N}+)\\b)*";
    private static final String ARTICLE = "(?i:the|an?|my)";
    private static final int MOST_TERMS = 8;
    private static final int LONGEST_MAIN = 160;

    private final String clarification;
    private final Identity identity;

    private FollowUpRewriter(Builder builder) {
        this.clarification = builder.clarification;
        this.identity = Identity.of("follow-up-rules", VERSION, Map.of("clarification", clarification));
    }

    /**
     * Starts a rewriter.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public Rewriting rewrite(Question question, List<ChatMessage> history) {
        QuestionForm form = QuestionForm.of(question.text());
        Optional<LastTurn> last = LastTurn.of(history);
        if (last.isEmpty()) {
            return form.isVague() ? new Rewriting.Unclear(clarification) : new Rewriting.StandsAlone();
        }
        if (form.opensTopic()) {
            return new Rewriting.NewTopic();
        }
        if (wasAskedBack(last.get())) {
            return form.leansOnWhatWasSaid() || form.isFragment()
                    ? new Rewriting.FollowUp(appended(last.get().question(), form))
                    : new Rewriting.StandsAlone();
        }
        if (!form.leansOnWhatWasSaid()) {
            return sharesAWord(form, last.get()) ? new Rewriting.StandsAlone() : new Rewriting.NewTopic();
        }
        Optional<String> between = form.refersToOne() ? between(last.get().question()) : Optional.empty();
        if (between.isPresent()) {
            return new Rewriting.Unclear(between.get());
        }
        return new Rewriting.FollowUp(
                form.isFragment() || form.corrects()
                        ? appended(last.get().question(), form)
                        : withTerms(form, last.get().question()));
    }

    private boolean wasAskedBack(LastTurn last) {
        return last.answer().equals(clarification) || last.answer().startsWith(BETWEEN);
    }

    private static boolean sharesAWord(QuestionForm form, LastTurn last) {
        Set<String> said = new HashSet<>(Words.content(last.question()));
        said.addAll(Words.content(last.answer()));
        return form.content().stream().anyMatch(said::contains);
    }

    /** Asks which of two names is meant, where the question before named two. */
    private static Optional<String> between(String question) {
        List<String> names = QuestionForm.names(question);
        if (names.size() != 2) {
            return Optional.empty();
        }
        Pattern joined = Pattern.compile(
                Pattern.quote(names.get(0)) + ",? (?:and|or) (?:the |an? |my )?" + Pattern.quote(names.get(1)));
        return joined.matcher(question).find()
                ? Optional.of(BETWEEN + names.get(0) + " or " + names.get(1) + "?")
                : Optional.empty();
    }

    /** Puts what is new behind the question before, or in the place of what it corrects there. */
    private static String appended(String before, QuestionForm form) {
        Parts last = Parts.of(before);
        String added = withoutEnd(form.core());
        Matcher instead = NOT_BUT.matcher(added);
        if (form.corrects() && instead.matches()) {
            added = instead.group(2).strip();
            Matcher wrong = Pattern.compile("\\b(?:" + ARTICLE + " )?"
                            + Pattern.quote(instead.group(1).strip()) + "\\b")
                    .matcher(last.main());
            if (wrong.find()) {
                boolean bare = !wrong.group().matches(ARTICLE + " .*");
                String right = bare ? added.replaceFirst("^" + ARTICLE + " ", "") : added;
                return end(
                        last.main().substring(0, wrong.start())
                                + right
                                + last.main().substring(wrong.end()),
                        last.terms());
            }
        }
        Optional<String> elsewhere = inTheSamePlace(last.main(), added);
        if (elsewhere.isPresent()) {
            return end(elsewhere.get(), last.terms());
        }
        return last.main().length() > LONGEST_MAIN
                ? withTerms(form, before)
                : end(last.main() + ", " + added, last.terms());
    }

    /** Puts "to Austria" in the place of "to Germany": what follows the same preposition as the last name there. */
    private static Optional<String> inTheSamePlace(String main, String added) {
        Matcher phrase = PHRASE.matcher(added);
        if (!phrase.lookingAt()) {
            return Optional.empty();
        }
        Matcher place = Pattern.compile("\\b(?i:" + phrase.group(1) + ") (?:" + ARTICLE + " )?" + NAME)
                .matcher(main);
        int start = -1;
        int end = -1;
        while (place.find()) {
            start = place.start();
            end = place.end();
        }
        return start < 0
                ? Optional.empty()
                : Optional.of(main.substring(0, start)
                        + phrase.group()
                        + main.substring(end)
                        + added.substring(phrase.end()));
    }

    private static String withTerms(QuestionForm form, String before) {
        Parts last = Parts.of(before);
        Set<String> own = new HashSet<>(form.content());
        List<String> terms = new ArrayList<>(QuestionForm.terms(last.main()));
        terms.addAll(last.terms());
        boolean dated = own.stream().anyMatch(FollowUpRewriter::isYear);
        terms.removeIf(term -> own.containsAll(Words.content(term)) || (dated && isYear(term)));
        return end(withoutEnd(form.core()), terms);
    }

    private static boolean isYear(String word) {
        return word.matches("(?:19|20)\\d\\d");
    }

    private static String end(String main, List<String> terms) {
        Set<String> said = new HashSet<>(Words.content(main));
        Set<String> kept = new LinkedHashSet<>();
        for (String term : terms) {
            if (kept.size() < MOST_TERMS && said.addAll(Words.content(term))) {
                kept.add(term);
            }
        }
        return main + "?" + (kept.isEmpty() ? "" : ABOUT + String.join(" ", kept) + ")");
    }

    private static String withoutEnd(String text) {
        return text.strip().replaceFirst("[\\s?.!]+$", "");
    }

    static String requireText(String clarification) {
        if (Objects.requireNonNull(clarification, "clarification").isBlank()) {
            throw new IllegalArgumentException("the clarification is blank; leave it out or fill it in");
        }
        return clarification;
    }

    /** The question before, in the words that were answered, and its answer. */
    private record LastTurn(String question, String answer) {

        static Optional<LastTurn> of(List<ChatMessage> history) {
            String answer = "";
            for (int i = history.size() - 1; i >= 0; i--) {
                ChatMessage message = history.get(i);
                if (message instanceof AiMessage ai && ai.text() != null && answer.isEmpty()) {
                    answer = ai.text();
                } else if (message instanceof UserMessage user && user.hasSingleText() && !Summary.isOpening(message)) {
                    return Optional.of(new LastTurn(user.singleText(), answer));
                }
            }
            return Optional.empty();
        }
    }

    /** A question as this class writes it: the question, and the terms it carries on. */
    private record Parts(String main, List<String> terms) {

        static Parts of(String question) {
            String plain = QuestionForm.withoutAnnouncement(question);
            Matcher matcher = WITH_TERMS.matcher(plain);
            return matcher.matches()
                    ? new Parts(
                            withoutEnd(matcher.group(1)),
                            List.of(matcher.group(2).split(" ", -1)))
                    : new Parts(withoutEnd(plain), List.of());
        }
    }

    /** Builds a {@link FollowUpRewriter}. Not thread-safe. */
    public static final class Builder {

        private String clarification = CLARIFICATION;

        private Builder() {}

        /**
         * Sets what the user is asked when a question names nothing. Default: {@code I am not sure what you are asking
         * about. Can you name it?}
         *
         * @param clarification the text, not blank
         * @return this builder
         */
        public Builder clarification(String clarification) {
            this.clarification = requireText(clarification);
            return this;
        }

        /**
         * Builds the rewriter.
         *
         * @return the rewriter
         */
        public FollowUpRewriter build() {
            return new FollowUpRewriter(this);
        }
    }
}
