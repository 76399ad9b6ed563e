package dev.llmlifecycle.api.identity;

import java.math.BigDecimal;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.llmlifecycle.api.Seeds;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Numbers stand in the reference page; see {@link CanonicalJsonPageTest}. */
@NullMarked
final class CanonicalJsonTest {

    private enum Colour {
        RED {
            @Override
            public String toString() {
                return "rouge";
            }
        }
    }

    @Test
    void writesEveryKindOfValue() {
        Map<String, @Nullable Object> value = new HashMap<>();
        value.put("null", null);
        value.put("yes", true);
        value.put("enum", Colour.RED);
        value.put("list", Arrays.asList(1, (short) 2, (byte) 3, 4L, 0.5f, 0.1f, null));
        value.put("text", CharBuffer.wrap("built"));
        value.put("sorted", new TreeSet<>(List.of("b", "a")));
        value.put("linked", new LinkedHashSet<>(List.of("b", "a")));
        value.put("", Map.of());

        assertThat(CanonicalJson.write(value))
                .isEqualTo("{\"\":{},\"enum\":\"RED\",\"linked\":[\"b\",\"a\"],"
                        + "\"list\":[1,2,3,4,0.5,0.10000000149011612,null],\"null\":null,"
                        + "\"sorted\":[\"a\",\"b\"],\"text\":\"built\",\"yes\":true}");
        assertThat(CanonicalJson.write(null)).isEqualTo("null");
        assertThat(CanonicalJson.write("")).isEqualTo("\"\"");
        assertThat(CanonicalJson.write(List.of())).isEqualTo("[]");
    }

    @Test
    void sortsNamesByUtf16Units() {
        // The example of RFC 8785, section 3.2.3: the smiley comes before U+FB33 by units, after it by code points.
        Map<String, Object> value =
                Map.of("\u20ac", 1, "\r", 2, "\ufb33", 3, "1", 4, "\ud83d\ude00", 5, "\u0080", 6, "\u00f6", 7);

        assertThat(CanonicalJson.write(value))
                .isEqualTo(
                        "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":1,\"\ud83d\ude00\":5,\"\ufb33\":3}");
    }

    @Test
    void escapesOnlyWhatMustBe() {
        assertThat(CanonicalJson.write("\u20ac$\u000f\nA'B\"\\\"/\b\f\r\t\u0000\u001f\u007f\u2028\u2029\ud83d\ude00"))
                .isEqualTo(
                        "\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\"/\\b\\f\\r\\t\\u0000\\u001f\u007f\u2028\u2029\ud83d\ude00\"");
    }

    @Test
    void writesWholeNumbersUpToTwoToThe53() {
        long largest = 1L << 53;
        assertThat(CanonicalJson.write(List.of(largest, -largest, 0, -1)))
                .isEqualTo("[9007199254740992,-9007199254740992,0,-1]");
        assertThat(CanonicalJson.write(1.0)).isEqualTo(CanonicalJson.write(1)).isEqualTo(CanonicalJson.write(1L));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalJson.write(Map.of("id", largest + 1)))
                .withMessage(
                        "canonical JSON of $.id is the integer 9007199254740993 beyond 2^53; write it as a string");
        assertThatIllegalArgumentException().isThrownBy(() -> CanonicalJson.write(Long.MIN_VALUE));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesNumbersThatAreNotFinite(double number) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalJson.write(List.of(1, number)))
                .withMessage(
                        "canonical JSON of $[1] is the number " + number + "; leave it out or write it as a string");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udc00", "\udc00\ud800", "a\ud83d", "\ud83d\ud83d\ude00"})
    void refusesLoneSurrogatesInTextsAndNames(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalJson.write(Map.of("messages", List.of(Map.of("text", text)))))
                .withMessageStartingWith("canonical JSON of $.messages[0].text has a lone surrogate at index ");
        assertThatIllegalArgumentException().isThrownBy(() -> CanonicalJson.write(Map.of(text, 1)));
    }

    @Test
    void refusesOtherTypesAndSaysWhere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalJson.write(Map.of("price", new BigDecimal("1.10"))))
                .withMessage(
                        "canonical JSON of $.price holds a java.math.BigDecimal; use a map, list, string, number or"
                                + " boolean");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalJson.write(Map.of(1, "one")))
                .withMessage("canonical JSON of $ has the member name 1; use strings as names");
        assertThatIllegalArgumentException().isThrownBy(() -> CanonicalJson.write(new int[] {1}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalJson.write(Map.of("tags", Set.of("b", "a"))))
                .withMessage("canonical JSON of $.tags holds a set, whose order differs between runs; use a list or a"
                        + " sorted set");
    }

    @Test
    void refusesWhatContainsItself() {
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalJson.write(cycle))
                .withMessage(
                        "canonical JSON is nested more than 256 deep below $[0][0][0][0][0][0][0][0][0][0][0][0][0];"
                                + " break the cycle or flatten the value");
        assertThatIllegalArgumentException().isThrownBy(() -> CanonicalJson.write(Path.of("a")));
    }

    static Stream<?> seeds() {
        return Seeds.some();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void isReadByJacksonAsTheSameValueAndWrittenTheSameAgain(SplittableRandom random) throws Exception {
        @Nullable Object value = value(random, 4);
        String json = CanonicalJson.write(value);

        @Nullable Object read = new ObjectMapper().readValue(json, Object.class);

        assertThat(normalised(read)).isEqualTo(normalised(value));
        assertThat(CanonicalJson.write(read)).isEqualTo(json);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void doesNotDependOnTheOrderOfAMap(SplittableRandom random) {
        Map<String, @Nullable Object> forwards = new LinkedHashMap<>();
        for (int i = 0; i < 12; i++) {
            forwards.put(text(random), value(random, 2));
        }
        List<String> names = new ArrayList<>(forwards.keySet());
        Collections.reverse(names);
        Map<String, @Nullable Object> backwards = new LinkedHashMap<>();
        names.forEach(name -> backwards.put(name, forwards.get(name)));

        assertThat(Hash.ofCanonicalJson(backwards))
                .isEqualTo(Hash.ofCanonicalJson(forwards))
                .isEqualTo(Hash.ofCanonicalJson(new HashMap<>(forwards)));
    }

    private static @Nullable Object value(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong(-(1L << 53), 1L << 53);
            case 3 -> {
                double number = Double.longBitsToDouble(random.nextLong());
                yield Double.isFinite(number) ? number : 0.1;
            }
            case 4, 5 -> text(random);
            case 6 -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
            default -> {
                Map<String, @Nullable Object> map = new HashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put(text(random), value(random, depth - 1));
                }
                yield map;
            }
        };
    }

    private static String text(SplittableRandom random) {
        return Seeds.text(
                random,
                6,
                "a",
                "B",
                "\"",
                "\\",
                "\u0000",
                "\n",
                "\u001f",
                "\u2028",
                "ß",
                "e\u0301",
                "\ud83d\ude00",
                "\uffff");
    }

    /** Numbers as doubles, since JSON knows no other and a reader makes what it likes of them. */
    private static @Nullable Object normalised(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue() + 0.0;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(normalised(item)));
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> copy = new HashMap<>();
            map.forEach((name, member) -> copy.put(name, normalised(member)));
            return copy;
        }
        return value;
    }
}
