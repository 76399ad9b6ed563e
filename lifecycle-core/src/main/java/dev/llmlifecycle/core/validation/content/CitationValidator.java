package dev.llmlifecycle.core.validation.content;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationContext.Subject;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.internal.text.CitationMarks;
import dev.llmlifecycle.core.internal.text.Words;
import org.jspecify.annotations.Nullable;

/** Checks that each citation names a passage, and that the passages a sentence cites say what it says. */
final class CitationValidator implements Validator {

    private static final String NAME = "citations";
    private static final String INSTRUCTION = "A citation of your answer is wrong. Answer again, and put behind each"
            + " statement the number of the passage that says it, such as [1].";
    private static final Pattern CODE = Pattern.compile("`[^`\n]{1,200}+`");
    private static final Pattern LIST_NUMBER = Pattern.compile("(?m)^[ \\t]*+\\d{1,3}+[.)](?=\\s)");

    /** With fewer words a sentence says too little to be compared. */
    private static final int FEWEST_WORDS = 3;

    /** The share of content words below which a passage does not say a sentence. */
    private static final double LEAST_SHARE = 0.4;

    /** How sure it is by the share, on a logistic curve that is set by hand. */
    private static final double INTERCEPT = 4.0;

    private static final double SLOPE = -9.0;

    private final Identity identity = Identity.of(NAME, "1", Map.of("leastShare", LEAST_SHARE));

    /** The sentences of one answer come one after the other with the same passages, so their words are kept. */
    private volatile @Nullable Known last;

    CitationValidator() {}

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public Scope scope() {
        return Scope.SENTENCE;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        if (context.subject() != Subject.ANSWER) {
            return ValidationOutcome.pass();
        }
        List<CitationMarks.Mark> marks = CitationMarks.in(withoutCode(text));
        if (marks.isEmpty()) {
            return ValidationOutcome.pass();
        }
        Known known = known(context.passages());
        List<Finding> findings = new ArrayList<>();
        int next = 0;
        for (TextSpan sentence : Sentences.split(text)) {
            SortedSet<Integer> cited = new TreeSet<>();
            while (next < marks.size() && marks.get(next).span().start() < sentence.end()) {
                CitationMarks.Mark mark = marks.get(next++);
                if (mark.number() < 1 || mark.number() > context.passages().size()) {
                    findings.add(unknown(mark, context.passages().size()));
                } else {
                    cited.add(mark.number());
                }
            }
            if (!cited.isEmpty()) {
                judge(sentence, sentence.of(text), cited, known).ifPresent(findings::add);
            }
        }
        return ValidationOutcome.following(text, findings);
    }

    /** The index of an array is no citation. */
    private static String withoutCode(String text) {
        return CODE.matcher(FencedCode.blank(text)).replaceAll(code -> " ".repeat(code.end() - code.start()));
    }

    private static Finding unknown(CitationMarks.Mark mark, int passages) {
        return Finding.of(
                        NAME,
                        "unknown-citation",
                        passages == 0 ? Finding.Severity.WARNING : Finding.Severity.ERROR,
                        "The citation names passage " + mark.number() + " of " + passages)
                .withSpan(mark.span())
                .withRemedy(new Remedy.AskAgain(INSTRUCTION));
    }

    private static Optional<Finding> judge(TextSpan span, String sentence, Set<Integer> cited, Known known) {
        List<String> words = Words.content(
                LIST_NUMBER.matcher(CitationMarks.remove(sentence)).replaceAll(" "));
        if (words.size() < FEWEST_WORDS) {
            return Optional.empty();
        }
        int said = 0;
        Set<String> numbers = new TreeSet<>();
        for (String word : words) {
            boolean there =
                    cited.stream().anyMatch(number -> known.words(number).contains(key(word)));
            said += there ? 1 : 0;
            if (!there && Words.isNumber(word)) {
                numbers.add(word);
            }
        }
        double share = said / (double) words.size();
        if (share < LEAST_SHARE) {
            return Optional.of(wrong(
                    "unsupported-citation",
                    span,
                    "Of " + words.size() + " content words " + said + " stand in what the sentence cites " + cited,
                    share));
        }
        return numbers.isEmpty()
                ? Optional.empty()
                : Optional.of(wrong(
                                "unsupported-number",
                                span,
                                "A number of the sentence does not stand in what it cites " + cited,
                                share)
                        .withConfidence(0.8)
                        .withEvidence(String.join(", ", numbers)));
    }

    private static Finding wrong(String code, TextSpan span, String message, double share) {
        return Finding.of(NAME, code, Finding.Severity.ERROR, message)
                .withSpan(span)
                .withConfidence(1 / (1 + Math.exp(-INTERCEPT - SLOPE * share)))
                .withRemedy(new Remedy.AskAgain(INSTRUCTION));
    }

    /** A number is the same with and without marks between its thousands. */
    private static String key(String word) {
        return Words.isNumber(word) ? word.replace(",", "") : word;
    }

    private Known known(List<Passage> passages) {
        Known kept = last;
        if (kept != null && kept.passages() == passages) {
            return kept;
        }
        Known known = new Known(passages, new HashMap<>());
        for (int i = 0; i < passages.size(); i++) {
            Set<String> words = new HashSet<>();
            Passage passage = passages.get(i);
            add(passage.text(), words);
            passage.heading().ifPresent(heading -> add(heading, words));
            passage.title().ifPresent(title -> add(title, words));
            known.byNumber().put(i + 1, words);
        }
        last = known;
        return known;
    }

    private static void add(String text, Set<String> words) {
        for (String word : Words.all(text)) {
            words.add(key(word));
        }
    }

    /** The words of passages, which are not changed once they are here. */
    private record Known(List<Passage> passages, Map<Integer, Set<String>> byNumber) {

        Set<String> words(int number) {
            return byNumber.getOrDefault(number, Set.of());
        }
    }
}
