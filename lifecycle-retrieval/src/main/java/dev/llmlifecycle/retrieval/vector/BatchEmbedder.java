package dev.llmlifecycle.retrieval.vector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;

/**
 * Embeds many texts in batches, a few batches at a time.
 *
 * <p>A batch has texts of similar length, so that a model that pads has little to pad. The longest come first: what
 * ends an ingestion on all threads at once is many short texts, and what a model cannot take fails before most is paid
 * for.
 */
final class BatchEmbedder {

    private static final int BATCH = 32;

    private final EmbeddingModel model;
    private final Executor executor;

    BatchEmbedder(EmbeddingModel model, Executor executor) {
        this.model = model;
        this.executor = executor;
    }

    /** Embeds the texts and hands over each batch on the calling thread, in no fixed order. */
    void embed(Map<Hash, String> texts, Consumer<List<EmbeddedText>> done) {
        List<Map.Entry<Hash, String>> all = texts.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<Hash, String> text) ->
                                text.getValue().length())
                        .reversed()
                        .thenComparing(text -> text.getKey().hex()))
                .toList();
        BlockingQueue<Batch> ended = new LinkedBlockingQueue<>();
        List<Batch> submitted = new ArrayList<>();
        int inFlight = 2 * Runtime.getRuntime().availableProcessors();
        int batches = (all.size() + BATCH - 1) / BATCH;
        try {
            for (int finished = 0; finished < batches; finished++) {
                while (submitted.size() < Math.min(batches, finished + inFlight)) {
                    int from = submitted.size() * BATCH;
                    List<Map.Entry<Hash, String>> part = all.subList(from, Math.min(all.size(), from + BATCH));
                    Batch batch = new Batch(() -> embed(part), ended);
                    submitted.add(batch);
                    executor.execute(batch);
                }
                done.accept(ended.take().get());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new LifecycleException(
                    "Embedding " + all.size() + " texts failed; check the embedding model and ingest again",
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopped(all.size(), e);
        } catch (CancellationException | RejectedExecutionException e) {
            throw stopped(all.size(), e);
        } finally {
            submitted.forEach(batch -> batch.cancel(true));
        }
    }

    /** A batch that reports its end, also when it is cancelled before it ran. */
    private static final class Batch extends FutureTask<List<EmbeddedText>> {

        private final BlockingQueue<Batch> ended;

        Batch(Callable<List<EmbeddedText>> work, BlockingQueue<Batch> ended) {
            super(work);
            this.ended = ended;
        }

        @Override
        protected void done() {
            ended.add(this);
        }
    }

    private static LifecycleException stopped(int texts, Exception cause) {
        return new LifecycleException(
                "Embedding " + texts + " texts was stopped before its end; ingest again to go on", cause);
    }

    private List<EmbeddedText> embed(List<Map.Entry<Hash, String>> batch) {
        List<TextSegment> segments =
                batch.stream().map(entry -> TextSegment.from(entry.getValue())).toList();
        List<Embedding> embeddings = model.embedAll(segments).content();
        if (embeddings.size() != batch.size()) {
            throw new LifecycleException("Embedding " + batch.size() + " texts gave " + embeddings.size()
                    + " vectors; check the embedding model");
        }
        List<EmbeddedText> embedded = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            embedded.add(new EmbeddedText(
                    batch.get(i).getKey(), Vectors.normalise(embeddings.get(i).vector())));
        }
        return embedded;
    }
}
