package dev.llmlifecycle.core.app;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the model and the user: text goes out when the validators that judge it have passed it.
 *
 * <p>Without validators of sentences every piece goes out at once. With them, text is held back until its sentence is
 * complete and every one of them has passed it. Validators of answers judge at the end, and what they refuse is
 * retracted. One gate serves one attempt and one thread.
 */
final class OutputGate {

    private final List<Validator> sentenceValidators;
    private final List<Validator> answerValidators;
    private final ValidationContext context;
    private final Abstention abstention;
    private final boolean json;
    private final Run run;
    private final StringBuilder received = new StringBuilder();
    private final StringBuilder approved = new StringBuilder();
    private final Set<Integer> announced = new HashSet<>();
    private int judged;
    private int nextSplit;
    private int searched;
    private @Nullable Refusal refusal;

    OutputGate(List<Validator> validators, ValidationContext context, Abstention abstention, boolean json, Run run) {
        this.sentenceValidators = validators.stream()
                .filter(validator -> validator.scope() == Validator.Scope.SENTENCE)
                .toList();
        this.answerValidators = validators.stream()
                .filter(validator -> validator.scope() == Validator.Scope.ANSWER)
                .toList();
        this.context = context;
        this.abstention = abstention;
        this.json = json;
        this.run = run;
    }

    /** Takes more text from the model. */
    void accept(String text) {
        received.append(text);
        if (refusal != null) {
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
    Result finish(String answer) {
        if (!answer.contentEquals(received)) {
            restart(answer);
        }
        if (refusal == null) {
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
        return new Result(approved.toString(), Optional.ofNullable(refusal));
    }

    /** Starts again with another text than the one that was streamed. */
    private void restart(String answer) {
        retract("the answer was revised");
        received.setLength(0);
        received.append(answer);
        judged = 0;
        refusal = null;
    }

    /** An abstention of several sentences must be seen whole, since its sentences would be judged otherwise. */
    private boolean mayAbstain() {
        return received.length() <= abstention.phrase().length() && abstention.mayStartWith(received.toString());
    }

    /** Judges all sentences but the last, which may go on. */
    private void judgeCompleteSentences() {
        String pending = received.substring(judged);
        List<TextSpan> sentences = Sentences.split(pending);
        int open = sentences.isEmpty() ? 0 : sentences.get(sentences.size() - 1).start();
        if (sentences.size() > 1) {
            judged += open;
            judge(pending.substring(0, open), sentences.subList(0, sentences.size() - 1));
        }
        // A sentence without end is split again when it has grown by an eighth, so that the time stays linear.
        int left = received.length() - judged;
        nextSplit = left + left / 8;
    }

    private void judgeRest() {
        String pending = received.substring(judged);
        boolean abstains = judged == 0 && abstention.matches(pending);
        judged = received.length();
        if (abstains || sentenceValidators.isEmpty()) {
            send(pending);
        } else {
            judge(pending, Sentences.split(pending));
        }
    }

    /** Judges sentences and sends what passes, the white space around it included. */
    private void judge(String part, List<TextSpan> sentences) {
        int sent = 0;
        for (TextSpan sentence : sentences) {
            Optional<String> passed = check(sentenceValidators, sentence.of(part));
            if (passed.isEmpty()) {
                return;
            }
            send(part.substring(sent, sentence.start()));
            send(passed.get());
            sent = sentence.end();
        }
        send(part.substring(sent));
    }

    private void judgeAnswer() {
        if (answerValidators.isEmpty()) {
            return;
        }
        String before = approved.toString();
        if (before.isBlank()) {
            return;
        }
        check(answerValidators, before).ifPresent(passed -> {
            if (!passed.equals(before)) {
                retract("the answer was revised");
                send(passed);
            }
        });
    }

    /** Returns the text as the validators leave it, or nothing and a refusal. */
    private Optional<String> check(List<Validator> validators, String text) {
        if (abstention.matches(text)) {
            return Optional.of(text);
        }
        String current = text;
        for (Validator validator : validators) {
            ValidationOutcome outcome = ValidatorCall.validate(validator, current, context);
            run.found(outcome.findings());
            if (outcome instanceof ValidationOutcome.Rewrite rewrite) {
                current = rewrite.text();
            } else if (!(outcome instanceof ValidationOutcome.Pass)) {
                refusal = new Refusal(validator.identity().name(), outcome);
                return Optional.empty();
            }
        }
        return Optional.of(current);
    }

    private void send(String text) {
        if (text.isEmpty()) {
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

    /**
     * What the gate let through.
     *
     * @param text the text as it may be given
     * @param refusal why it may not be given, if so
     */
    record Result(String text, Optional<Refusal> refusal) {}

    /**
     * A validator's no.
     *
     * @param validator its name
     * @param outcome a retry or a block
     */
    record Refusal(String validator, ValidationOutcome outcome) {}
}
