package dev.llmlifecycle.samples.measure.qa;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.core.extractive.ExtractiveChatModel;
import dev.llmlifecycle.core.extractive.ExtractiveChatResponseMetadata;
import dev.llmlifecycle.core.prompt.PassageBlock;
import dev.llmlifecycle.retrieval.vector.PassageIndex;

/** What a host gets without a key: the library's parts with their defaults, on the embedded embedding model. */
final class EmbeddedSystem implements SystemUnderTest {

    private static final Identity EMBEDDINGS = Identity.of("all-minilm-l6-v2-q", "1");
    /** As the extractive model writes it; a number in it is no answer. */
    private static final Pattern CITATION = Pattern.compile(" \\[\\d+]");

    /** Enough pieces for five different passages, of which one may have given several. */
    private static final int FOUND = 20;

    private final PassageIndex index;
    private final Retriever retriever;
    private final Map<Integer, ChatModel> models;

    EmbeddedSystem() {
        EmbeddingModel embeddings = new AllMiniLmL6V2QuantizedEmbeddingModel();
        models = Map.of(1, model(embeddings, 1), 2, model(embeddings, 2));
        index = PassageIndex.builder(embeddings, EMBEDDINGS).build();
        retriever = index.retrieverBuilder().maxPassages(FOUND).build();
    }

    @Override
    public void index(List<QuestionSet.Passage> passages) {
        index.ingest(passages.stream().map(EmbeddedSystem::document).toList());
    }

    private static Document document(QuestionSet.Passage passage) {
        Metadata metadata = new Metadata().put(Passage.SOURCE, passage.id()).put(Passage.TITLE, passage.title());
        return Document.from(passage.text(), metadata);
    }

    private static ChatModel model(EmbeddingModel embeddings, int sentences) {
        return ExtractiveChatModel.builder(embeddings, EMBEDDINGS)
                .maxSentences(sentences)
                .build();
    }

    @Override
    public List<Passage> search(String question) {
        return retriever.retrieve(RetrievalRequest.of(question)).passages();
    }

    @Override
    public String answer(String question, List<Passage> found, int sentences) {
        ChatModel model = models.get(sentences);
        if (model == null) {
            throw new IllegalArgumentException("answers have 1 or 2 sentences but " + sentences + " were asked for");
        }
        String answer = ask(model, question, found).aiMessage().text();
        return CITATION.matcher(answer).replaceAll("");
    }

    @Override
    public double support(String question, List<Passage> found) {
        ChatResponse response = ask(Objects.requireNonNull(models.get(1)), question, found);
        return ((ExtractiveChatResponseMetadata) response.metadata()).support();
    }

    @Override
    public boolean answers(double support) {
        return support >= ExtractiveChatModel.DEFAULT_MINIMUM_SCORE;
    }

    private static ChatResponse ask(ChatModel model, String question, List<Passage> found) {
        return model.chat(UserMessage.from(PassageBlock.write(found) + "\n\nQuestion: " + question));
    }

    @Override
    public void close() {
        index.close();
    }
}
