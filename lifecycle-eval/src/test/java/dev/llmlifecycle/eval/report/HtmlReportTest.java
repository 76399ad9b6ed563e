package dev.llmlifecycle.eval.report;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.Seeds;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.eval.experiment.ExperimentResult;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.ParseError;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class HtmlReportTest {

    private final SampleReport sample = SampleReport.with("plain");

    @TempDir
    Path folder;

    @Test
    void isOneWellFormedPageThatLoadsNothing() {
        String html = sample.report().build().html();
        Parser parser = Parser.htmlParser().setTrackErrors(10);

        Document page = Jsoup.parse(html, "", parser);

        assertThat(parser.getErrors()).extracting(ParseError::toString).isEmpty();
        assertThat(page.select("[src], link, iframe, object, embed, base, img")).isEmpty();
        assertThat(page.select("a[href]"))
                .allSatisfy(link -> assertThat(page.select(link.attr("href"))).hasSize(1));
        assertThat(html).doesNotContain("http://", "https://", "url(", "@import", "style=");
        assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
                .matches("default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; "
                        + "script-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'");
    }

    @Test
    void canBeUsedByAScreenReader() {
        Document page = page(sample);

        assertThat(page.select("html").attr("lang")).isEqualTo("en");
        assertThat(page.select("main, header, footer, nav[aria-label]")).hasSize(4);
        assertThat(page.select("h1")).hasSize(1);
        assertThat(page.select("section"))
                .allSatisfy(section -> assertThat(page.getElementById(section.attr("aria-labelledby")))
                        .isNotNull());
        assertThat(page.select("table")).isNotEmpty().allSatisfy(table -> {
            assertThat(table.select("caption")).hasSize(1);
            assertThat(table.select("thead th[scope=col]")).isNotEmpty();
            assertThat(table.select("tbody tr")).allSatisfy(row -> {
                assertThat(row.select("th[scope=row]")).hasSize(1);
                assertThat(row.childrenSize())
                        .isEqualTo(table.select("thead th").size());
            });
        });
        assertThat(page.select("svg")).allSatisfy(svg -> {
            assertThat(svg.attr("role")).isEqualTo("img");
            assertThat(svg.attr("aria-label")).isNotBlank();
        });
        assertThat(page.select("input, select"))
                .allSatisfy(input -> assertThat(input.closest("label")).isNotNull());
        Set<String> ids = new HashSet<>();
        assertThat(page.select("[id]"))
                .allSatisfy(element -> assertThat(ids.add(element.id())).isTrue());
    }

    @Test
    void tellsTheVerdictWithEffectAndInterval() {
        Document page = page(sample);

        assertThat(page.select(".conclusion").text()).isEqualTo("IMPROVED v2 plain is better than v1 plain.");
        Element metric = page.select(".metric").get(1);
        assertThat(metric.select("h3").text()).isEqualTo("contains-expected IMPROVED");
        assertThat(metric.select(".effect").attr("aria-label"))
                .matches("Difference \\+62\\.5 points, \\d+ percent interval from \\+\\d+\\.\\d to \\+\\d+\\.\\d");
        assertThat(metric.select(".effect .point")).hasSize(1);
        assertThat(metric.select(".counts dt").eachText()).containsExactly("both", "gained", "lost", "neither");
        assertThat(metric.select(".counts dd").eachText()).containsExactly("1", "12", "2", "1");
        assertThat(metric.select(".facts dd").eachText()).contains("3 of 16 (18.8 %)", "13 of 16 (81.3 %)");
    }

    @Test
    void listsEveryExampleWithWhatBecameOfIt() {
        Document page = page(sample);

        assertThat(page.select("#rows tbody tr")).hasSize(16);
        Element gained = page.select("#rows tbody tr").get(5);
        assertThat(gained.attr("data-change-1")).isEqualTo("gained");
        assertThat(gained.select("td").eachText())
                .containsExactly("right plain", "abstained nothing. plain", "right. plain", "neither", "gained");
        assertThat(page.select("#filter").hasAttr("hidden")).isTrue();
        assertThat(page.select("#filter input[type=radio]").eachAttr("value"))
                .containsExactly("all", "gained", "lost", "both", "neither");
    }

    @Test
    void changedExamplesComeFirstWhereNotAllFit() {
        Document page = Jsoup.parse(sample.report().maxExamples(14).build().html());

        assertThat(page.select("#rows tbody tr")).hasSize(14);
        assertThat(page.select("#rows tbody tr[data-change-1=gained]")).hasSize(12);
        assertThat(page.select("#rows tbody tr[data-change-1=lost]")).hasSize(2);
        assertThat(page.select("#examples p").get(0).text())
                .isEqualTo("Shown are 14 of 16, those that were gained or lost first.");
    }

    @Test
    void showsWhatChangedInPromptAndRelease() {
        Document page = page(sample);

        assertThat(page.select(".diff del").eachText()).containsExactly("Briefly. plain", "maxOutputTokens 20");
        assertThat(page.select(".diff ins").eachText()).containsExactly("At length. plain", "maxOutputTokens 200");
        assertThat(page.select(".diff li").eachText()).contains("[SYSTEM]", "Same line.", "[HISTORY]", "[PARAMETERS]");
        assertThat(page.select("#releases tbody tr:has(mark) th").eachText())
                .containsExactly("release", "prompt answer");
        assertThat(page.select("#releases tbody th").eachText())
                .contains("model", "corpus", "retriever", "output validator 1");
        assertThat(page.select("#releases .facts dd").eachText())
                .contains(
                        sample.result().verdict().hash().hex(),
                        sample.result().dataset().hash().hex());
    }

    @Test
    void showsMovesRefusalsFeedbackAndNewData() {
        Document page = page(sample);

        assertThat(page.select("#deployment .refusals li").eachText()).containsExactly("refused plain");
        assertThat(page.select("#deployment tbody tr").eachText())
                .hasSize(3)
                .last()
                .asString()
                .startsWith("3 2026-03-01 10:15:30 UTC production plain back ");
        assertThat(page.select("#feedback .facts dd").eachText()).contains("1 of 3 (33.3 %)", "2 of 3 (66.7 %)");
        assertThat(page.select("#feedback tbody tr").eachText()).containsExactly("wrong plain 2");
        assertThat(page.select("#data tbody tr").text()).isEqualTo("test cases plain 2 circle/test-cases.jsonl");
        assertThat(page.select("#verdict table tbody tr").text())
                .isEqualTo("both parts plain 0 of 3 plain 2 of 3 plain");
    }

    @Test
    void needsNothingButTheResult() {
        Document page = Jsoup.parse(HtmlReport.builder(sample.result()).build().html());

        assertThat(page.select("h1").text()).isEqualTo("v2 plain against v1 plain");
        assertThat(page.select("section").eachAttr("id")).containsExactly("verdict", "examples", "releases");
        assertThat(page.select("nav a").eachAttr("href")).containsExactly("#verdict", "#examples", "#releases");
    }

    @Test
    void isEqualForEqualInput() {
        assertThat(sample.report().build().html())
                .isEqualTo(sample.report().build().html());
    }

    @Test
    void tellsAWholeTurn() {
        ExperimentResult result = sample.result();
        Release v1 = sample.before();
        Release v2 = sample.after();
        List<JournalEntry> journal = List.of();
        Path folder = this.folder;
        // docs:begin report
        HtmlReport.builder(result)
                .title("Longer answers")
                .releases(v1, v2)
                .prompts(sample.first(), sample.second())
                .journal(journal) // store.journal()
                .build()
                .write(folder.resolve("report.html"));
        // docs:end report
        assertThat(folder.resolve("report.html")).content().contains("<h1>Longer answers</h1>");
    }

    @Test
    void isWrittenToAFile() {
        Path file = folder.resolve("new").resolve("report.html");

        sample.report().build().write(file);

        assertThat(file).hasContent(sample.report().build().html());
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> sample.report().build().write(file.resolve("below-a-file.html")))
                .withMessageContaining(file.toString());
    }

    @Test
    void refusesWhatDoesNotBelong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sample.report().releases(sample.after(), sample.before()))
                .withMessage(
                        "the report is about the releases %s and %s but was given %s and %s; give those that the"
                                + " arms declare",
                        sample.before().hash().shortForm(),
                        sample.after().hash().shortForm(),
                        sample.after().hash().shortForm(),
                        sample.before().hash().shortForm());
        assertThatIllegalArgumentException().isThrownBy(() -> sample.report().title(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> sample.report().maxExamples(0));
    }

    static List<?> seeds() {
        return Seeds.some().limit(40).toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noTextOfDataBecomesMarkup(SplittableRandom random) {
        String hostile = Seeds.text(
                random,
                12,
                "</script>",
                "<script>alert(1)</script>",
                "</style>",
                "</td></tr></table>",
                "\" onmouseover=\"alert(1)",
                "' autofocus onfocus='alert(1)",
                "<img src=x onerror=alert(1)>",
                "<!--",
                "-->",
                "<![CDATA[",
                "]]>",
                "&lt;b&gt;",
                "&#60;b",
                "javascript:alert(1)",
                "</svg><a href=\"x\">",
                "<plaintext>",
                "\u0000",
                "\u0007\u001b[31m",
                "\u202egnp.exe",
                "\u2028",
                "\ufffe",
                "\ud83d\ude00",
                "`${1}`",
                "\r\n",
                "{{x",
                "word ");
        Document calm = page(SampleReport.with("calm"));

        Document page = page(SampleReport.with("x" + hostile));

        assertThat(skeleton(page)).isEqualTo(skeleton(calm));
        assertThat(page.select("h1").get(0).wholeText()).isEqualTo(seen("Report x" + hostile));
        assertThat(page.select("#rows tbody th .data").get(0).wholeText()).isEqualTo(seen("0 x" + hostile));
        assertThat(page.select("#rows tbody td").get(2).attr("data-label")).isEqualTo(seen("v2 x" + hostile));
    }

    /**
     * Elements in order with the names of their attributes: what data must not change. Lines of prompts are data's to
     * make.
     */
    private static List<String> skeleton(Document page) {
        page.select(".diff li").remove();
        return page.getAllElements().stream()
                .map(element -> element.tagName()
                        + element.attributes().asList().stream()
                                .map(Attribute::getKey)
                                .toList())
                .toList();
    }

    /** What a reader sees of a text: what HTML forbids is replaced. */
    private static String seen(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\ufffe]", "\ufffd");
    }

    private static Document page(SampleReport sample) {
        return Jsoup.parse(sample.report().build().html());
    }
}
