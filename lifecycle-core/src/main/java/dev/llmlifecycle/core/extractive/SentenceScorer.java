package dev.llmlifecycle.core.extractive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.CosineSimilarity;
import dev.llmlifecycle.core.internal.text.Words;
import dev.llmlifecycle.core.prompt.PassageBlock;

/**
 * Ranks the statements of passages by how well they answer a question.
 *
 * <p>The score of a statement is a weighted sum of {@link SentenceFeatures}; its support, by which the model abstains,
 * can be compared between questions.
 */
final class SentenceScorer {

    /** Goes up whenever the ranking changes. */
    static final String VERSION = "2";

    private static final int PASSAGES = 5;

    private final EmbeddingMemo embeddings;

    SentenceScorer(EmbeddingModel model, int cachedTexts) {
        this.embeddings = new EmbeddingMemo(model, cachedTexts);
    }

    /** Returns the sentences, best first; ties keep the order of the passages. */
    List<ScoredSentence> rank(String question, List<PassageBlock.Numbered> passages) {
        List<Candidate> candidates = candidates(passages);
        if (candidates.isEmpty()) {
            return List.of();
        }
        List<SentenceFeatures> features = features(question, candidates);
        List<ScoredSentence> scored = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            SentenceFeatures of = features.get(i);
            scored.add(new ScoredSentence(candidate.text(), candidate.passageNumber(), i, of.score(), of.support()));
        }
        scored.sort(Comparator.comparingDouble(ScoredSentence::score).reversed().thenComparing(ScoredSentence::order));
        return scored;
    }

    /** Returns the features of the candidates, in their order. */
    private List<SentenceFeatures> features(String question, List<Candidate> candidates) {
        List<String> texts = new ArrayList<>();
        texts.add(question);
        candidates.forEach(candidate -> texts.add(candidate.textWithHeading()));
        List<Embedding> vectors = embeddings.embed(texts);
        WordMatches matches = new WordMatches(new LinkedHashSet<>(Words.content(question)), candidates);
        double bestPassage = candidates.stream()
                .mapToDouble(candidate -> matches.ofPassage(candidate.passageRank()))
                .max()
                .orElse(0);
        Set<AnswerKind> kinds = AnswerKind.askedBy(question);
        Set<String> questionWords = new HashSet<>(Words.all(question));
        List<SentenceFeatures> features = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            double kind = kinds.stream()
                    .filter(asked -> asked.standsIn(candidate.text(), questionWords))
                    .mapToDouble(AnswerKind::weight)
                    .max()
                    .orElse(0);
            double passageOverlap = matches.ofPassage(candidate.passageRank());
            features.add(new SentenceFeatures(
                    CosineSimilarity.between(vectors.get(0), vectors.get(i + 1)),
                    matches.ofSentence(i),
                    matches.addedByPrevious(i),
                    passageOverlap,
                    passageOverlap - bestPassage,
                    candidate.passageRank(),
                    kind,
                    !kinds.isEmpty() && kind == 0,
                    candidate.text().endsWith("?")));
        }
        return features;
    }

    private static List<Candidate> candidates(List<PassageBlock.Numbered> passages) {
        List<Candidate> candidates = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int rank = 0; rank < Math.min(PASSAGES, passages.size()); rank++) {
            PassageBlock.Numbered passage = passages.get(rank);
            for (String text : Statements.of(passage.text())) {
                if (seen.add(text)) {
                    candidates.add(new Candidate(
                            text, passage.heading(), passage.number(), rank, new HashSet<>(Words.content(text))));
                }
            }
        }
        return candidates;
    }
}
