package dev.llmlifecycle.core.internal;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class JsonObjectTest {

    private enum Colour {
        RED,
        GREEN
    }

    @Test
    void namesTheFieldThatIsWrong() {
        assertWrong("{\"a\":{}}", json -> json.object("a").text("b"), "the field 'a.b' is missing");
        assertWrong("{\"a\":null}", json -> json.text("a"), "the field 'a' is missing");
        assertWrong("{\"a\":1.5}", json -> json.integer("a"), "the field 'a' is not a whole number");
        assertWrong("{\"a\":4294967296}", json -> json.integer("a"), "the field 'a' is not a whole number");
        assertWrong("{\"a\":1e99}", json -> json.longInteger("a"), "the field 'a' is not a whole number");
        assertWrong("{\"a\":\"1\"}", json -> json.number("a"), "the field 'a' is not a number");
        assertWrong("{\"a\":[]}", json -> json.object("a"), "the field 'a' is not an object");
        assertWrong("{\"a\":[1]}", json -> json.objects("a"), "the field 'a[0]' is not an object");
        assertWrong(
                "{\"a\":\"BLUE\"}",
                json -> json.constant("a", Colour.class),
                "the field 'a' is not one of [RED, GREEN]");
        assertWrong(
                "{\"a\":\"noon\"}",
                json -> json.instant("a"),
                "the field 'a' is not a time such as 2026-01-31T12:00:00Z");
        assertWrong("{\"a\":\"long\"}", json -> json.duration("a"), "the field 'a' is not a duration such as PT1.5S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonObject.parse("{\"a\":\"x\"}").hash("a"))
                .withMessageContaining("64 lower-case hexadecimal digits");
    }

    @Test
    void readsOneObjectAndNothingElse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonObject.parse("{\n\"a\": secret}"))
                .withMessageStartingWith("it is not valid JSON at line 2, column ")
                .withMessageNotContaining("secret")
                .withNoCause();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonObject.parse(""))
                .withMessage("it is not a JSON object");
        assertThatIllegalArgumentException().isThrownBy(() -> JsonObject.parse("{} {}"));
        assertThatIllegalArgumentException().isThrownBy(() -> JsonObject.parse("[".repeat(100_000)));
    }

    @Test
    void writesOnlyWhatJsonHas() {
        assertThat(JsonObject.line(Map.of("a", List.of(1, "b", true)))).isEqualTo("{\"a\":[1,\"b\",true]}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonObject.line(Map.of("a", new Object())))
                .withMessageStartingWith("the value cannot be written as JSON");
    }

    private static void assertWrong(String text, Function<JsonObject, Object> read, String message) {
        JsonObject json = JsonObject.parse(text);
        assertThatIllegalArgumentException().isThrownBy(() -> read.apply(json)).withMessage(message);
    }
}
