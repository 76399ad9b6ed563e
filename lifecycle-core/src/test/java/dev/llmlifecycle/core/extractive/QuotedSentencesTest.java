package dev.llmlifecycle.core.extractive;

import java.util.List;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.core.prompt.PassageBlock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class QuotedSentencesTest {

    private static final EmbeddingModel SAME_FOR_ALL = new EmbeddingModel() {
        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment -> Embedding.from(new float[] {1, 0}))
                    .toList());
        }
    };

    @Test
    void quotesStatementsAndNoHeadingsCodeRulesOrBareLinks() {
        String text = """
                ## Refunds

                ```java
                app.ask("How long does a refund take?");
                ```

                | Means | Time |
                |---|---|
                | PayPal | same day |

                - [How long a refund takes](refunds.md)
                - Refunds are [free](costs.md).""";
        ExtractiveChatModel model = ExtractiveChatModel.builder(SAME_FOR_ALL, Identity.of("same-for-all", "1"))
                .maxSentences(10)
                .minimumScore(-1000)
                .build();
        Passage passage = new Passage("1", TextSegment.from(text), 1);

        String answer = model.chat(UserMessage.from(PassageBlock.write(List.of(passage)) + "\nQuestion: Refunds?"))
                .aiMessage()
                .text();

        assertThat(answer)
                .contains("Means: PayPal; Time: same day [1].", "Refunds are free [1].")
                .doesNotContain("##", "```", "|", "How long", "](");
    }
}
