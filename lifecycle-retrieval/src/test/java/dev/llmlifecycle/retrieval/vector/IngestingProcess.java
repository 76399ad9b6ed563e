package dev.llmlifecycle.retrieval.vector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.retrieval.Passage;
import org.jspecify.annotations.NullMarked;

/** A process that ingests one version of a corpus after the other until it is killed, and logs what it embeds. */
@NullMarked
final class IngestingProcess {

    static final String READY = "ready";
    /** Stands in the log where an ingestion is done. */
    static final String DONE = "done";

    static final int VERSIONS = 3;

    private static final int DOCUMENTS = 60;

    private IngestingProcess() {}

    /** Takes the index directory, the file to log to, the version to start with and how long a batch takes. */
    public static void main(String[] arguments) throws IOException {
        Path log = Path.of(arguments[1]);
        try (PassageIndex index = PassageIndex.builder(
                        new LoggingModel(log, Long.parseLong(arguments[3])), TrigramModel.IDENTITY)
                .directory(Path.of(arguments[0]))
                .build()) {
            System.out.println(READY);
            for (int version = Integer.parseInt(arguments[2]); ; version++) {
                index.ingest(documents(version % VERSIONS));
                append(log, List.of(DONE));
            }
        }
    }

    private static void append(Path log, List<String> lines) throws IOException {
        Files.write(log, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Documents of which some are the same in all versions. */
    static List<Document> documents(int version) {
        return IntStream.range(0, DOCUMENTS)
                .mapToObj(i -> Document.from(
                        "Text " + i + " of version " + (i % 3 == 0 ? "all" : version) + ". It goes on, number " + i
                                + ".",
                        Metadata.from(Passage.SOURCE, i + ".md")))
                .toList();
    }

    /** A model that takes a while. */
    private static final class LoggingModel implements EmbeddingModel {

        private final TrigramModel model = new TrigramModel();
        private final Path log;
        private final long millis;

        LoggingModel(Path log, long millis) {
            this.log = log;
            this.millis = millis;
        }

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            try {
                append(
                        log,
                        segments.stream()
                                .map(segment -> Hash.ofUtf8(segment.text()).hex())
                                .toList());
                Thread.sleep(millis);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return model.embedAll(segments);
        }
    }
}
