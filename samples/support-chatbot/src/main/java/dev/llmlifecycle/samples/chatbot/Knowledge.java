package dev.llmlifecycle.samples.chatbot;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.document.Document;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.ingest.DocumentFolder;
import dev.llmlifecycle.retrieval.ingest.FolderContent;
import dev.llmlifecycle.retrieval.ingest.SkippedFile;
import dev.llmlifecycle.retrieval.vector.IngestProgress;
import dev.llmlifecycle.retrieval.vector.IngestionReport;
import dev.llmlifecycle.retrieval.vector.PassageIndex;

/** The documents, read and indexed. */
final class Knowledge implements AutoCloseable {

    private static final int NAMED_FILES = 5;
    /** Another chat may be indexing the same documents. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(5);

    private final PassageIndex index;
    private final int documents;

    private Knowledge(PassageIndex index, int documents) {
        this.index = index;
        this.documents = documents;
    }

    /** Reads the documents and brings the kept index up to date; tells how far it is. */
    static Knowledge open(Settings settings, Embedder embedder, PrintStream err) {
        List<Document> documents = new ArrayList<>();
        List<SkippedFile> skipped = new ArrayList<>();
        for (CorpusRoot root : settings.roots()) {
            FolderContent content = DocumentFolder.builder(root.folder())
                    .reader(new OfficeReader(), OfficeReader.extensions())
                    .build()
                    .read();
            content.documents().forEach(document -> documents.add(root.document(document)));
            content.skipped()
                    .forEach(file ->
                            skipped.add(new SkippedFile(root.prefix() + file.path(), file.reason(), file.detail())));
        }
        tellSkipped(skipped, err);
        Progress progress = new Progress(settings, err);
        PassageIndex index = PassageIndex.builder(embedder.model(), embedder.identity())
                .directory(settings.index())
                .corpusId(settings.corpusId())
                .progress(progress::show)
                .lockTimeout(LOCK_TIMEOUT)
                .build();
        try {
            IngestionReport report = index.ingest(documents);
            progress.end(report);
            return new Knowledge(index, documents.size());
        } catch (RuntimeException e) {
            index.close();
            throw e;
        }
    }

    Retriever retriever() {
        return index.retriever();
    }

    /** Returns how many documents were read. */
    int documents() {
        return documents;
    }

    @Override
    public void close() {
        index.close();
    }

    /** Names each document that cannot be read, and of the files that are no documents the first ones. */
    private static void tellSkipped(List<SkippedFile> skipped, PrintStream err) {
        List<SkippedFile> others = new ArrayList<>();
        for (SkippedFile file : skipped) {
            if (file.reason() == SkippedFile.Reason.UNSUPPORTED_TYPE) {
                others.add(file);
            } else {
                err.println("Left out " + file.path() + ": it " + file.detail());
            }
        }
        if (!others.isEmpty()) {
            List<String> names =
                    others.stream().limit(NAMED_FILES).map(SkippedFile::path).toList();
            err.println("Left out " + String.join(", ", names)
                    + (others.size() > NAMED_FILES ? " and " + (others.size() - NAMED_FILES) + " more" : "")
                    + ": only .md, .txt, .html, PDF and Office files are read");
        }
    }

    /** Says every tenth of the way how far the embedding is, and nothing when there is nothing to embed. */
    private static final class Progress {

        private static final int PARTS = 10;

        private final Settings settings;
        private final PrintStream err;
        private int told;

        Progress(Settings settings, PrintStream err) {
            this.settings = settings;
            this.err = err;
        }

        void show(IngestProgress progress) {
            if (progress.total() == 0) {
                return;
            }
            int part = (int) ((long) progress.embedded() * PARTS / progress.total());
            if (progress.embedded() == 0 || part > told) {
                told = part;
                err.println("Indexing: " + progress.embedded() + " of " + progress.total() + " texts");
            }
        }

        void end(IngestionReport report) {
            if (report.embedded() > 0 || report.removed() > 0) {
                err.println("Indexed " + report.passages() + " passages of " + report.documents() + " documents in "
                        + settings.index());
            }
        }
    }
}
