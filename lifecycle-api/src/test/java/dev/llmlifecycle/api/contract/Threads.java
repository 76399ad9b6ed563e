package dev.llmlifecycle.api.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs the same task on several threads that start together. */
final class Threads {

    static final int COUNT = 8;

    private static final long TIMEOUT_SECONDS = 60;

    private Threads() {}

    /** Runs the task once on each of {@link #COUNT} threads and returns the results by thread. */
    static <T> List<T> together(Task<T> task) {
        return together(COUNT, task);
    }

    /** Runs the task once on each of so many threads and returns the results by thread. */
    static <T> List<T> together(int threads, Task<T> task) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                futures.add(executor.submit(() -> {
                    start.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                    return task.run(thread);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while threads were running", e);
        } catch (ExecutionException e) {
            throw new AssertionError("a thread failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("threads were still running after " + TIMEOUT_SECONDS + " s; a deadlock?", e);
        } finally {
            executor.shutdownNow();
        }
    }

    /** What one thread does. */
    @FunctionalInterface
    interface Task<T> {
        T run(int thread) throws Exception;
    }
}
