package dev.llmlifecycle.samples.measure.chunking;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.retrieval.ingest.Chunkers;

/** The chunks of all corpora, embedded, of which the nearest to a question are retrieved. */
final class ChunkCollection {

    /** What is searched, and what is handed over when it is found: itself, or its parent. */
    private record Chunk(String corpus, TextSpan tokens) {}

    private final List<Chunk> chunks = new ArrayList<>();
    private final List<float[]> vectors = new ArrayList<>();

    ChunkCollection(DocumentSplitter splitter, Map<String, TokenizedText> corpora, EmbeddingModel model) {
        List<TextSegment> segments = new ArrayList<>();
        corpora.forEach((name, corpus) -> {
            int last = 0;
            for (TextSegment segment : splitter.split(Document.from(corpus.text()))) {
                TextSpan tokens = tokens(corpus, segment, last);
                last = tokens.start();
                chunks.add(new Chunk(name, tokens));
                segments.add(TextSegment.from(segment.text()));
            }
        });
        model.embedAll(segments).content().forEach(embedding -> vectors.add(embedding.vector()));
    }

    private static TextSpan tokens(TokenizedText corpus, TextSegment segment, int last) {
        Metadata metadata = segment.metadata();
        if (metadata.containsKey(Chunkers.PARENT_START)) {
            return corpus.tokensOf(
                    metadata.getInteger(Chunkers.PARENT_START), metadata.getInteger(Chunkers.PARENT_END));
        }
        if (metadata.containsKey(Chunkers.START)) {
            return corpus.tokensOf(metadata.getInteger(Chunkers.START), metadata.getInteger(Chunkers.END));
        }
        return corpus.find(segment.text(), last);
    }

    /** Compares the chunks that are nearest to a question, each once, with what is relevant for it. */
    Overlap retrieve(ChunkQuestion question, float[] vector, int count) {
        Map<Integer, Double> cosines = new HashMap<>();
        IntStream.range(0, chunks.size()).forEach(i -> cosines.put(i, dot(vector, vectors.get(i))));
        Set<Chunk> found = new LinkedHashSet<>();
        cosines.entrySet().stream()
                .sorted(Map.Entry.<Integer, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> chunks.get(entry.getKey()))
                .takeWhile(chunk -> found.size() < count)
                .forEach(found::add);
        List<TextSpan> here = new ArrayList<>();
        int elsewhere = 0;
        for (Chunk chunk : found) {
            if (chunk.corpus().equals(question.corpus())) {
                here.add(chunk.tokens());
            } else {
                elsewhere += chunk.tokens().length();
            }
        }
        return Overlap.of(question.relevant(), here, elsewhere);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
