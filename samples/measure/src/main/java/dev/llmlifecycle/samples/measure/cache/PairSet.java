package dev.llmlifecycle.samples.measure.cache;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.function.Function;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.CosineSimilarity;
import dev.llmlifecycle.retrieval.cache.LabelledPair;
import dev.llmlifecycle.samples.measure.data.DataFolder;
import dev.llmlifecycle.samples.measure.data.DataRow;

/** Pairs that share an answer, and pairs that only look so, from the public sets. */
final class PairSet {

    static final String REWORDED = "reworded";

    private static final int MOST = 300;
    private static final int NEIGHBOURS = 1_600;

    private PairSet() {}

    /** A question and what it is about; two with another answer are different questions. */
    private record About(String text, String group, String answer) {}

    /** Makes the pairs; from the same folders and seed always the same. */
    static List<QuestionPair> of(Function<String, DataFolder> folders, EmbeddingModel model, long seed) {
        List<QuestionPair> pairs = new ArrayList<>();
        ChangedQuestions changed = new ChangedQuestions(seed);
        List<LabelledPair> reworded = folders.apply("cache_paraphrases").rows("origin", "similar").stream()
                .map(row -> new LabelledPair(row.text("origin"), row.text("similar"), true))
                .distinct()
                .toList();
        reworded.forEach(pair -> pairs.add(new QuestionPair(REWORDED, pair)));
        List<About> xquad = folders.apply("xquad").rows("text", "doc_id", "answers").stream()
                .filter(row -> row.text("doc_id").startsWith("en"))
                .map(row -> new About(
                        row.text("text"),
                        row.text("doc_id"),
                        row.texts("answers", "text").get(0)))
                .toList();
        List<About> banking = intents(folders.apply("banking77").rows("text", "category"), "category");
        List<About> clinc = intents(
                folders.apply("clinc150").rows("text", "intent", "split").stream()
                        .filter(row -> !row.text("intent").equals("oos"))
                        .toList(),
                "intent");

        List<LabelledPair> alone = new ArrayList<>();
        shuffled(banking, seed).forEach(about -> alone.add(new LabelledPair(about.text(), about.text(), true)));
        shuffled(xquad, seed).forEach(about -> alone.add(new LabelledPair(about.text(), about.text(), true)));
        List<LabelledPair> both = new ArrayList<>(shuffled(reworded, seed));
        both.addAll(alone);
        List<String> names =
                ChangedQuestions.names(both.stream().map(LabelledPair::other).toList());
        add(pairs, "number", both, changed::number);
        add(pairs, "date", both, changed::date);
        add(pairs, "negation", both, changed::negation);
        add(pairs, "name", both, text -> changed.name(text, names));
        neighbours(pairs, "other intent (clinc150)", sample(clinc, seed), model, (one, other) -> true);
        neighbours(pairs, "other intent (banking77)", sample(banking, seed), model, (one, other) -> true);
        neighbours(
                pairs,
                "same paragraph (xquad)",
                shuffled(xquad, seed),
                model,
                (one, other) -> one.group().equals(other.group()));
        return pairs;
    }

    private static List<About> intents(List<DataRow> rows, String field) {
        return rows.stream()
                .map(row -> new About(row.text("text"), "", row.text(field)))
                .distinct()
                .toList();
    }

    /** Changes the second question of pairs that share an answer. */
    private static void add(
            List<QuestionPair> pairs, String kind, List<LabelledPair> from, Function<String, Optional<String>> change) {
        int count = 0;
        for (LabelledPair pair : from) {
            Optional<String> other = count < MOST ? change.apply(pair.other()) : Optional.empty();
            if (other.isPresent()) {
                pairs.add(new QuestionPair(kind, new LabelledPair(pair.question(), other.get(), false)));
                count++;
            }
        }
    }

    /** Takes for each question the nearest one with another answer. */
    private static void neighbours(
            List<QuestionPair> pairs,
            String kind,
            List<About> questions,
            EmbeddingModel model,
            BiPredicate<About, About> comparable) {
        List<Embedding> vectors = model.embedAll(questions.stream()
                        .map(about -> TextSegment.from(about.text()))
                        .toList())
                .content();
        for (int i = 0; i < questions.size(); i++) {
            int nearest = -1;
            double best = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < questions.size(); j++) {
                About one = questions.get(i);
                About other = questions.get(j);
                if (!one.answer().equals(other.answer()) && comparable.test(one, other)) {
                    double similarity = CosineSimilarity.between(vectors.get(i), vectors.get(j));
                    nearest = similarity > best ? j : nearest;
                    best = Math.max(best, similarity);
                }
            }
            if (nearest >= 0) {
                pairs.add(new QuestionPair(
                        kind,
                        new LabelledPair(
                                questions.get(i).text(), questions.get(nearest).text(), false)));
            }
        }
    }

    private static List<About> sample(List<About> questions, long seed) {
        List<About> shuffled = shuffled(questions, seed);
        return shuffled.subList(0, Math.min(NEIGHBOURS, shuffled.size()));
    }

    private static <T> List<T> shuffled(List<T> items, long seed) {
        List<T> shuffled = new ArrayList<>(items);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled;
    }
}
