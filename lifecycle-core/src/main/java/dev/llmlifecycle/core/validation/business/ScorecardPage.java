package dev.llmlifecycle.core.validation.business;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.core.internal.Markup;

/** Writes a scorecard as one HTML page that loads nothing. */
final class ScorecardPage {

    private static final String STYLE = """
            :root { color-scheme: light dark; --page: #fff; --ink: #1b2330; --soft: #566073; --line: #c9cfd9;
              --met: #1d6b40; --missed: #a3231c; --open: #6b5300; }
            @media (prefers-color-scheme: dark) { :root { --page: #12161d; --ink: #e7eaf0; --soft: #a3adbd;
              --line: #3d4757; --met: #6fd398; --missed: #ff9a91; --open: #e6c860; } }
            * { box-sizing: border-box; }
            body { margin: 0 auto; max-width: 70rem; padding: 1.5rem; background: var(--page); color: var(--ink);
              font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
            h1 { font-size: 1.8rem; line-height: 1.2; overflow-wrap: anywhere; }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; margin: 0 0 1rem; }
            caption { text-align: left; color: var(--soft); padding: .25rem 0; }
            th, td { text-align: left; vertical-align: top; padding: .45rem .7rem .45rem 0;
              border-bottom: 1px solid var(--line); }
            .soft { color: var(--soft); }
            .MET { color: var(--met); } .MISSED { color: var(--missed); } .UNDECIDED { color: var(--open); }
            .hash, pre { font-family: ui-monospace, Consolas, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
            dl.sign { display: grid; grid-template-columns: 7rem minmax(10rem, 26rem); row-gap: 1.2rem; margin: 1.5rem 0;
              break-inside: avoid; }
            dl.sign dd { margin: 0; border-bottom: 1px solid var(--ink); min-height: 1.6em; }
            @media print { body { max-width: none; padding: 0; } details { display: none; } }
            """;

    private final Scorecard card;
    private final Markup page = new Markup();

    ScorecardPage(Scorecard card) {
        this.card = card;
    }

    String html() {
        page.line("<!DOCTYPE html>").open("html", "lang", "en").line("<head>").line("<meta charset=\"utf-8\">");
        page.open(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'sha256-" + styleHash() + "'; base-uri 'none'; form-action 'none'");
        page.line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .line("<meta name=\"color-scheme\" content=\"light dark\">");
        page.element("title", card.title())
                .line("<style>" + STYLE + "</style>")
                .line("</head>")
                .line("<body>");
        page.open("main").element("h1", card.title()).element("p", ScorecardWords.about(card), "class", "soft");
        targets();
        rules();
        page.element(
                "p",
                "In brackets stand 95 % intervals. A target is met or missed where all of its interval lies on one side"
                        + " of it, and undecided where the interval has the target inside, or nothing was observed.",
                "class",
                "soft");
        signature();
        page.close("main").line("</body>").close("html");
        return page.toString();
    }

    private void targets() {
        page.open("section", "aria-labelledby", "targets").element("h2", "Targets", "id", "targets");
        table(
                "What was wanted and what was measured",
                List.of("Target", "Wanted", "Measured", "Over", "State", "Owner"));
        for (Scorecard.TargetRow row : card.targets()) {
            String state = ScorecardWords.state(row.state());
            page.open("tr")
                    .open("th", "scope", "row")
                    .element("span", row.target().id());
            page.element("div", ScorecardWords.measure(row.target()), "class", "soft")
                    .close("th");
            page.element("td", ScorecardWords.wanted(row.target()))
                    .element("td", ScorecardWords.measured(row))
                    .element("td", String.valueOf(row.observations()));
            page.open("td").element("strong", state, "class", state).close("td");
            page.element("td", row.target().owner()).close("tr");
        }
        page.close("tbody").close("table").close("div").close("section");
    }

    private void rules() {
        page.open("section", "aria-labelledby", "rules").element("h2", "Rules", "id", "rules");
        table(
                "Each rule over the answers for which it holds",
                List.of("Rule", "Checked", "Kept", "Share kept", "A breach is", "Owner", "First breaches"));
        for (Scorecard.RuleRow row : card.rules()) {
            page.open("tr").open("th", "scope", "row").element("span", row.id());
            page.element("div", row.demand(), "class", "soft");
            if (!row.reason().isEmpty()) {
                page.element("div", "Reason: " + row.reason(), "class", "soft");
            }
            row.table().ifPresent(table -> page.element("div", "Table: " + table, "class", "soft"));
            page.close("th")
                    .element("td", String.valueOf(row.checked()))
                    .element("td", String.valueOf(row.passed()))
                    .element("td", ScorecardWords.kept(row))
                    .element("td", row.severity() == Finding.Severity.ERROR ? "an error" : "noted")
                    .element("td", row.owner())
                    .element("td", String.join(", ", row.breaches()))
                    .close("tr");
        }
        page.close("tbody").close("table").close("div").close("section");
    }

    private void table(String caption, List<String> columns) {
        page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", caption)
                .open("table")
                .element("caption", caption)
                .open("thead")
                .open("tr");
        columns.forEach(column -> page.element("th", column, "scope", "col"));
        page.close("tr").close("thead").open("tbody");
    }

    private void signature() {
        page.open("section", "aria-labelledby", "signature").element("h2", "Signature", "id", "signature");
        page.element(
                "p", "I have read this scorecard. The SHA-256 of its content, to which this signature belongs, is");
        page.element("p", card.hash().hex(), "class", "hash");
        for (String role : card.signers()) {
            page.open("dl", "class", "sign");
            line("Name", "");
            line("Role", role);
            line("Date", "");
            line("Signature", "");
            page.close("dl");
        }
        page.open("details").element("summary", "The content that the SHA-256 is of, as UTF-8");
        page.element("pre", card.content()).close("details").close("section");
    }

    private void line(String name, String value) {
        page.element("dt", name).element("dd", value);
    }

    private static String styleHash() {
        byte[] digest = HexFormat.of()
                .parseHex(Hash.ofBytes(STYLE.getBytes(StandardCharsets.UTF_8))
                        .hex()
                        .toLowerCase(Locale.ROOT));
        return Base64.getEncoder().encodeToString(digest);
    }
}
