package dev.llmlifecycle.core.app;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.internal.ValidatorChain;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the model and the user: text goes out when the validators that judge it have passed it.
 *
 * <p>Without validators of sentences every piece goes out at once. With them, text is held back until its window of
 * sentences is full and every one of them has passed it. Validators of answers judge at the end, and what they refuse
 * is retracted. One gate serves one attempt and one thread.
 */
final class OutputGate {

    /** Up to so many characters, text that is held back is looked through with every piece. */
    private static final int LOOKED_THROUGH_AT_ONCE = 1_000;

    private final ValidatorChain sentenceValidators;
    private final ValidatorChain answerValidators;
    private final StreamWindow window;
    private final ValidationContext context;
    private final Abstention abstention;
    private final boolean json;
    private final Run run;
    private final StringBuilder received = new StringBuilder();
    private final StringBuilder approved = new StringBuilder();
    private final Set<Integer> announced = new HashSet<>();
    private final Set<String> rewrittenBy = new LinkedHashSet<>();
    private int judged;
    private int nextSplit;
    private int searched;
    private ValidatorChain.@Nullable Refusal refusal;

    OutputGate(
            ValidatorChain validators,
            StreamWindow window,
            ValidationContext context,
            Abstention abstention,
            boolean json,
            Run run) {
        this.sentenceValidators = validators.part(Validator.Scope.SENTENCE);
        this.answerValidators = validators.part(Validator.Scope.ANSWER);
        this.window = window;
        this.context = context;
        this.abstention = abstention;
        this.json = json;
        this.run = run;
    }

    /** Takes more text from the model. */
    void accept(String text) {
        received.append(text);
        if (isBlocked()) {
            return;
        }
        if (sentenceValidators.isEmpty()) {
            judged = received.length();
            send(text);
        } else if (received.length() - judged >= nextSplit && !mayAbstain()) {
            judgeCompleteSentences();
        }
    }

    /** Judges what is left, and the whole. */
    ValidatorChain.Result finish(String answer) {
        if (!answer.contentEquals(received)) {
            restart(answer);
        }
        if (!isBlocked()) {
            judgeRest();
        }
        if (refusal == null) {
            judgeAnswer();
        }
        if (refusal != null) {
            retract(
                    refusal.outcome() instanceof ValidationOutcome.Retry
                            ? "the answer is improved"
                            : "the answer is withheld");
        }
        return new ValidatorChain.Result(approved.toString(), List.copyOf(rewrittenBy), Optional.ofNullable(refusal));
    }

    private boolean isBlocked() {
        return refusal != null && refusal.outcome() instanceof ValidationOutcome.Block;
    }

    /** Starts again with another text than the one that was streamed. */
    private void restart(String answer) {
        retract("the answer was revised");
        received.setLength(0);
        received.append(answer);
        judged = 0;
        refusal = null;
        rewrittenBy.clear();
    }

    /** An abstention of several sentences must be seen whole, since its sentences would be judged otherwise. */
    private boolean mayAbstain() {
        return received.length() <= abstention.phrase().length() && abstention.mayStartWith(received.toString());
    }

    /** Judges the windows that are full of sentences; the last sentence may go on. */
    private void judgeCompleteSentences() {
        String pending = received.substring(judged);
        List<TextSpan> sentences = Sentences.split(pending);
        if (sentences.size() > 1) {
            judge(pending, window.full(sentences.subList(0, sentences.size() - 1)));
        }
        // A sentence without end is split again when it has grown by an eighth, so that the time stays linear.
        int left = received.length() - judged;
        nextSplit = left < LOOKED_THROUGH_AT_ONCE ? 0 : left + left / 8;
    }

    private void judgeRest() {
        String pending = received.substring(judged);
        boolean abstains = judged == 0 && abstention.matches(pending);
        if (!abstains && !sentenceValidators.isEmpty()) {
            judge(pending, window.all(Sentences.split(pending)));
        }
        send(received.substring(judged));
        judged = received.length();
    }

    /**
     * Judges windows and sends what passes, the white space before it included. One that the model is asked again about
     * ends the sending and not the judging, so that the model hears of all that is wrong at once.
     */
    private void judge(String pending, List<TextSpan> windows) {
        int start = judged;
        int sent = 0;
        for (TextSpan span : windows) {
            Optional<String> passed = check(sentenceValidators, span.of(pending), start + span.start());
            if (isBlocked()) {
                return;
            }
            send(pending.substring(sent, span.start()));
            send(passed.orElse(""));
            sent = span.end();
            judged = start + sent;
        }
    }

    private void judgeAnswer() {
        if (answerValidators.isEmpty()) {
            return;
        }
        String before = approved.toString();
        if (before.isBlank()) {
            return;
        }
        check(answerValidators, before, 0).ifPresent(passed -> {
            if (!passed.equals(before)) {
                retract("the answer was revised");
                send(passed);
            }
        });
    }

    /** Returns the text as the validators leave it, or nothing and a refusal. */
    private Optional<String> check(ValidatorChain validators, String text, int start) {
        if (abstention.matches(text)) {
            return Optional.of(text);
        }
        ValidatorChain.Result result =
                validators.run(text, any -> context, findings -> run.found(shifted(findings, start)));
        rewrittenBy.addAll(result.rewrittenBy());
        result.refusal().ifPresent(this::refuse);
        return result.refusal().isPresent() ? Optional.empty() : Optional.of(result.text());
    }

    /** A finding tells where it is in all that the model said. */
    private static List<Finding> shifted(List<Finding> findings, int by) {
        return by == 0
                ? findings
                : findings.stream()
                        .map(finding -> finding.span()
                                .map(span -> finding.withSpan(new TextSpan(span.start() + by, span.end() + by)))
                                .orElse(finding))
                        .toList();
    }

    /** The first block holds; until there is one, the model is told everything that it is asked again about. */
    private void refuse(ValidatorChain.Refusal next) {
        ValidatorChain.Refusal before = refusal;
        if (before != null
                && before.outcome() instanceof ValidationOutcome.Retry earlier
                && next.outcome() instanceof ValidationOutcome.Retry later) {
            List<Finding> findings = new ArrayList<>(earlier.findings());
            findings.addAll(later.findings());
            String instruction = Stream.of(earlier, later)
                    .flatMap(retry -> retry.instruction().lines())
                    .distinct()
                    .collect(Collectors.joining("\n"));
            refusal =
                    new ValidatorChain.Refusal(before.validator(), new ValidationOutcome.Retry(instruction, findings));
        } else {
            refusal = next;
        }
    }

    private void send(String text) {
        if (text.isEmpty() || refusal != null) {
            return;
        }
        approved.append(text);
        run.emit(new AnswerEvent.Text(text));
        if (!json && text.indexOf(']') >= 0) {
            announceCitations();
        }
    }

    /** Searches the text since the last search, from the bracket on that it may have left open. */
    private void announceCitations() {
        String part = approved.substring(searched);
        for (Citation citation : Citations.in(part, context.passages())) {
            if (announced.add(citation.number())) {
                run.emit(new AnswerEvent.Cited(citation));
            }
        }
        int open = part.lastIndexOf('[');
        searched = open > part.lastIndexOf(']') ? searched + open : approved.length();
    }

    private void retract(String reason) {
        if (approved.length() > 0) {
            run.emit(new AnswerEvent.Retracted(reason));
            approved.setLength(0);
            announced.clear();
            searched = 0;
        }
    }
}
