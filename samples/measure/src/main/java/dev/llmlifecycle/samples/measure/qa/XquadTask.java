package dev.llmlifecycle.samples.measure.qa;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * XQuAD: is the passage found that a question was asked about, and do one or two sentences quoted from what was found
 * contain its answer. Nothing is fitted or tuned.
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

    private final SystemUnderTest.Factory factory;

    /** Creates the task with the library's own index and extractive model, on the embedded embedding model. */
    public XquadTask() {
        this(EmbeddedSystem::new);
    }

    XquadTask(SystemUnderTest.Factory factory) {
        this.factory = Objects.requireNonNull(factory, "factory");
    }

    @Override
    public String name() {
        return "xquad";
    }

    @Override
    public String description() {
        return "recall of the gold passage, and share of extractive answers that contain the gold answer";
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
        int n = set.questions().size();
        context.progress().accept(name + ": " + set.passages().size() + " passages, " + n + " questions");
        int atOne = 0;
        int atFive = 0;
        int oneSentence = 0;
        int twoSentences = 0;
        try (SystemUnderTest system = factory.create(List.copyOf(set.passages().values()))) {
            int done = 0;
            for (QuestionSet.Question question : set.questions()) {
                List<Passage> found = system.search(question.text());
                List<String> sources = distinctSources(found);
                atOne += sources.stream().limit(1).anyMatch(question.passageId()::equals) ? 1 : 0;
                atFive += sources.stream().limit(5).anyMatch(question.passageId()::equals) ? 1 : 0;
                List<Passage> read = found.subList(0, Math.min(READ, found.size()));
                oneSentence += answers(system.answer(question.text(), read, 1), question);
                twoSentences += answers(system.answer(question.text(), read, 2), question);
                done++;
                if (done % PROGRESS_STEP == 0) {
                    context.progress().accept(name + ": " + done + " of " + n);
                }
            }
        }
        return List.of(
                Figure.share(name, "recall@1", atOne, n),
                Figure.share(name, "recall@5", atFive, n),
                Figure.share(name, "answer in one sentence", oneSentence, n),
                Figure.share(name, "answer in two sentences", twoSentences, n));
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
