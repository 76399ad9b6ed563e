package dev.llmlifecycle.samples.measure.legal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.core.validation.legal.DisclaimerValidator;
import dev.llmlifecycle.core.validation.legal.LegalValidators;
import dev.llmlifecycle.samples.measure.legal.AdviceSentences.Labelled;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * How often the disclaimer validator notices advice and how often it is wrong: on the reported half of our own
 * sentences, and on texts that describe and do not advise (conclusions of medical abstracts, chat about knowledge
 * snippets).
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class LegalTask implements MeasureTask {

    private static final String OWN = "own advice sentences";
    private static final List<String> TOPICS = List.of("medical", "legal", "financial", "tax");

    /** Creates the task. */
    public LegalTask() {}

    @Override
    public String name() {
        return "legal";
    }

    @Override
    public String description() {
        return "advice that needs a disclaimer: precision, recall and false alarms";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<Labelled> sentences = AdviceSentences.read();
        Map<String, List<String>> texts = new LinkedHashMap<>();
        texts.put("pubmedqa", rows(context, "pubmedqa", "LONG_ANSWER"));
        texts.put("begin", rows(context, "begin", "response"));
        texts.put("truthfulqa", rows(context, "truthfulqa", "Best Answer"));
        List<Figure> figures = new ArrayList<>();
        settings().forEach((setting, validator) -> {
            figures.addAll(figures(setting, validator, sentences));
            texts.forEach((set, of) -> figures.add(noticed(setting, validator, set, of)));
        });
        return figures;
    }

    private static Map<String, DisclaimerValidator> settings() {
        Map<String, DisclaimerValidator> settings = new LinkedHashMap<>();
        settings.put("", LegalValidators.disclaimer().build());
        settings.put(", sensitive", LegalValidators.disclaimer().sensitive().build());
        return settings;
    }

    static List<Figure> figures(String setting, DisclaimerValidator validator, List<Labelled> sentences) {
        List<Labelled> reported =
                sentences.stream().filter(Labelled::isReported).toList();
        List<Labelled> advice = reported.stream().filter(Labelled::isAdvice).toList();
        List<Labelled> others =
                reported.stream().filter(each -> !each.isAdvice()).toList();
        long found = noticed(validator, advice);
        long wrong = noticed(validator, others);
        List<Labelled> tuned = sentences.stream()
                .filter(each -> each.isAdvice() && !each.isReported())
                .toList();
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.share(OWN, "recall on the tuning half" + setting, noticed(validator, tuned), tuned.size()));
        figures.add(Figure.share(OWN, "recall" + setting, found, advice.size()));
        if (found + wrong > 0) {
            figures.add(Figure.share(OWN, "precision" + setting, found, found + wrong));
        }
        figures.add(Figure.share(OWN, "false alarms" + setting, wrong, others.size()));
        for (String topic : TOPICS) {
            List<Labelled> of =
                    advice.stream().filter(each -> each.topic().equals(topic)).toList();
            if (!of.isEmpty()) {
                figures.add(Figure.share(OWN, "recall, " + topic + setting, noticed(validator, of), of.size()));
            }
        }
        return figures;
    }

    private static long noticed(DisclaimerValidator validator, List<Labelled> sentences) {
        return sentences.stream()
                .filter(each -> notices(validator, each.sentence()))
                .count();
    }

    private static Figure noticed(String setting, DisclaimerValidator validator, String set, List<String> texts) {
        long noticed = texts.stream().filter(text -> notices(validator, text)).count();
        return Figure.share(set, "noticed, of texts that hardly advise" + setting, noticed, texts.size());
    }

    private static List<String> rows(MeasureContext context, String set, String field) {
        return context.report(set).rows(field).stream()
                .map(row -> row.text(field))
                .filter(text -> !text.isBlank())
                .toList();
    }

    private static boolean notices(DisclaimerValidator validator, String text) {
        return !validator
                .validate(text, ValidationContext.of("What now?", List.of()))
                .findings()
                .isEmpty();
    }
}
