package dev.llmlifecycle.api.contract;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.retrieval.ContextCache;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class ContextCacheContractTest extends ContextCacheContract {

    @Override
    protected ContextCache create(int retrievals) {
        return new LeastRecentlyUsed(retrievals);
    }

    @Test
    void noticesACacheThatKeepsNothing() {
        assertThat(failures(retrievals ->
                        (retriever, request) -> new ContextCache.Lookup(retriever.retrieve(request), false)))
                .contains("searchesOnceForTheSameQuestion", "searchesOnceWhenThreadsAskTheSameAtOnce");
    }

    @Test
    void noticesACacheThatKnowsOnlyTheQuestion() {
        assertThat(failures(retrievals -> new LeastRecentlyUsed(retrievals) {
                    @Override
                    Object key(Retriever retriever, RetrievalRequest request) {
                        return request.text();
                    }
                }))
                .contains(
                        "keepsQuestionsTenantsAndFiltersApart",
                        "keepsRetrieversCorporaAndSnapshotsApart",
                        "searchesAgainWhenTheContentHasChanged");
    }

    @Test
    void noticesAKeyWithTheDeadline() {
        assertThat(failures(retrievals -> new LeastRecentlyUsed(retrievals) {
                    @Override
                    Object key(Retriever retriever, RetrievalRequest request) {
                        return List.of(super.key(retriever, request), request.deadline());
                    }
                }))
                .containsExactly("searchesOnceWhateverTheDeadline");
    }

    @Test
    void noticesARetrievalUnderTheWrongSnapshot() {
        assertThat(failures(retrievals -> new LeastRecentlyUsed(retrievals) {
                    @Override
                    boolean isWorthKeeping(Retrieval retrieval, String snapshotId) {
                        return true;
                    }
                }))
                .containsExactly("keepsNoRetrievalUnderASnapshotThatItDoesNotComeFrom");
    }

    @Test
    void noticesACacheWithoutBounds() {
        assertThat(failures(retrievals -> new LeastRecentlyUsed(Integer.MAX_VALUE)))
                .containsExactly("isBounded");
    }

    @Test
    void noticesFailuresThatAreKept() {
        assertThat(failures(retrievals -> new LeastRecentlyUsed(retrievals) {
                    @Override
                    void forget(Object key) {}
                }))
                .contains("keepsNoFailure");
    }

    private static List<String> failures(IntFunction<ContextCache> broken) {
        return Failures.of(ContextCacheContract.class, () -> new ContextCacheContract() {
            @Override
            protected ContextCache create(int retrievals) {
                return broken.apply(retrievals);
            }
        });
    }

    /** The smallest cache that keeps the contract; tests override single steps to break it. */
    private static class LeastRecentlyUsed implements ContextCache {

        private final ReentrantLock lock = new ReentrantLock();
        private final Map<Object, CompletableFuture<Retrieval>> kept;

        LeastRecentlyUsed(int size) {
            this.kept = new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Object, CompletableFuture<Retrieval>> eldest) {
                    return size() > size;
                }
            };
        }

        @Override
        public Lookup retrieve(Retriever retriever, RetrievalRequest request) {
            Object key = key(retriever, request);
            String snapshotId = retriever.snapshotId();
            CompletableFuture<Retrieval> own = new CompletableFuture<>();
            CompletableFuture<Retrieval> earlier;
            lock.lock();
            try {
                earlier = kept.putIfAbsent(key, own);
            } finally {
                lock.unlock();
            }
            if (earlier != null) {
                return new Lookup(join(earlier), true);
            }
            try {
                Retrieval retrieval = retriever.retrieve(request);
                if (!isWorthKeeping(retrieval, snapshotId)) {
                    forget(key);
                }
                own.complete(retrieval);
                return new Lookup(retrieval, false);
            } catch (LifecycleException e) {
                forget(key);
                own.completeExceptionally(e);
                throw e;
            }
        }

        Object key(Retriever retriever, RetrievalRequest request) {
            return List.of(
                    retriever.identity(),
                    retriever.corpusId(),
                    retriever.snapshotId(),
                    request.text(),
                    request.filter(),
                    request.tenant());
        }

        boolean isWorthKeeping(Retrieval retrieval, String snapshotId) {
            return retrieval.snapshotId().equals(snapshotId);
        }

        void forget(Object key) {
            lock.lock();
            try {
                kept.remove(key);
            } finally {
                lock.unlock();
            }
        }

        private static Retrieval join(CompletableFuture<Retrieval> future) {
            try {
                return future.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof LifecycleException failure) {
                    throw failure;
                }
                throw e;
            }
        }
    }
}
