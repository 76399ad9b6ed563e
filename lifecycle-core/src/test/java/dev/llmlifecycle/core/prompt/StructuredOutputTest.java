package dev.llmlifecycle.core.prompt;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.model.output.structured.Description;
import dev.llmlifecycle.api.Seeds;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
@SuppressWarnings({"ArrayRecordComponent", "SameNameButDifferent"}) // both are what is tested
final class StructuredOutputTest {

    enum Urgency {
        LOW,
        HIGH {
            @Override
            boolean wakesSomebody() {
                return true;
            }
        };

        boolean wakesSomebody() {
            return false;
        }
    }

    @Description("one order of the customer")
    record Order(String id, double total) {

        Order {
            if (total < 0) {
                throw new IllegalArgumentException("the total must not be negative but was " + total);
            }
        }
    }

    record Ticket(
            @Description({"what it is about,", "in one sentence"})
            String summary,

            Urgency urgency,
            Optional<LocalDate> due,
            @Nullable String customer,
            List<Order> orders,
            Set<String> tags,
            Map<String, Integer> counts,
            int @Nullable [] pages,
            boolean open) {}

    record Tree(String name, List<Tree> children) {}

    record Forest(Optional<Inner.Tree> oldest, List<Tree> trees, Tree tallest) {}

    static final class Inner {
        record Tree(Optional<Leaf> leaf) {}

        record Leaf(Optional<Tree> tree) {}
    }

    record Page<T>(T item) {}

    record Everything(
            byte small,
            Short two,
            Long eight,
            BigInteger whole,
            BigDecimal exact,
            float real,
            Double wide,
            Boolean flag,
            Instant instant,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            LocalDate date,
            LocalDateTime local,
            LocalTime time,
            OffsetTime offsetTime,
            Duration duration,
            UUID uuid,
            URI uri,
            Collection<List<String>> lists,
            Order[] orders,
            Map<String, Map<String, Order>> maps) {}

    private static final String TICKET = """
            {"summary": "Refund is late", "urgency": "HIGH", "due": "2026-11-30", "customer": null,
             "orders": [{"id": "A-17", "total": 39.5}, {"id": "A-18", "total": 12}],
             "tags": ["b", "a", "b"], "counts": {"calls": 2}, "pages": [3, 4], "open": true, "added later": [1]}
            """;

    private final StructuredOutput<Ticket> tickets = StructuredOutput.of(Ticket.class);

    @Test
    void describesARecordInTheOrderOfItsComponents() {
        assertThat(tickets.jsonSchema())
                .isEqualTo("{\"type\":\"object\",\"properties\":{"
                        + "\"summary\":{\"type\":\"string\",\"description\":\"what it is about, in one sentence\"},"
                        + "\"urgency\":{\"type\":\"string\",\"enum\":[\"LOW\",\"HIGH\"]},"
                        + "\"due\":{\"type\":\"string\",\"format\":\"date\"},"
                        + "\"customer\":{\"type\":\"string\"},"
                        + "\"orders\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
                        + "\"description\":\"one order of the customer\","
                        + "\"properties\":{\"id\":{\"type\":\"string\"},\"total\":{\"type\":\"number\"}},"
                        + "\"required\":[\"id\",\"total\"],\"additionalProperties\":false}},"
                        + "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
                        + "\"counts\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"}},"
                        + "\"pages\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}},"
                        + "\"open\":{\"type\":\"boolean\"}},"
                        + "\"required\":[\"summary\",\"urgency\",\"orders\",\"tags\",\"counts\",\"open\"],"
                        + "\"additionalProperties\":false}")
                .isEqualTo(StructuredOutput.of(Ticket.class).jsonSchema());
    }

    @Test
    void readsAnAnswerBack() {
        Ticket ticket = tickets.read(TICKET);

        assertThat(ticket.summary()).isEqualTo("Refund is late");
        assertThat(ticket.urgency()).isEqualTo(Urgency.HIGH);
        assertThat(ticket.due()).contains(LocalDate.of(2026, 11, 30));
        assertThat(ticket.customer()).isNull();
        assertThat(ticket.orders()).containsExactly(new Order("A-17", 39.5), new Order("A-18", 12));
        assertThat(ticket.tags()).containsExactly("b", "a");
        assertThat(ticket.counts()).containsExactly(Map.entry("calls", 2));
        assertThat(ticket.pages()).containsExactly(3, 4);
        assertThat(ticket.open()).isTrue();
        assertThat(tickets.read("```json\n" + TICKET + "```\n").orders()).isEqualTo(ticket.orders());
    }

    @Test
    void refersToRecordsThatHoldThemselves() {
        StructuredOutput<Tree> trees = StructuredOutput.of(Tree.class);
        assertThat(trees.jsonSchema())
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
                        + "\"children\":{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}},"
                        + "\"required\":[\"name\",\"children\"],\"additionalProperties\":false}");
        assertThat(trees.read("{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[]}]}"))
                .isEqualTo(new Tree("a", List.of(new Tree("b", List.of()))));

        assertThat(StructuredOutput.of(Forest.class).jsonSchema())
                .contains("\"oldest\":{\"$ref\":\"#/$defs/Tree\"}")
                .contains("\"tallest\":{\"$ref\":\"#/$defs/Tree2\"}")
                .endsWith("\"$defs\":{\"Tree\":{\"type\":\"object\",\"properties\":{\"leaf\":{\"type\":\"object\","
                        + "\"properties\":{\"tree\":{\"$ref\":\"#/$defs/Tree\"}},\"additionalProperties\":false}},"
                        + "\"additionalProperties\":false},"
                        + "\"Tree2\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
                        + "\"children\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/Tree2\"}}},"
                        + "\"required\":[\"name\",\"children\"],\"additionalProperties\":false}}}");
    }

    @Test
    void readsEveryTypeThatItDescribes() throws JsonProcessingException {
        StructuredOutput<Everything> everything = StructuredOutput.of(Everything.class);
        Everything read = everything.read("""
                {"small": 7, "two": -2, "eight": 9007199254740993, "whole": 1E+2, "exact": 0.10, "real": 0.5,
                 "wide": 1e300, "flag": false, "instant": "2026-11-25T10:00:00+01:00",
                 "offset": "2026-11-25T10:00:00Z", "zoned": "2026-11-25T10:00:00Z", "date": "2026-11-25",
                 "local": "2026-11-25T10:00", "time": "10:00:01", "offsetTime": "10:00:00Z", "duration": "PT15M",
                 "uuid": "0c6f5c9e-7d1b-4a54-8e7f-64d8d6b1a6a1", "uri": "https://example.org/a",
                 "lists": [["a"], []], "orders": [{"id": "x", "total": 1}],
                 "maps": {"a": {"b": {"id": "y", "total": 0}}}}
                """);

        OffsetDateTime ten = OffsetDateTime.of(2026, 11, 25, 10, 0, 0, 0, ZoneOffset.UTC);
        assertThat(read)
                .usingRecursiveComparison()
                .isEqualTo(new Everything(
                        (byte) 7,
                        (short) -2,
                        9007199254740993L,
                        BigInteger.valueOf(100),
                        new BigDecimal("0.10"),
                        0.5f,
                        1e300,
                        false,
                        ten.minusHours(1).toInstant(),
                        ten,
                        ten.toZonedDateTime(),
                        ten.toLocalDate(),
                        ten.toLocalDateTime(),
                        LocalTime.of(10, 0, 1),
                        ten.toOffsetTime(),
                        Duration.ofMinutes(15),
                        UUID.fromString("0c6f5c9e-7d1b-4a54-8e7f-64d8d6b1a6a1"),
                        URI.create("https://example.org/a"),
                        List.of(List.of("a"), List.of()),
                        new Order[] {new Order("x", 1)},
                        Map.of("a", Map.of("b", new Order("y", 0)))));
        assertThat(new ObjectMapper().readTree(everything.jsonSchema()).path("properties"))
                .hasSize(Everything.class.getRecordComponents().length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"total\": 12 | \"total\": \"twelve secrets\" | $.orders[1].total | is not a finite number",
                "\"total\": 12 | \"total\": null | $.orders[1].total | is null",
                "\"total\": 12 | \"totl\": 12 | $.orders[1].total | is missing",
                "\"total\": 12 | \"total\": 1e999 | $.orders[1].total | is not a finite number",
                "\"total\": 12 | \"total\": 1e999999999 | $.orders[1].total | is not a finite number",
                "\"HIGH\" | \"EXTREME secret\" | $.urgency | is not a value of Urgency",
                "\"HIGH\" | 1 | $.urgency | is not a value of Urgency",
                "\"2026-11-30\" | \"tomorrow secret\" | $.due | is not a date, such as 2026-11-25",
                "\"calls\": 2 | \"secret\": 2.5 | $.counts.* | is not a whole number that int holds",
                "\"calls\": 2 | \"secret\": 3000000000 | $.counts.* | is not a whole number that int holds",
                "[3, 4] | [3, null] | $.pages[1] | is null",
                "[3, 4] | {\"secret\": 1} | $.pages | is not an array",
                "{\"calls\": 2} | [] | $.counts | is not an object",
                "[{\"id\": \"A-17\", \"total\": 39.5} | [\"secret\" | $.orders[0] | is not an object",
                "\"open\": true | \"open\": \"secret\" | $.open | is not true or false",
                "\"summary\": \"Refund is late\" | \"summary\": [\"secret\"] | $.summary | is not a text"
            })
    void saysWhereAnAnswerDoesNotFitAndNothingOfWhatItHolds(String good, String bad, String path, String found) {
        assertThat(TICKET).contains(good);

        assertThatExceptionOfType(UnreadableOutputException.class)
                .isThrownBy(() -> tickets.read(TICKET.replace(good, bad)))
                .withNoCause()
                .withMessage("Reading an answer as Ticket failed at " + path + ": it " + found
                        + "; ask the model again, or for less at once")
                .satisfies(e -> assertThat(e.path()).isEqualTo(path));
    }

    @Test
    void tellsOnlyTheKindOfWhatARecordRefuses() {
        assertUnreadable(
                TICKET.replace("39.5", "-39.5"),
                "$.orders[0]",
                "has values that Order refuses with java.lang.IllegalArgumentException");
    }

    @Test
    void refusesWhatIsNoJson() {
        assertUnreadable("", "$", "is not an object");
        assertUnreadable("null", "$", "is not an object");
        assertUnreadable("Sure, here is my secret:\n{}", "$", "is not valid JSON (line 1, column 1)");
        assertUnreadable("{} secret", "$", "is not valid JSON (line 1, column 4)");
        assertUnreadable("{\"secret\": 1, \"secret\": 2}", "$", "is not valid JSON (line 1, ");
        assertUnreadable("[".repeat(100_000), "$", "is not valid JSON");
        assertUnreadable("```", "$", "is not valid JSON (line 1, ");
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void readsOrRefusesWhateverTheTextIs(SplittableRandom random) {
        String text = Seeds.text(
                random,
                40,
                "{",
                "}",
                "[",
                "]",
                "\"",
                ":",
                ",",
                "\"id\"",
                "\"total\"",
                "1",
                "-",
                "e9",
                "null",
                "```",
                "\n",
                "\\u0000",
                "\uD83C",
                "<|im_start|>",
                "a secret");
        for (String answer : List.of(text, TICKET.replace("39.5", text), "```json\n" + text + "\n```")) {
            try {
                tickets.read(answer);
            } catch (UnreadableOutputException e) {
                assertThat(e).hasMessageNotContaining("secret").hasMessageNotContaining("im_start");
                assertThat(e.path()).startsWith("$");
            }
        }
    }

    @Test
    void refusesTypesThatHaveNoForm() {
        record Anything(List<Object> things) {}
        record Nested(Page<String> page) {}
        record Keys(Map<Integer, String> byNumber) {}
        record Maybe(List<Optional<String>> maybe) {}
        record Raw(Inner inner) {}
        record Texts(List<String>[] lists) {}
        assertRefused(
                Anything.class,
                "its component 'things[]' is of type java.lang.Object, which has no form in JSON here; use texts,"
                        + " numbers, booleans, enums, times, records, and lists, sets, arrays and maps with text keys"
                        + " of them; Optional is for components alone");
        assertRefused(Nested.class, "its component 'page' is of type " + Page.class.getName() + "<java.lang.String>");
        assertRefused(Keys.class, "its component 'byNumber' is of type java.util.Map<java.lang.Integer");
        assertRefused(Maybe.class, "its component 'maybe[]' is of type java.util.Optional<java.lang.String>");
        assertRefused(Raw.class, "its component 'inner' is of type " + Inner.class.getName());
        assertRefused(Texts.class, "its component 'lists' is of type java.util.List<java.lang.String>[]");
        assertRefused(Page.class, "it is the generic record " + Page.class.getName());
    }

    @Test
    void mayBeComparedWithAnotherVersionOfItself() {
        record Before(String summary, Optional<Integer> days) {}
        record After(String summary, Optional<Integer> days, List<String> tags) {}

        PromptComparison comparison = PromptComparison.of(
                PromptComparisonTest.schema(StructuredOutput.of(Before.class).jsonSchema()),
                PromptComparisonTest.schema(StructuredOutput.of(After.class).jsonSchema()));

        assertThat(comparison.changes())
                .map(PromptComparison.Change::toString)
                .containsExactly("BACKWARD_COMPATIBLE: output property 'tags': it was added");
        assertThat(StructuredOutput.of(Before.class).read("{\"summary\": \"a\", \"tags\": []}"))
                .isEqualTo(new Before("a", Optional.empty()));
    }

    private void assertUnreadable(String answer, String path, String found) {
        assertThatExceptionOfType(UnreadableOutputException.class)
                .isThrownBy(() -> tickets.read(answer))
                .withNoCause()
                .withMessageStartingWith("Reading an answer as Ticket failed at " + path + ": it " + found);
    }

    private static void assertRefused(Class<? extends Record> type, String found) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StructuredOutput.of(type))
                .withMessageStartingWith("making an output schema of " + type.getName() + " failed: " + found);
    }
}
