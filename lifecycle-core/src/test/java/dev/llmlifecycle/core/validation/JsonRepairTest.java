package dev.llmlifecycle.core.validation;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.llmlifecycle.core.validation.JsonRepair.Change;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

@NullMarked
final class JsonRepairTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " {\n \"a\" : [1, 2.50e3, \"it's // no comment\", null] }\n",
                "[]",
                "\"text\"",
                "7",
                "{\"a\":1,\"a\":2}"
            })
    @DisplayName("a valid document is never changed")
    void keepsValidDocuments(String json) {
        assertThat(JsonRepair.repair(json)).contains(new JsonRepair.Repaired(json, Set.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'a': 1, 'b': True,} | {\"a\":1,\"b\":true}",
                "Sure [1]: {a: 1, b: 'it\\'s', c: None} as you asked | {\"a\":1,\"b\":\"it's\",\"c\":null}",
                "{\"a\": [1, 2, {\"b\": 3} | {\"a\":[1,2,{\"b\":3}]}",
                "{\"a\": [1, 2} | {\"a\":[1,2]}",
                "[{\"a\": 1] | [{\"a\":1}]",
                "{\"a\": 1}} | {\"a\":1}",
                "{\"a\": 1 \"b\": 2} | {\"a\":1,\"b\":2}",
                "[1 2 3] | [1,2,3]",
                "[1,, 2, ...] | [1,2]",
                "{\"a\": \"hello, \"b\": 2} | {\"a\":\"hello\",\"b\":2}",
                "{\"a: 1, \"b\": 2} | {\"a\":1,\"b\":2}",
                "{\"a\" 1} | {\"a\":1}",
                "{\"a\" => 1, b = 2} | {\"a\":1,\"b\":2}",
                "{\"a\": \"he said \"hi\" to me\", \"b\": 1} | {\"a\":\"he said \\\"hi\\\" to me\",\"b\":1}",
                "{\"a\": hello world, \"u\": http://x.example/?b=1} | {\"a\":\"hello world\",\"u\":\"http://x.example/?b=1\"}",
                "{/* one */ \"a\": 1} | {\"a\":1}",
                "{\"a\": .5, \"b\": +3, \"c\": 1_000, \"d\": 007, \"e\": 5.} | {\"a\":0.5,\"b\":3,\"c\":1000,\"d\":\"007\",\"e\":5.0}",
                "{“a”: “b”} | {\"a\":\"b\"}",
                "{\"p\": \"C:\\dir\"} | {\"p\":\"C:\\\\dir\"}",
                "{\"n\": NaN, \"u\": undefined, \"f\": FALSE} | {\"n\":null,\"u\":null,\"f\":false}",
                "{]]] | {}",
            })
    @DisplayName("what is badly written is mended")
    void repairs(String broken, String expected) {
        assertThat(JsonRepair.repair(broken)).map(JsonRepair.Repaired::json).contains(expected);
        assertThat(JsonRepair.repair(broken))
                .map(JsonRepair.Repaired::losesData)
                .contains(false);
    }

    @Test
    void takesTheDocumentOutOfACodeBlock() {
        assertThat(JsonRepair.repair("Here:\n```json\n{\"a\": 1, // one\n \"b\": \"x\ny\"}\n```\nThat is {all}."))
                .contains(new JsonRepair.Repaired(
                        "{\"a\":1,\"b\":\"x\\ny\"}",
                        Set.of(Change.CODE_BLOCK, Change.SURROUNDING_TEXT, Change.COMMENT, Change.ESCAPE)));
        assertThat(JsonRepair.repair("```\n[1, 2,"))
                .map(JsonRepair.Repaired::json)
                .contains("[1,2]");
    }

    @Test
    @DisplayName("what broke off is closed, and said to have lost something")
    void tellsWhatIsLost() {
        for (String cut : List.of("{\"a\": 1, \"b\": \"hel", "{\"a\": 1, \"b\":", "{\"a\": 1, \"b")) {
            JsonRepair.Repaired repaired = JsonRepair.repair(cut).orElseThrow();
            assertThat(repaired.json()).startsWith("{\"a\":1");
            assertThat(repaired.losesData()).as(cut).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "no document", "{\"a\":1}{\"b\":2}", "]", "\ud83d"})
    void leavesAloneWhatIsNoDocument(String text) {
        assertThat(JsonRepair.repair(text)).isEmpty();
    }

    @Test
    void goesNoDeeperThanItMay() {
        assertThat(JsonRepair.repair("[".repeat(JsonRepair.DEEPEST))).isPresent();
        assertThat(JsonRepair.repair("[".repeat(JsonRepair.DEEPEST + 1))).isEmpty();
        assertThat(JsonRepair.repair("{\"a\":".repeat(100_000))).isEmpty();
    }

    @Test
    @DisplayName("a megabyte of anything takes linear time")
    void isLinear() {
        List<String> pieces = List.of(
                "[",
                "]",
                "}",
                "\"",
                "\"\"",
                "'",
                "\\",
                "\n",
                ", ",
                "// ",
                "#",
                "/*",
                "\"a\": \"",
                "1 ",
                "...",
                "``` ",
                "\" ");
        for (String start : List.of("", "{", "[", "[\"", "{\"a\":\"", "{'")) {
            for (String piece : pieces) {
                String text = start + piece.repeat(1_000_000 / piece.length());
                assertTimeout(Duration.ofSeconds(20), () -> JsonRepair.repair(text));
            }
        }
    }

    @Test
    @DisplayName("whatever comes out of random damage is valid")
    void givesValidDocumentsOnly() throws Exception {
        String json = "{\"name\": \"A \\\"b\\\" é\", \"list\": [1, -2.5, true, null, {\"x\": \"y\"}], \"empty\": {}}";
        SplittableRandom random = new SplittableRandom(7);
        String signs = "{}[]\",:'\\/#\n 1a\ud83d";
        for (int i = 0; i < 3_000; i++) {
            StringBuilder damaged = new StringBuilder(json);
            for (int change = random.nextInt(1, 5); change > 0; change--) {
                int at = random.nextInt(damaged.length());
                if (random.nextBoolean()) {
                    damaged.deleteCharAt(at);
                } else {
                    damaged.insert(at, signs.charAt(random.nextInt(signs.length())));
                }
            }
            var repaired = JsonRepair.repair(damaged.toString());
            if (repaired.isPresent()) {
                assertThat(MAPPER.readTree(repaired.get().json()))
                        .as(damaged.toString())
                        .isNotNull();
            }
        }
    }
}
