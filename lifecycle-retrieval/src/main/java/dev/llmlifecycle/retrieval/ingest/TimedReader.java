package dev.llmlifecycle.retrieval.ingest;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.langchain4j.data.document.BlankDocumentException;
import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentParser;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.ingest.SkippedFile.Reason;
import org.jspecify.annotations.Nullable;

/** Runs readers of others, which may fail in any way or never end, for one file at a time. */
final class TimedReader implements AutoCloseable {

    private static final double MILLIS = 1000.0;
    private static final int DEEPEST = 20;
    private static final int LONGEST = 200;

    private final Duration timeout;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "document-reader");
        thread.setDaemon(true);
        return thread;
    });

    TimedReader(Duration timeout) {
        this.timeout = timeout;
    }

    ReadText read(DocumentParser reader, byte[] bytes) {
        Future<Document> reading = threads.submit(() -> reader.parse(new ByteArrayInputStream(bytes)));
        try {
            Document document = reading.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return document == null
                    ? failed("gave no document; check its reader")
                    : ReadText.of(TextDecoder.normalise(document.text()), document.metadata());
        } catch (TimeoutException e) {
            reading.cancel(true);
            return failed("was not read within "
                    + String.format(Locale.ROOT, "%.1f", timeout.toMillis() / MILLIS)
                    + " seconds; leave it out or raise readerTimeout");
        } catch (ExecutionException e) {
            return e.getCause() instanceof BlankDocumentException
                    ? ReadText.problem(Reason.EMPTY, "has no text; fill or remove it")
                    : failed("cannot be read: " + cause(e) + "; open it in its own program and save it again");
        } catch (InterruptedException e) {
            reading.cancel(true);
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    static LifecycleException interrupted(@Nullable InterruptedException cause) {
        return new LifecycleException("Reading documents was interrupted; ingest again", cause);
    }

    private static ReadText failed(String detail) {
        return ReadText.problem(Reason.READER_FAILED, detail);
    }

    /** Returns the innermost cause on one line, and not all of it, since it may quote the file. */
    private static String cause(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < DEEPEST; depth++) {
            cause = cause.getCause();
        }
        String reason = DocumentFolder.reason(cause).replaceAll("\\s+", " ");
        return reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + "…";
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
