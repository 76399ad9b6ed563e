package dev.llmlifecycle.samples.measure.embedding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.retrieval.embedding.InProcessEmbeddingModel;
import dev.llmlifecycle.retrieval.vector.PassageIndex;

/** Indexes passages in a process of its own and prints the most memory it ever had. */
final class MemoryProbe {

    static final String PEAK = "peak KiB: ";

    private static final String VM_PEAK = "VmHWM:";
    private static final int PASSAGES_A_DOCUMENT = 20;
    private static final int PARTS = 10;

    private MemoryProbe() {}

    public static void main(String[] arguments) throws IOException {
        int passages = Integer.parseInt(arguments[0]);
        Random random = new Random(Long.parseLong(arguments[1]));
        Path directory = Files.createTempDirectory("memory-probe");
        int[] told = {0};
        try (InProcessEmbeddingModel model = InProcessEmbeddingModel.allMiniLmL6V2Quantized();
                PassageIndex index = PassageIndex.builder(model, Identity.of("all-minilm-l6-v2-q", "1"))
                        .directory(directory)
                        .progress(step -> {
                            int part = step.total() == 0 ? 0 : (int) ((long) PARTS * step.embedded() / step.total());
                            if (part > told[0]) {
                                told[0] = part;
                                System.out.println(step.embedded() + " of " + step.total() + " texts");
                            }
                        })
                        .build()) {
            index.ingest(documents(passages, random));
            index.retriever().retrieve(RetrievalRequest.of("Which word is in the first sentence?"));
            System.out.println(index.size() + " passages");
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(VM_PEAK)) {
                System.out.println(PEAK + line.replaceAll("\\D", ""));
            }
        }
    }

    /** Documents whose passages have two sentences of about ten words, no two alike. */
    private static List<Document> documents(int passages, Random random) {
        List<Document> documents = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= passages; i++) {
            text.append("## Section ").append(i).append("\n\n");
            sentence(text, random);
            sentence(text, random);
            text.append("\n\n");
            if (i % PASSAGES_A_DOCUMENT == 0 || i == passages) {
                documents.add(Document.from(text.toString(), Metadata.from(Passage.SOURCE, i + ".md")));
                text.setLength(0);
            }
        }
        return documents;
    }

    private static void sentence(StringBuilder text, Random random) {
        text.append("The order");
        int words = 6 + random.nextInt(6);
        for (int i = 0; i < words; i++) {
            text.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
        }
        text.append(' ').append(random.nextInt(1_000_000)).append(". ");
    }

    private static final List<String> WORDS = List.of(
            "refund",
            "parcel",
            "arrives",
            "before",
            "warranty",
            "covers",
            "returned",
            "customer",
            "account",
            "within",
            "invoice",
            "payment",
            "delivery",
            "address",
            "changes",
            "support",
            "answers",
            "holiday",
            "price",
            "contract");
}
