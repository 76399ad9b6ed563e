package dev.llmlifecycle.core.extractive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.CosineSimilarity;
import dev.llmlifecycle.core.internal.text.Words;
import dev.llmlifecycle.core.prompt.PassageBlock;

/**
 * Ranks the statements of passages by how well they answer a question.
 *
 * <p>The score adds up the cosine of question and statement (embedded with its heading), the share of the question's
 * rare words that stand in the statement, a bonus for a figure where the question asks for one, and a small cost for
 * each rank of the passage. The weights and the minimum were chosen on the questions of HaluEval and the training half
 * of the sample's help centre, and on nothing else.
 */
final class SentenceScorer {

    /** Goes up whenever the ranking changes. */
    static final String VERSION = "1";

    static final double DEFAULT_MINIMUM_SCORE = 0.52;

    private static final double OVERLAP_WEIGHT = 0.5;
    private static final double FIGURE_BONUS = 0.15;
    private static final double RANK_COST = 0.04;
    private static final int PASSAGES = 5;
    private static final Pattern ASKS_FOR_FIGURE = Pattern.compile(
            "\\b(?:how (?:many|much|long|old|often|far|fast|soon|high|large|big|late)|when|(?:what|which) (?:year|date|time|day"
                    + "|number|percentage)|what is the (?:price|cost|number|fee|limit))\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern FIGURE = Pattern.compile("\\p{N}");
    private static final String HEADING_SEPARATOR = " > ";

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
        List<String> texts = new ArrayList<>();
        texts.add(question);
        candidates.forEach(candidate -> texts.add(candidate.textWithHeading()));
        List<Embedding> vectors = embeddings.embed(texts);
        Map<String, Double> weights = rarity(new HashSet<>(Words.content(question)), candidates);
        boolean figureWanted = ASKS_FOR_FIGURE.matcher(question).find();
        List<ScoredSentence> scored = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            double score = CosineSimilarity.between(vectors.get(0), vectors.get(i + 1))
                    + OVERLAP_WEIGHT * overlap(weights, candidate.words())
                    + (figureWanted && FIGURE.matcher(candidate.text()).find() ? FIGURE_BONUS : 0)
                    - RANK_COST * candidate.passageRank();
            scored.add(new ScoredSentence(candidate.text(), candidate.passageNumber(), i, score));
        }
        scored.sort(Comparator.comparingDouble(ScoredSentence::score).reversed().thenComparing(ScoredSentence::order));
        return scored;
    }

    private static List<Candidate> candidates(List<PassageBlock.Numbered> passages) {
        List<Candidate> candidates = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int rank = 0; rank < Math.min(PASSAGES, passages.size()); rank++) {
            PassageBlock.Numbered passage = passages.get(rank);
            String heading = lastPart(passage.heading());
            for (String text : Statements.of(passage.text())) {
                if (seen.add(text)) {
                    candidates.add(
                            new Candidate(text, heading, passage.number(), rank, new HashSet<>(Words.content(text))));
                }
            }
        }
        return candidates;
    }

    private static String lastPart(String headings) {
        int separator = headings.lastIndexOf(HEADING_SEPARATOR);
        return separator < 0 ? headings : headings.substring(separator + HEADING_SEPARATOR.length());
    }

    /** Weighs each word of the question by how few sentences hold it; the weights add up to 1. */
    private static Map<String, Double> rarity(Set<String> asked, List<Candidate> candidates) {
        Map<String, Double> weights = new HashMap<>();
        double total = 0;
        for (String word : asked) {
            long holding = candidates.stream()
                    .filter(candidate -> candidate.words().contains(word))
                    .count();
            double weight = Math.log(1 + candidates.size() / (1.0 + holding));
            weights.put(word, weight);
            total += weight;
        }
        double sum = total;
        weights.replaceAll((word, weight) -> weight / sum);
        return weights;
    }

    private static double overlap(Map<String, Double> weights, Set<String> words) {
        return weights.entrySet().stream()
                .filter(weight -> words.contains(weight.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private record Candidate(String text, String heading, int passageNumber, int passageRank, Set<String> words) {

        String textWithHeading() {
            return heading.isEmpty() ? text : heading + ": " + text;
        }
    }
}
