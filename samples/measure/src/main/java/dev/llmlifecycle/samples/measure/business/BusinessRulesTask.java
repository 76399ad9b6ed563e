package dev.llmlifecycle.samples.measure.business;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.core.validation.business.BusinessRule;
import dev.llmlifecycle.core.validation.business.BusinessRules;
import dev.llmlifecycle.core.validation.business.FactTable;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * Tables of facts on the prices in questions of GSM8K: each "a pen costs $2" is a row of its question's table, found by
 * a pattern of this task. Measured are the sentences that tell such a price, as they are and with one dollar more; the
 * other sentences of the question that have a name and dollars; and those of the worked solution, which calculate with
 * the prices. All sentences but the changed ones are right. Nothing is fitted.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class BusinessRulesTask implements MeasureTask {

    private static final String SET = "gsm8k prices";
    private static final String RULE = "prices";
    private static final Pattern PRICE = Pattern.compile("\\b(?:an?|each|one|the|every) ([a-z]+(?: [a-z]+)?)"
            + " (?:costs?|is|sells for|is sold for) \\$(\\d{1,4}(?:\\.\\d\\d)?)(?![\\d,]|\\.\\d| (?:more|less|off))");
    private static final Pattern DOLLARS = Pattern.compile("\\$\\d");
    private static final Pattern CALCULATION = Pattern.compile("<<[^>]{0,200}>>");
    private static final Set<String> NO_NAMES =
            Set.of("total", "price", "cost", "rest", "other", "first", "second", "third", "one", "that", "which");

    /** Creates the task. */
    public BusinessRulesTask() {}

    @Override
    public String name() {
        return "business-rules";
    }

    @Override
    public String description() {
        return "prices in questions of GSM8K: changed by a dollar and found, right and let pass";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        Count changed = new Count();
        Count told = new Count();
        Count others = new Count();
        Count solutions = new Count();
        for (DataRow row : context.report("gsm8k").rows("question", "ground_truth")) {
            String question = row.text("question");
            Map<String, String> prices = prices(question);
            if (prices.isEmpty()) {
                continue;
            }
            BusinessRules rules = rules(prices);
            for (TextSpan span : Sentences.split(question)) {
                String sentence = span.of(question);
                boolean tellsPrice = tellPrices(sentence, rules, prices, changed);
                if (tellsPrice || isAbout(sentence, prices)) {
                    (tellsPrice ? told : others).add(!isFound(rules, sentence));
                }
            }
            String solution = CALCULATION.matcher(row.text("ground_truth")).replaceAll("");
            for (TextSpan span : Sentences.split(solution)) {
                if (isAbout(span.of(solution), prices)) {
                    solutions.add(!isFound(rules, span.of(solution)));
                }
            }
        }
        List<Figure> figures = new ArrayList<>();
        changed.figure("one dollar more, found", figures);
        told.figure("price as it is, let pass", figures);
        others.figure("other amounts of the question, let pass", figures);
        solutions.figure("amounts of the worked solution, let pass", figures);
        return figures;
    }

    /** Returns the prices by name; a name with two prices is none. */
    private static Map<String, String> prices(String question) {
        Map<String, String> prices = new LinkedHashMap<>();
        List<String> unclear = new ArrayList<>();
        Matcher price = PRICE.matcher(question.toLowerCase(Locale.ROOT));
        while (price.find()) {
            String name = price.group(1);
            if (!NO_NAMES.contains(name) && prices.putIfAbsent(name, price.group(2)) != null) {
                unclear.add(name);
            }
        }
        prices.keySet().removeAll(unclear);
        return prices;
    }

    private static BusinessRules rules(Map<String, String> prices) {
        FactTable.Builder table = FactTable.builder(RULE, "1");
        prices.forEach((name, price) -> table.row(name, price, "USD"));
        return BusinessRules.builder("shop")
                .rule(BusinessRule.facts(RULE, table.build()))
                .build();
    }

    /** Tells whether a sentence tells prices, and counts whether each is found when it is changed. */
    private static boolean tellPrices(String sentence, BusinessRules rules, Map<String, String> prices, Count changed) {
        boolean tells = false;
        Matcher price = PRICE.matcher(sentence.toLowerCase(Locale.ROOT));
        while (price.find()) {
            if (prices.containsKey(price.group(1))) {
                tells = true;
                String more = new BigDecimal(price.group(2)).add(BigDecimal.ONE).toPlainString();
                changed.add(isFound(
                        rules, sentence.substring(0, price.start(2)) + more + sentence.substring(price.end(2))));
            }
        }
        return tells;
    }

    private static boolean isAbout(String sentence, Map<String, String> prices) {
        String lowerCase = sentence.toLowerCase(Locale.ROOT);
        return DOLLARS.matcher(sentence).find()
                && prices.keySet().stream()
                        .anyMatch(name -> Pattern.compile("\\b" + name + "s?\\b")
                                .matcher(lowerCase)
                                .find());
    }

    private static boolean isFound(BusinessRules rules, String sentence) {
        return !rules.check(sentence, ValidationContext.of("How much is it?", List.of()))
                .getOrDefault(RULE, List.of())
                .isEmpty();
    }

    private static final class Count {

        private int all;
        private int yes;

        void add(boolean counts) {
            all++;
            yes += counts ? 1 : 0;
        }

        void figure(String name, List<Figure> figures) {
            if (all > 0) {
                figures.add(Figure.share(SET, name, yes, all));
            }
        }
    }
}
