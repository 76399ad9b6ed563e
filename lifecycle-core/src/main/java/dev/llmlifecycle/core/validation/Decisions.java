package dev.llmlifecycle.core.validation;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationOutcome;

/**
 * Turns what a validator decided into findings that say what its policy decides: what is acted upon has severity
 * {@code ERROR} and the remedy that is carried out, what is not has less and none.
 */
final class Decisions {

    private static final String WITHHELD = "This was withheld, because a check of it did not pass.";
    private static final String UNCHECKED = "This was withheld, because it could not be checked.";

    private Decisions() {}

    static List<Finding> of(PolicyMember member, String text, ValidationOutcome outcome) {
        List<Finding> noticed = noticed(member, outcome);
        Finding.Severity top = noticed.stream()
                .map(Finding::severity)
                .max(Comparator.naturalOrder())
                .orElse(Finding.Severity.INFO);
        return noticed.stream()
                .map(finding -> decide(member.action(finding), text, finding, proposal(outcome, finding, top)))
                .map(finding -> member.isInShadow() ? shadow(finding) : finding)
                .toList();
    }

    /** Says that a member could not check the text, which its rule decides upon. */
    static Finding failure(PolicyMember member, String code, String message) {
        Finding finding = Finding.of(member.name(), code, Finding.Severity.WARNING, message);
        if (member.isInShadow()) {
            return shadow(finding);
        }
        return member.failsOpen() ? finding : acted(finding, new Remedy.Refuse(UNCHECKED));
    }

    /** A decision without a finding explains nothing, so it gets one. */
    private static List<Finding> noticed(PolicyMember member, ValidationOutcome outcome) {
        return outcome instanceof ValidationOutcome.Pass || !outcome.findings().isEmpty()
                ? outcome.findings()
                : List.of(Finding.of(
                        member.name(), "unexplained", Finding.Severity.ERROR, "The validator gives no finding"));
    }

    /** Returns what the validator decided because of a finding; the most severe ones stand for the outcome. */
    private static Optional<Remedy> proposal(ValidationOutcome outcome, Finding finding, Finding.Severity top) {
        if (outcome instanceof ValidationOutcome.Pass) {
            return Optional.empty();
        }
        if (finding.severity() == Finding.Severity.ERROR && !(finding.remedy() instanceof Remedy.None)) {
            return Optional.of(finding.remedy());
        }
        if (finding.severity() != top) {
            return Optional.empty();
        }
        if (outcome instanceof ValidationOutcome.Rewrite rewrite) {
            return Optional.of(new Remedy.Rewrite(rewrite.text()));
        }
        return outcome instanceof ValidationOutcome.Retry retry
                ? Optional.of(new Remedy.AskAgain(retry.instruction()))
                : Optional.of(new Remedy.Refuse(((ValidationOutcome.Block) outcome).reason()));
    }

    private static Finding decide(PolicyAction action, String text, Finding finding, Optional<Remedy> proposed) {
        if (action instanceof PolicyAction.AsProposed) {
            return proposed.map(remedy -> actedInPlace(finding, text, remedy)).orElseGet(() -> flagged(finding));
        }
        if (action instanceof PolicyAction.Block) {
            return acted(
                    finding,
                    proposed.filter(Remedy.Refuse.class::isInstance).orElseGet(() -> new Remedy.Refuse(WITHHELD)));
        }
        if (action instanceof PolicyAction.FallBack fallBack) {
            return acted(finding, new Remedy.Refuse(fallBack.text()));
        }
        if (action instanceof PolicyAction.Redact redact) {
            return actedInPlace(finding, text, new Remedy.Replace(redact.replacement()));
        }
        if (action instanceof PolicyAction.Repair) {
            Remedy remedy = isRewrite(finding.remedy())
                    ? finding.remedy()
                    : proposed.filter(Decisions::isRewrite).orElseGet(() -> new Remedy.Refuse(WITHHELD));
            return actedInPlace(finding, text, remedy);
        }
        if (action instanceof PolicyAction.AskAgain again) {
            return acted(finding, new Remedy.AskAgain(again.instruction().orElseGet(() -> instruction(finding))));
        }
        return flagged(finding);
    }

    private static boolean isRewrite(Remedy remedy) {
        return remedy instanceof Remedy.Replace || remedy instanceof Remedy.Rewrite;
    }

    private static String instruction(Finding finding) {
        return finding.remedy() instanceof Remedy.AskAgain again
                ? again.instruction()
                : "A check of your answer found this: " + finding.message() + ". Answer again without it.";
    }

    /** What cannot be replaced, since nobody knows where it stands, is refused. */
    private static Finding actedInPlace(Finding finding, String text, Remedy remedy) {
        boolean nowhere =
                finding.span().filter(span -> span.end() <= text.length()).isEmpty();
        return acted(finding, remedy instanceof Remedy.Replace && nowhere ? new Remedy.Refuse(WITHHELD) : remedy);
    }

    private static Finding acted(Finding finding, Remedy remedy) {
        return finding.withSeverity(Finding.Severity.ERROR).withRemedy(remedy);
    }

    private static Finding flagged(Finding finding) {
        Finding.Severity severity =
                finding.severity() == Finding.Severity.ERROR ? Finding.Severity.WARNING : finding.severity();
        return finding.withSeverity(severity).withRemedy(Remedy.none());
    }

    private static Finding shadow(Finding finding) {
        return new Finding(
                finding.validator(),
                ValidationPolicy.SHADOW + finding.code(),
                Finding.Severity.INFO,
                finding.message(),
                finding.span(),
                finding.confidence(),
                finding.evidence(),
                finding.remedy());
    }
}
