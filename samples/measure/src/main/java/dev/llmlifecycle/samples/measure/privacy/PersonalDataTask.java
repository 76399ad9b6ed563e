package dev.llmlifecycle.samples.measure.privacy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;

import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.core.validation.privacy.PersonalData;
import dev.llmlifecycle.core.validation.privacy.PersonalDataScanner;
import dev.llmlifecycle.core.validation.privacy.PersonalDataType;
import dev.llmlifecycle.eval.statistics.Bootstrap;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * Precision, recall, F1 and F2 of the scanner of personal data, by type and over several. A place counts as found when
 * something of its type overlaps it, and what is found as right when it overlaps a place of its type.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class PersonalDataTask implements MeasureTask {

    private static final int DRAWS = 1_000;
    private static final Set<PersonalDataType> NAMES = EnumSet.of(
            PersonalDataType.PERSON,
            PersonalDataType.LOCATION,
            PersonalDataType.ORGANISATION,
            PersonalDataType.ADDRESS);

    /** Creates the task. */
    public PersonalDataTask() {}

    @Override
    public String name() {
        return "personal-data";
    }

    @Override
    public String description() {
        return "personal data by type: precision, recall, F1 and F2 on templates that were not looked at";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<LabelledSpans.Text> texts = LabelledSpans.report(context);
        Set<PersonalDataType> types = EnumSet.noneOf(PersonalDataType.class);
        texts.forEach(text -> text.gold().forEach(gold -> types.add(gold.type())));
        PersonalDataScanner scanner = PersonalDataScanner.builder().types(types).build();
        List<List<PersonalData>> found =
                texts.stream().map(text -> scanner.scan(text.text())).toList();
        List<Figure> figures = new ArrayList<>();
        for (PersonalDataType type : types) {
            figures(texts, found, type.name().toLowerCase(Locale.ROOT), EnumSet.of(type), context.seed(), figures);
        }
        Set<PersonalDataType> patterns = EnumSet.copyOf(types);
        patterns.removeAll(NAMES);
        figures(texts, found, "all with a pattern", patterns, context.seed(), figures);
        Set<PersonalDataType> named = EnumSet.copyOf(types);
        named.retainAll(NAMES);
        figures(texts, found, "names, places and addresses", named, context.seed(), figures);
        figures(texts, found, "all", types, context.seed(), figures);
        return figures;
    }

    private static void figures(
            List<LabelledSpans.Text> texts,
            List<List<PersonalData>> found,
            String name,
            Set<PersonalDataType> types,
            long seed,
            List<Figure> figures) {
        List<Counts> counts = new ArrayList<>();
        List<String> templates = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            counts.add(count(texts.get(i), found.get(i), types));
            templates.add(texts.get(i).template());
        }
        Counts all = counts.stream().reduce(Counts.NONE, Counts::plus);
        if (all.gold == 0) {
            return;
        }
        String set = LabelledSpans.SET + " " + name;
        if (all.said > 0) {
            figures.add(Figure.share(set, "precision", all.right, all.said));
        }
        figures.add(Figure.share(set, "recall", all.reached, all.gold));
        double[] rows = new double[counts.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
        }
        for (int beta = 1; beta <= 2; beta++) {
            double weight = beta * beta;
            ToDoubleFunction<double[]> f = drawn -> {
                Counts sum = Counts.NONE;
                for (double row : drawn) {
                    sum = sum.plus(counts.get((int) row));
                }
                return sum.f(weight);
            };
            Interval interval = new Bootstrap(seed, DRAWS).clustered(rows, templates, f, Figure.LEVEL);
            figures.add(new Figure(set, "F" + beta, all.f(weight), interval, all.gold));
        }
    }

    private static Counts count(LabelledSpans.Text text, List<PersonalData> found, Set<PersonalDataType> types) {
        List<PersonalData> said =
                found.stream().filter(each -> types.contains(each.type())).toList();
        List<LabelledSpans.Gold> gold =
                text.gold().stream().filter(each -> types.contains(each.type())).toList();
        long right = said.stream()
                .filter(each -> gold.stream()
                        .anyMatch(other -> other.type() == each.type() && overlap(other.span(), each.span())))
                .count();
        long reached = gold.stream()
                .filter(each -> said.stream()
                        .anyMatch(other -> other.type() == each.type() && overlap(other.span(), each.span())))
                .count();
        return new Counts(right, said.size(), reached, gold.size());
    }

    private static boolean overlap(TextSpan one, TextSpan other) {
        return one.start() < other.end() && other.start() < one.end();
    }

    private record Counts(long right, long said, long reached, long gold) {

        static final Counts NONE = new Counts(0, 0, 0, 0);

        Counts plus(Counts other) {
            return new Counts(right + other.right, said + other.said, reached + other.reached, gold + other.gold);
        }

        /**
         * C. J. van Rijsbergen, "Information Retrieval", 1979; 1 where there was nothing to find and nothing was said.
         */
        double f(double weight) {
            if (gold == 0 && said == 0) {
                return 1;
            }
            double precision = said == 0 ? 0 : (double) right / said;
            double recall = gold == 0 ? 0 : (double) reached / gold;
            double sum = weight * precision + recall;
            return sum == 0 ? 0 : (1 + weight) * precision * recall / sum;
        }
    }
}
