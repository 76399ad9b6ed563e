package dev.llmlifecycle.core.prompt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.openai.OpenAiTokenCountEstimator;
import dev.llmlifecycle.api.ReferenceData;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class CharacterTokenCountEstimatorTest {

    private final CharacterTokenCountEstimator estimator = new CharacterTokenCountEstimator();

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "' \n', 0",
        "a, 1",
        "'Refunds take five days.', 7",
        "1234567890, 12",
        "déjà, 3",
        "日本語の文章, 6",
        "привет, 3",
        "👋🌎, 3",
        "'{\"total\": 12.5}', 9"
    })
    void countsByTheKindsOfCharacters(String text, int tokens) {
        assertThat(estimator.estimateTokenCountInText(text)).isEqualTo(tokens);
    }

    @Test
    void countsAllKindsOfMessages() {
        List<ChatMessage> messages = List.of(
                SystemMessage.from("aaaaaaaaaa"),
                UserMessage.from(TextContent.from("aaaaaaaaaa"), ImageContent.from("https://example.org/a.png")),
                AiMessage.from("aaaaaaaaaa"),
                AiMessage.from(ToolExecutionRequest.builder()
                        .id("1")
                        .name("aaaaa")
                        .arguments("aaaaa")
                        .build()),
                ToolExecutionResultMessage.from("1", "aaaaa", "aaaaaaaaaa"));

        assertThat(messages).map(estimator::estimateTokenCountInMessage).containsExactly(7, 1007, 7, 7, 7);
        assertThat(estimator.estimateTokenCountInMessages(messages)).isEqualTo(3 + 4 * 7 + 1007);
    }

    /** What its documentation says of its error, on the half of the texts that it was not fitted to. */
    @ParameterizedTest
    @CsvSource({
        "xquad/corpus.en.jsonl, text, 1.15, 1.53",
        "xquad/corpus.de.jsonl, text, 1.12, 1.43",
        "xquad/corpus.es.jsonl, text, 1.08, 1.46",
        "xquad/corpus.zh.jsonl, text, 1.01, 1.33",
        "mtrag_human_eval/documents.jsonl, text, 1.13, 1.46",
        "bfcl_tool_calls/simple_python.jsonl, function, 1.40, 1.66",
        "gsm8k/test_with_model_solutions.jsonl, ground_truth, 0.95, 1.48"
    })
    void estimatesRealTextsALittleTooHigh(String file, String field, double fifthPercentile, double ninetyFifth)
            throws IOException {
        TokenCountEstimator exact = new OpenAiTokenCountEstimator("gpt-4o");
        Path path = ReferenceData.require(file);
        ObjectMapper mapper = new ObjectMapper();
        List<Double> ratios = new ArrayList<>();
        for (String line : Files.readAllLines(path)) {
            JsonNode value = mapper.readTree(line).path(field);
            String text = value.isTextual() ? value.textValue() : value.toString();
            if (heldOut(text)) {
                ratios.add((double) estimator.estimateTokenCountInText(text) / exact.estimateTokenCountInText(text));
            }
        }
        ratios.sort(null);

        assertThat(ratios).hasSizeGreaterThan(50);
        assertThat(ratios.get(ratios.size() / 20)).isCloseTo(fifthPercentile, within(0.01));
        assertThat(ratios.get(ratios.size() * 19 / 20)).isCloseTo(ninetyFifth, within(0.01));
    }

    private static boolean heldOut(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8))[0] % 2 != 0;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
