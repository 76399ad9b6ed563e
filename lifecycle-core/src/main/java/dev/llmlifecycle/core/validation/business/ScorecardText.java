package dev.llmlifecycle.core.validation.business;

import java.util.List;

import dev.llmlifecycle.api.validation.Finding;

/** Writes a scorecard as plain text. */
final class ScorecardText {

    private static final int WIDTH = 100;

    private final Scorecard card;
    private final StringBuilder out = new StringBuilder();

    ScorecardText(Scorecard card) {
        this.card = card;
    }

    String text() {
        line(card.title());
        line("=".repeat(Math.min(WIDTH, card.title().length())));
        line(ScorecardWords.about(card));
        line("");
        heading("Targets");
        for (Scorecard.TargetRow row : card.targets()) {
            line("[" + ScorecardWords.state(row.state()) + "] " + row.target().id() + ": "
                    + ScorecardWords.measure(row.target()));
            line("    wanted " + ScorecardWords.wanted(row.target()) + ", measured " + ScorecardWords.measured(row)
                    + ", over " + row.observations() + owner(row.target().owner()));
        }
        none(card.targets());
        heading("Rules");
        for (Scorecard.RuleRow row : card.rules()) {
            line(row.id() + ": " + row.demand());
            line("    kept by " + row.passed() + " of " + row.checked() + ", " + ScorecardWords.kept(row)
                    + ", a breach is "
                    + (row.severity() == Finding.Severity.ERROR ? "an error" : "noted")
                    + owner(row.owner()));
            if (!row.reason().isEmpty()) {
                line("    reason: " + row.reason());
            }
            row.table().ifPresent(table -> line("    compared with the table " + table));
            if (!row.breaches().isEmpty()) {
                line("    broken in: " + String.join(", ", row.breaches()));
            }
        }
        none(card.rules());
        line("In brackets stand 95 % intervals. A target is UNDECIDED where its interval has the target inside.");
        line("");
        heading("Signature");
        line("I have read this scorecard. The SHA-256 of its content, to which this signature belongs, is");
        line(card.hash().hex());
        line("");
        for (String role : card.signers()) {
            line("Name:      " + "_".repeat(40));
            line("Role:      " + (role.isEmpty() ? "_".repeat(40) : role));
            line("Date:      " + "_".repeat(40));
            line("Signature: " + "_".repeat(40));
            line("");
        }
        heading("Content");
        line(card.content());
        return out.toString();
    }

    private static String owner(String name) {
        return name.isEmpty() ? "" : ", owner " + name;
    }

    private void none(List<?> rows) {
        if (rows.isEmpty()) {
            line("None.");
        }
        line("");
    }

    private void heading(String heading) {
        line(heading);
        line("-".repeat(heading.length()));
    }

    /** Adds a line; control characters of a title or a name are taken out, so that one line stays one. */
    private void line(String text) {
        text.codePoints().forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        out.append('\n');
    }
}
