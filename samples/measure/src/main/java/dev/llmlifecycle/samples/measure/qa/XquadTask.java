package dev.llmlifecycle.samples.measure.qa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.eval.metric.BinaryScores;
import dev.llmlifecycle.eval.statistics.Bootstrap;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * XQuAD: is the passage found that a question was asked about, and do one or two sentences quoted from what was found
 * contain its answer; and is an answer better supported than none while the whole article is missing. Nothing is fitted
 * or tuned.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class XquadTask implements MeasureTask {

    private static final String SET = "xquad";
    /** How many passages the answer may quote from. */
    private static final int READ = 5;

    private static final int PROGRESS_STEP = 200;
    private static final int RESAMPLES = 1_000;

    private final Supplier<SystemUnderTest> systems;

    /** Creates the task with the library's own index and extractive model, on the embedded embedding model. */
    public XquadTask() {
        this(EmbeddedSystem::new);
    }

    XquadTask(Supplier<SystemUnderTest> systems) {
        this.systems = Objects.requireNonNull(systems, "systems");
    }

    @Override
    public String name() {
        return "xquad";
    }

    @Override
    public String description() {
        return "recall of the gold passage, share of extractive answers that contain the gold answer, abstention";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<Figure> figures = new ArrayList<>();
        for (QuestionSet set : QuestionSet.readAll(context.report(SET), context.progress())) {
            figures.addAll(measure(set, context));
        }
        return figures;
    }

    private List<Figure> measure(QuestionSet set, MeasureContext context) {
        String name = SET + "/" + set.name();
        context.progress()
                .accept(name + ": " + set.passages().size() + " passages, "
                        + set.questions().size() + " questions");
        List<Figure> figures = new ArrayList<>();
        try (SystemUnderTest system = systems.get()) {
            system.index(List.copyOf(set.passages().values()));
            Map<String, Double> supports = new HashMap<>();
            figures.addAll(answers(name, set, system, supports, context));
            figures.addAll(abstentions(name, set, system, supports, context));
        }
        return figures;
    }

    /** Asks with all passages in the index. */
    private static List<Figure> answers(
            String name,
            QuestionSet set,
            SystemUnderTest system,
            Map<String, Double> supports,
            MeasureContext context) {
        int n = set.questions().size();
        int atOne = 0;
        int atFive = 0;
        int oneSentence = 0;
        int twoSentences = 0;
        for (QuestionSet.Question question : set.questions()) {
            List<Passage> found = system.search(question.text());
            List<String> sources = distinctSources(found);
            atOne += sources.stream().limit(1).anyMatch(question.passageId()::equals) ? 1 : 0;
            atFive += sources.stream().limit(5).anyMatch(question.passageId()::equals) ? 1 : 0;
            oneSentence += answers(system.answer(question.text(), read(found), 1), question);
            twoSentences += answers(system.answer(question.text(), read(found), 2), question);
            supports.put(question.id(), system.support(question.text(), read(found)));
            if (supports.size() % PROGRESS_STEP == 0) {
                context.progress().accept(name + ": " + supports.size() + " of " + n);
            }
        }
        return List.of(
                Figure.share(name, "recall@1", atOne, n),
                Figure.share(name, "recall@5", atFive, n),
                Figure.share(name, "answer in one sentence", oneSentence, n),
                Figure.share(name, "answer in two sentences", twoSentences, n));
    }

    /** Asks once more, each question while the article of its passage is not in the index. */
    private static List<Figure> abstentions(
            String name,
            QuestionSet set,
            SystemUnderTest system,
            Map<String, Double> supports,
            MeasureContext context) {
        Map<String, List<QuestionSet.Question>> byArticle = set.questions().stream()
                .collect(Collectors.groupingBy(
                        question -> title(set, question.passageId()), TreeMap::new, Collectors.toList()));
        if (byArticle.size() < 2) {
            return List.of();
        }
        context.progress().accept(name + ": without each of " + byArticle.size() + " articles");
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        byArticle.forEach((title, questions) -> {
            system.index(set.passages().values().stream()
                    .filter(passage -> !passage.title().equals(title))
                    .toList());
            for (QuestionSet.Question question : questions) {
                with.add(Objects.requireNonNull(supports.get(question.id())));
                without.add(system.support(question.text(), read(system.search(question.text()))));
            }
        });
        int n = with.size();
        return List.of(
                separation(name, with, without, context.seed()),
                Figure.share(
                        name, "answered", with.stream().filter(system::answers).count(), n),
                Figure.share(
                        name,
                        "answered without the article",
                        without.stream().filter(system::answers).count(),
                        n));
    }

    /** The interval draws questions, each with both its supports. */
    private static Figure separation(String name, List<Double> with, List<Double> without, long seed) {
        ToDoubleFunction<double[]> area = drawn -> {
            double[] scores = new double[2 * drawn.length];
            boolean[] answerable = new boolean[scores.length];
            for (int i = 0; i < drawn.length; i++) {
                scores[i] = with.get((int) drawn[i]);
                scores[drawn.length + i] = without.get((int) drawn[i]);
                answerable[i] = true;
            }
            return BinaryScores.auroc(scores, answerable);
        };
        double[] rows = IntStream.range(0, with.size()).asDoubleStream().toArray();
        Interval interval = new Bootstrap(seed, RESAMPLES).percentile(rows, area, Figure.LEVEL);
        return new Figure(name, "abstention AUROC", area.applyAsDouble(rows), interval, rows.length);
    }

    private static String title(QuestionSet set, String passageId) {
        return Objects.requireNonNull(set.passages().get(passageId)).title();
    }

    private static List<Passage> read(List<Passage> found) {
        return found.subList(0, Math.min(READ, found.size()));
    }

    private static int answers(String answer, QuestionSet.Question question) {
        return SquadText.containsAny(answer, question.answers()) ? 1 : 0;
    }

    /** A passage of the set may have been cut into several pieces; it counts where its first piece stands. */
    private static List<String> distinctSources(List<Passage> found) {
        Set<String> sources = new LinkedHashSet<>();
        found.forEach(passage -> sources.add(passage.source()));
        return List.copyOf(sources);
    }
}
