package dev.llmlifecycle.api.validation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.llmlifecycle.api.text.TextSpan;

/** Turns the remedies of findings into one outcome. */
final class Remedies {

    private static final String REASON = "This was withheld, because a check of it did not pass.";

    private Remedies() {}

    static ValidationOutcome apply(String text, List<Finding> findings) {
        List<Finding> errors = findings.stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .toList();
        if (errors.isEmpty()) {
            return new ValidationOutcome.Pass(findings);
        }
        Optional<String> refusal =
                errors.stream().flatMap(error -> reason(error).stream()).findFirst();
        if (refusal.isPresent()) {
            return new ValidationOutcome.Block(refusal.get(), findings);
        }
        String instructions = errors.stream()
                .map(Finding::remedy)
                .filter(Remedy.AskAgain.class::isInstance)
                .map(remedy -> ((Remedy.AskAgain) remedy).instruction())
                .distinct()
                .collect(Collectors.joining("\n"));
        if (!instructions.isEmpty()) {
            return new ValidationOutcome.Retry(instructions, findings);
        }
        String rewritten = rewrite(text, errors);
        return rewritten.isBlank()
                ? new ValidationOutcome.Block(REASON, findings)
                : new ValidationOutcome.Rewrite(rewritten, findings);
    }

    private static Optional<String> reason(Finding error) {
        if (error.remedy() instanceof Remedy.Refuse refuse) {
            return Optional.of(refuse.reason());
        }
        return error.remedy() instanceof Remedy.None ? Optional.of(REASON) : Optional.empty();
    }

    /** A rewrite of the whole holds before replacements, whose places it does not know. */
    private static String rewrite(String text, List<Finding> errors) {
        List<Replacement> replacements = new ArrayList<>();
        for (Finding error : errors) {
            if (error.remedy() instanceof Remedy.Rewrite rewrite) {
                return rewrite.text();
            }
            if (error.remedy() instanceof Remedy.Replace replace) {
                replacements.add(new Replacement(span(error, text), replace.text()));
            }
        }
        replacements.sort(
                Comparator.comparingInt((Replacement each) -> each.span().start())
                        .thenComparing(Comparator.comparingInt(
                                        (Replacement each) -> each.span().end())
                                .reversed()));
        StringBuilder rewritten = new StringBuilder(text.length());
        int done = 0;
        for (Replacement replacement : replacements) {
            if (replacement.span().start() >= done) {
                rewritten.append(text, done, replacement.span().start()).append(replacement.text());
            }
            done = Math.max(done, replacement.span().end());
        }
        return rewritten.append(text, done, text.length()).toString();
    }

    private static TextSpan span(Finding error, String text) {
        return error.span()
                .filter(span -> span.end() <= text.length())
                .orElseThrow(() -> new IllegalArgumentException("the finding '" + error.code() + "' of validator '"
                        + error.validator() + "' replaces a part of the text and does not say which part of its "
                        + text.length() + " characters; give it a span"));
    }

    private record Replacement(TextSpan span, String text) {}
}
