package dev.llmlifecycle.samples.chatbot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.llmlifecycle.core.testing.OpenAiServer;
import dev.llmlifecycle.core.testing.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The chatbot on a model that writes what models write. */
final class EndpointAnswersTest {

    private static final String GOOD = "A refund takes 14 days after the goods have arrived [1].";

    @TempDir
    private Path folder;

    private Program program;
    private OpenAiServer server;

    @BeforeEach
    void start() {
        server = OpenAiServer.start();
        program = new Program(folder).endpoint(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void streamsAnAnswerWithItsSources() {
        server.answer(GOOD);

        Program.Result result = program.ask(Program.REFUND, "--why");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith(GOOD + System.lineSeparator())
                .contains("  [1] returns/refunds.md, Refunds > How long it takes", "  model      test-model:openai@");
        OpenAiServer.Request request = server.requests().get(0);
        assertThat(request.stream()).isTrue();
        assertThat(request.model()).isEqualTo("test-model");
        assertThat(request.lastUserText()).isEqualTo(Program.REFUND);
        assertThat(request.texts().get(0)).contains("<passage number=\"1\" source=\"returns/refunds.md\"");
    }

    @Test
    void jsonNamesTheModelAndNoSecret() throws IOException {
        server.answer(GOOD);

        Program.Result result = program.ask(Program.REFUND, "--json");

        assertThat(result.code()).isZero();
        assertThat(json(result).path("model").asText()).isEqualTo("test-model");
        assertThat(result.out()).doesNotContain(server.apiKey());
        assertThat(server.requests().get(0).stream()).isFalse();
    }

    @Test
    void theConversationGoesAlong() {
        server.answer(GOOD).answer("SAME").answer("Parcels to Norway cost 9 EUR [1].");

        Program.Result result = program.talk(Program.REFUND, "What do parcels to Norway cost?", "/quit");

        assertThat(result.out()).contains("Answers are written by test-model at 127.0.0.1:", GOOD, "9 EUR [1].");
        assertThat(server.requests().get(1).lastUserText())
                .contains(Program.REFUND, GOOD)
                .endsWith("Last question: What do parcels to Norway cost?");
        assertThat(server.requests().get(2).texts()).contains(Program.REFUND, GOOD);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerWithoutACitationIsShownAndSaidToHaveNone(boolean json) throws IOException {
        server.answerWith(request -> Reply.text("A refund takes 14 days after the goods have arrived."));

        Program.Result result = ask(json);

        assertThat(result.code()).isZero();
        if (json) {
            assertThat(json(result).path("citations")).isEmpty();
        } else {
            assertThat(result.out()).contains("(The answer names no source.)");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCitationOfNothingIsAFinding(boolean json) throws IOException {
        server.answerWith(request -> Reply.text("A refund takes 14 days after the goods have arrived [17]."));

        Program.Result result = ask(json);

        assertThat(result.code()).isZero();
        if (json) {
            assertThat(json(result).at("/findings/0/code").asText()).isEqualTo("citation-unknown");
        } else {
            assertThat(result.out()).contains("(The answer names no source.)");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInventedNumberNeverReachesTheUser(boolean json) {
        server.answerWith(request -> Reply.text("A refund takes 3 days after the goods have arrived [1]."));

        Program.Result result = ask(json);

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("I cannot give an answer that I can stand by.")
                .doesNotContain("3 days");
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void aSecondAttemptMayBeBetter() {
        server.answer("A refund takes 3 days after the goods have arrived [1].").answer(GOOD);

        Program.Result result = program.ask(Program.REFUND);

        assertThat(result.out()).contains(GOOD).doesNotContain("3 days");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I'm sorry, but as a language model I cannot help with that request.",
                "{\"answer\": \"Our astrophysics department schedules telescopes\"}",
                "Sure! Here's a limerick about otters frolicking merrily."
            })
    void aRefusalOrAnotherFormatIsNotShownAsAnAnswer(String text) {
        server.answerWith(request -> Reply.text(text));

        Program.Result result = program.ask(Program.REFUND);

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("I cannot give an answer that I can stand by.")
                .doesNotContain("Sources:");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theAbstentionOfAModelIsAnAbstention(boolean json) throws IOException {
        server.answerWith(request -> Reply.text("The documents do not answer this."));

        Program.Result result = ask(json);

        assertThat(result.code()).isZero();
        if (json) {
            assertThat(json(result).path("outcome").asText()).isEqualTo("abstained");
        } else {
            assertThat(result.out()).isEqualTo("The documents do not answer this." + System.lineSeparator());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void halfAnAnswerIsToldInTheReasons(boolean json) {
        server.answerWith(request -> Reply.truncated("A refund takes 14 days [1]. After the goods"));

        Program.Result result =
                program.ask(Program.REFUND, json ? new String[] {"--json", "--why"} : new String[] {"--why"});

        assertThat(result.code()).isZero();
        assertThat(result.out() + result.err()).contains(", cut off by the limit of tokens");
    }

    @Test
    void aStreamThatBreaksFailsAfterWhatCame() {
        server.answerWith(request -> Reply.cut(GOOD, 3));

        Program.Result result = program.ask(Program.REFUND);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.complaints()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bodiesThatAreNoAnswerFailOnOneLine(boolean json) {
        for (Reply reply : List.of(Reply.malformed(), Reply.emptyChoices(), Reply.text(""), Reply.failure(500))) {
            server.answerWith(request -> reply);

            Program.Result result = ask(json);

            assertThat(result.code()).as("%s", reply).isEqualTo(2);
            assertThat(result.complaints()).as("%s", reply).hasSize(1);
        }
    }

    private Program.Result ask(boolean json) {
        return json ? program.ask(Program.REFUND, "--json") : program.ask(Program.REFUND);
    }

    private static JsonNode json(Program.Result result) throws IOException {
        return new ObjectMapper().readTree(result.out());
    }
}
