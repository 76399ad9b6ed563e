package dev.llmlifecycle.samples.chatbot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.extractive.ExtractiveChatModel;
import dev.llmlifecycle.core.validation.privacy.PersonalDataScanner;
import dev.llmlifecycle.retrieval.cache.AcceptanceRule;
import dev.llmlifecycle.retrieval.cache.CaffeineContextCache;
import dev.llmlifecycle.retrieval.cache.LabelledPair;
import dev.llmlifecycle.retrieval.cache.SemanticAnswerCache;
import dev.llmlifecycle.retrieval.cache.VectorIndexRetriever;
import dev.llmlifecycle.retrieval.embedding.CachedEmbeddingModel;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
class CachesGuideTest {

    @TempDir
    Path folder = Path.of("");

    @Test
    void threeCachesInOneApplication() {
        WordEmbedder words = new WordEmbedder();
        Identity name = Identity.of("words", "1");
        // docs:begin caches
        CachedEmbeddingModel embeddings = CachedEmbeddingModel.builder(words)
                .modelName("words-1")
                .file(folder.resolve("embeddings.bin"))
                .build();
        PersonalDataScanner scanner = PersonalDataScanner.create();
        SemanticAnswerCache answers = SemanticAnswerCache.builder(
                        embeddings, text -> !scanner.scan(text).isEmpty())
                .rule(AcceptanceRule.calibrate(labelledPairs(), embeddings, 0.05))
                .build();
        // docs:end caches
        try (embeddings;
                answers;
                VectorIndex index = VectorIndex.builder(embeddings.dimension()).build();
                VectorIndexRetriever retriever = new VectorIndexRetriever(index, embeddings, name, "help", 1)) {
            String text = "A refund is paid within 14 days of the day on which the parcel is back.";
            index.add(
                    VectorEntry.of("refunds#1", embeddings.embed(text).content().vector(), TextSegment.from(text)));
            // docs:begin application
            LlmApp app = LlmApp.builder()
                    .model(ExtractiveChatModel.builder(embeddings, name).build())
                    .retriever(retriever)
                    .contextCache(CaffeineContextCache.builder().build())
                    .answerCache(answers)
                    .build();
            // docs:end application
            Answer first = ask(app, "When is the refund of the parcel paid?");
            Answer second = ask(app, "when is the  refund of the parcel paid?");
            Answer third = ask(app, "When is the refund of the parcel paid?");
            app.close();

            assertThat(decision(first)).isEqualTo("none");
            assertThat(decision(second)).isNotEqualTo("same-question");
            assertThat(decision(third)).isEqualTo("same-question");
            assertThat(third.text()).isEqualTo(first.text());
            assertThat(answers.evict(third.interaction().id())).isTrue();
            assertThat(embeddings.counts().hits()).isPositive();
        }
    }

    private static Answer ask(LlmApp app, String question) {
        return app.ask(question);
    }

    private static String decision(Answer answer) {
        return answer.interaction().steps().stream()
                .filter(step -> step.type().equals(Step.ANSWER_CACHE))
                .map(step -> step.attributes().getOrDefault("decision", ""))
                .findFirst()
                .orElse("");
    }

    /** What a host has from its log: near questions, and whether one answer served both. */
    private static List<LabelledPair> labelledPairs() {
        List<LabelledPair> pairs = new ArrayList<>();
        String[] things = {"kettle", "parcel", "invoice", "voucher", "courier", "receipt", "basket", "repair"};
        for (int i = 0; i < 400; i++) {
            String thing = things[i % things.length];
            String other = things[(i + 1 + i / 100) % things.length];
            String more = things[i / things.length % things.length];
            boolean same = i % 3 == 0;
            pairs.add(new LabelledPair(
                    "where is the " + thing + " for the " + more,
                    "tell me where my " + (same ? thing : other) + " for the " + more + " is",
                    same));
        }
        return pairs;
    }
}
