package dev.llmlifecycle.core.validation.business;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.Proportions;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class ScorecardTest {

    private static final Instant START = Instant.parse("2026-04-01T08:00:00Z");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-05-01T08:00:00Z"), ZoneOffset.UTC);
    private static final BusinessRules RULES = BusinessRules.builder("shop")
            .rule(BusinessRule.facts(
                            "prices",
                            FactTable.builder("prices", "2026-04")
                                    .row("Basic plan", "9.99", "EUR")
                                    .build())
                    .owner("Sales"))
            .rule(BusinessRule.forbidden("no-guarantee", "guaranteed")
                    .severity(Finding.Severity.WARNING)
                    .reason("we give none"))
            .target(KpiTarget.atLeast("answered", KpiTarget.Measure.ANSWERED_SHARE, 0.7)
                    .withOwner("Support"))
            .target(KpiTarget.of("prices-kept", KpiTarget.Measure.RULE_SHARE, "prices", KpiTarget.Bound.AT_LEAST, 0.99))
            .build();

    @TempDir
    private Path folder;

    @Test
    @DisplayName("a rule is counted over the answers for which it holds, with Wilson's interval and the first breaches")
    void countsRules() {
        List<Interaction> interactions = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            interactions.add(
                    answered(i, i < 10 ? "The Basic plan costs 12.99 EUR." : "The Basic plan costs 9.99 EUR."));
        }
        interactions.add(answered(40, "We do not know that."));
        interactions.add(interaction(41)
                .outcome("abstained", "The Basic plan costs 1 EUR.")
                .build());

        Scorecard card = card(interactions, List.of());

        Scorecard.RuleRow prices = card.rules().get(0);
        assertThat(prices.checked()).isEqualTo(40);
        assertThat(prices.passed()).isEqualTo(30);
        assertThat(prices.share()).hasValue(0.75);
        assertThat(prices.interval()).contains(Proportions.wilson(30, 40, 0.95));
        assertThat(prices.breaches()).containsExactly("i-0", "i-1", "i-2", "i-3", "i-4");
        assertThat(prices.table()).contains("prices, version 2026-04");
        assertThat(card.rules().get(1).checked()).isEqualTo(41);
        assertThat(card.rules().get(1).passed()).isEqualTo(41);
        assertThat(card.targets())
                .extracting(Scorecard.TargetRow::state)
                .containsExactly(Scorecard.State.MET, Scorecard.State.MISSED);
    }

    @Test
    @DisplayName("a target is met or missed where all of the interval is on one side, else undecided")
    void decidesOnTargets() {
        List<Interaction> interactions = new ArrayList<>();
        List<Feedback> feedback = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Interaction.Builder one = interaction(i)
                    .duration(Duration.ofMillis(1000 + i))
                    .cost(Optional.of(new BigDecimal("0.001").add(new BigDecimal(i).movePointLeft(6))));
            if (i < 5) {
                one.findings(List.of(Finding.of("groundedness", "ungrounded-number", Finding.Severity.ERROR, "x")));
            }
            one.outcome(i < 60 ? "answered" : "abstained", "Yes.");
            interactions.add(one.build());
            feedback.add(rating(i, Feedback.Rating.DOWN, 0));
            feedback.add(rating(i, i < 90 ? Feedback.Rating.UP : Feedback.Rating.DOWN, 1));
        }
        feedback.add(rating(1000, Feedback.Rating.UP, 0));

        Scorecard card = Scorecard.builder("Targets")
                .interactions(interactions, feedback)
                .target(KpiTarget.atLeast("a", KpiTarget.Measure.ANSWERED_SHARE, 0.7))
                .target(KpiTarget.atLeast("b", KpiTarget.Measure.ANSWERED_SHARE, 0.6))
                .target(KpiTarget.atLeast("c", KpiTarget.Measure.ANSWERED_SHARE, 0.5))
                .target(KpiTarget.of(
                        "d", KpiTarget.Measure.FINDING_SHARE, "groundedness", KpiTarget.Bound.AT_MOST, 0.2))
                .target(KpiTarget.of(
                        "e", KpiTarget.Measure.FINDING_SHARE, "ungrounded-number", KpiTarget.Bound.AT_MOST, 0.03))
                .target(KpiTarget.of("f", KpiTarget.Measure.OUTCOME_SHARE, "abstained", KpiTarget.Bound.AT_MOST, 0.1))
                .target(KpiTarget.atMost("g", KpiTarget.Measure.MEDIAN_SECONDS, 2))
                .target(KpiTarget.atMost("h", KpiTarget.Measure.P95_SECONDS, 1.01))
                .target(KpiTarget.atMost("i", KpiTarget.Measure.MEAN_COST, 0.002))
                .target(KpiTarget.atLeast("j", KpiTarget.Measure.POSITIVE_FEEDBACK_SHARE, 0.8))
                .clock(CLOCK)
                .build();

        assertThat(card.targets())
                .extracting(Scorecard.TargetRow::state)
                .containsExactly(
                        Scorecard.State.MISSED,
                        Scorecard.State.UNDECIDED,
                        Scorecard.State.MET,
                        Scorecard.State.MET,
                        Scorecard.State.UNDECIDED,
                        Scorecard.State.MISSED,
                        Scorecard.State.MET,
                        Scorecard.State.MISSED,
                        Scorecard.State.MET,
                        Scorecard.State.MET);
        assertThat(card.targets().get(6).value()).hasValue(1.049);
        assertThat(card.targets().get(7).value()).hasValue(1.094);
        assertThat(card.targets().get(8).observations()).isEqualTo(60);
        assertThat(card.targets().get(9).value()).hasValue(0.9);
    }

    @Test
    void withoutObservationsNothingIsDecided() {
        Scorecard card = card(List.of(), List.of());

        assertThat(card.targets()).allSatisfy(row -> {
            assertThat(row.state()).isEqualTo(Scorecard.State.UNDECIDED);
            assertThat(row.value()).isEmpty();
        });
        assertThat(card.text()).contains("measured nothing to check, over 0");
        assertThat(card.html()).contains("0 interactions. Written");
    }

    @Test
    @DisplayName("the interval of a median lies between the ranks of published tables")
    void ranksOfTheMedian() {
        double[] ten = DoubleStream.iterate(10, x -> x - 1).limit(10).toArray();
        double[] hundred = DoubleStream.iterate(1, x -> x + 1).limit(100).toArray();

        assertThat(Quantiles.interval(ten, 0.5, 0.95)).isEqualTo(new Interval(2, 9, 0.95));
        assertThat(Quantiles.interval(hundred, 0.5, 0.95)).isEqualTo(new Interval(40, 61, 0.95));
        assertThat(Quantiles.interval(new double[] {3}, 0.5, 0.95))
                .isEqualTo(new Interval(0, Double.POSITIVE_INFINITY, 0.95));
        assertThat(Quantiles.quantile(ten, 0.5)).isEqualTo(5);
        assertThat(Quantiles.quantile(new double[] {3}, 0.95)).isEqualTo(3);
    }

    @Test
    @DisplayName("the hash on page and text is that of the content they show, and changes with every figure")
    void aSignatureIsAboutTheContent() throws IOException {
        List<Interaction> interactions = List.of(answered(1, "The Basic plan costs 12.99 EUR."));
        Scorecard card = card(interactions, List.of());
        Scorecard other = card(List.of(answered(2, "The Basic plan costs 12.99 EUR.")), List.of());
        card.write(folder.resolve("card.html"));
        card.write(folder.resolve("card.txt"));

        String html = Files.readString(folder.resolve("card.html"));
        String text = Files.readString(folder.resolve("card.txt"));
        String shown = html.substring(html.indexOf("<pre>") + 5, html.indexOf("</pre>"))
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");

        assertThat(Hash.ofUtf8(shown)).isEqualTo(card.hash());
        assertThat(Hash.ofUtf8(text.strip().substring(text.strip().lastIndexOf('\n') + 1)))
                .isEqualTo(card.hash());
        assertThat(html).contains(card.hash().hex());
        assertThat(text)
                .contains(card.hash().hex(), "Name:      ____", "Role:      Head of Support", "Date: ", "Signature: ");
        assertThat(other.hash()).isNotEqualTo(card.hash());
        assertThat(card(interactions, List.of()).html()).isEqualTo(html);
    }

    @Test
    @DisplayName("the page is one file with headers for tables, and texts of data are escaped")
    void thePageIsSafeAndAccessible() {
        Interaction hostile = Interaction.builder("<img src=x onerror=alert(1)>\ud800", START, "?")
                .outcome("answered", "The Basic plan costs 12.99 EUR.")
                .build();
        String html = Scorecard.builder("<script>alert('x')</script>")
                .rules(BusinessRules.builder("shop")
                        .all(RULES)
                        .rule(BusinessRule.required("q", "a \"b\" & <c>"))
                        .build())
                .interactions(List.of(hostile), List.of())
                .signer("\"Head\" of <Support>")
                .clock(CLOCK)
                .build()
                .html();

        assertThat(html)
                .startsWith("<!DOCTYPE html>\n<html lang=\"en\">")
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")
                .contains("&lt;img src=x onerror=alert(1)&gt;\ufffd")
                .contains("&quot;Head&quot; of &lt;Support&gt;")
                .contains("<caption>", "scope=\"col\"", "scope=\"row\"", "default-src &#39;none&#39;")
                .contains("<dt>Name</dt>", "<dt>Role</dt>", "<dt>Date</dt>", "<dt>Signature</dt>")
                .doesNotContain("<script", "<img", "http://", "https://", "src=\"");
        String style = html.substring(html.indexOf("<style>") + 7, html.indexOf("</style>"));
        String digest = Base64.getEncoder()
                .encodeToString(HexFormat.of().parseHex(Hash.ofUtf8(style).hex()));
        assertThat(html).as("the style that the page allows itself").contains("sha256-" + digest);
        for (String element : List.of("main", "section", "table", "tbody", "tr", "td", "th", "dl", "div", "details")) {
            assertThat(html.split("<" + element + "[ >]", -1))
                    .as(element)
                    .hasSameSizeAs(html.split("</" + element + ">", -1));
        }
    }

    @Test
    void theHostMaySayInWhichContextAnAnswerWasGiven() {
        BusinessRules rules = BusinessRules.builder("shop")
                .rule(BusinessRule.required("greeting", "Servus")
                        .when(RuleCondition.always().languages("de").attribute("region", "south")))
                .build();
        List<Interaction> interactions = List.of(answered(1, "Servus."));

        assertThat(Scorecard.builder("a")
                        .rules(rules)
                        .interactions(interactions, List.of())
                        .build()
                        .rules()
                        .get(0)
                        .checked())
                .isZero();
        assertThat(Scorecard.builder("a")
                        .rules(rules)
                        .interactions(interactions, List.of())
                        .contextOf(one -> new ValidationContext(
                                one.question(), List.of(), Optional.empty(), Locale.GERMAN, Map.of("region", "south")))
                        .build()
                        .rules()
                        .get(0)
                        .passed())
                .isEqualTo(1);
    }

    @Test
    void wrongScorecardsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scorecard.builder("empty").build())
                .withMessage("the scorecard 'empty' has neither rules nor targets; give it some");
        assertThatIllegalArgumentException().isThrownBy(() -> Scorecard.builder(" "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scorecard.builder("twice")
                        .rules(RULES)
                        .target(KpiTarget.atLeast("answered", KpiTarget.Measure.ANSWERED_SHARE, 0.5))
                        .build())
                .withMessageContaining("the target 'answered' twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scorecard.builder("none")
                        .target(KpiTarget.of("a", KpiTarget.Measure.RULE_SHARE, "b", KpiTarget.Bound.AT_LEAST, 1))
                        .build());
    }

    private static Scorecard card(List<Interaction> interactions, List<Feedback> feedback) {
        return Scorecard.builder("Support chatbot, April")
                .rules(RULES)
                .interactions(interactions, feedback)
                .signer("Head of Support")
                .clock(CLOCK)
                .build();
    }

    private static Interaction answered(int number, String answer) {
        return interaction(number).outcome("answered", answer).build();
    }

    private static Interaction.Builder interaction(int number) {
        return Interaction.builder("i-" + number, START.plusSeconds(number), "What does it cost?");
    }

    private static Feedback rating(int number, Feedback.Rating rating, int seconds) {
        return new Feedback("i-" + number, rating, Optional.empty(), Optional.empty(), START.plusSeconds(seconds));
    }
}
