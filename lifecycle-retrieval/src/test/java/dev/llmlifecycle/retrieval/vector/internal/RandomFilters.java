package dev.llmlifecycle.retrieval.vector.internal;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.ContainsString;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThan;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThan;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotIn;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Metadata and filters over it, drawn at random: few values, so that they meet, and the odd ones among them. */
@NullMarked
public final class RandomFilters {

    private static final String[] KEYS = {"text", "number", "id", "mixed", "unique", "nowhere"};

    private static final UUID[] IDS = {
        new UUID(0, 0), new UUID(-1, 5), new UUID(7, -3), UUID.fromString("00000001-0002-0003-0004-000000000005")
    };

    private static final String[] TEXTS = {
        "",
        "a",
        "ab",
        "b",
        "Ä",
        "\uD83D\uDE00",
        "\uFFFD",
        "\uD83D",
        "z\uDE00",
        IDS[0].toString(),
        IDS[3].toString(),
        "1-2-3-4-5"
    };

    private static final Number[] NUMBERS = {
        0,
        -1,
        7,
        Integer.MAX_VALUE,
        0L,
        7L,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        (1L << 53) + 1,
        0.0f,
        -0.0f,
        0.1f,
        7f,
        16_777_216f,
        Float.MIN_VALUE,
        Float.MAX_VALUE,
        0.0,
        -0.0,
        0.1,
        7.0,
        6.999999999999999,
        (double) (1L << 53),
        0x1p63,
        Math.scalb(1.0, -44),
        Double.MIN_VALUE,
        -Double.MAX_VALUE
    };

    private static final Number[] ODD_NUMBERS = {
        Float.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        new BigDecimal("0.10"),
        new BigDecimal("1e400"),
        new BigDecimal("-1e400"),
        (short) 7
    };

    private final SplittableRandom random;

    public RandomFilters(SplittableRandom random) {
        this.random = random;
    }

    /** Returns the metadata of some rows; null for one in ten. */
    public List<@Nullable Metadata> rows(int count) {
        boolean tidy = random.nextBoolean();
        List<@Nullable Metadata> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(random.nextInt(10) == 0 ? null : metadata(i, tidy));
        }
        return rows;
    }

    private Metadata metadata(int row, boolean tidy) {
        Metadata metadata = new Metadata();
        if (random.nextInt(4) > 0) {
            metadata.put("text", one(TEXTS));
        }
        if (random.nextInt(4) > 0) {
            put(metadata, "number", random.nextInt(40) == 0 && !tidy ? ODD_NUMBERS[random.nextInt(3)] : one(NUMBERS));
        }
        if (random.nextInt(4) > 0) {
            metadata.put("id", one(IDS));
        }
        if (random.nextInt(4) == 0 && !tidy) {
            put(metadata, "mixed", value());
        }
        if (random.nextInt(8) > 0) {
            metadata.put("unique", row * 3L);
        }
        return metadata;
    }

    private static void put(Metadata metadata, String key, Object value) {
        if (value instanceof Integer number) {
            metadata.put(key, number);
        } else if (value instanceof Long number) {
            metadata.put(key, number);
        } else if (value instanceof Float number) {
            metadata.put(key, number);
        } else if (value instanceof Double number) {
            metadata.put(key, number);
        } else if (value instanceof UUID id) {
            metadata.put(key, id);
        } else {
            metadata.put(key, value.toString());
        }
    }

    /** Returns a filter, nested up to a depth. */
    public Filter filter(int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return comparison();
        }
        return switch (random.nextInt(4)) {
            case 0 -> Filter.and(filter(depth - 1), filter(depth - 1));
            case 1 -> Filter.or(filter(depth - 1), filter(depth - 1));
            case 2 -> Filter.not(filter(depth - 1));
            default -> new KeyCount(random.nextInt(5));
        };
    }

    private Filter comparison() {
        String key = one(KEYS);
        Object value = value(key);
        Comparable<?> bound = (Comparable<?>) value;
        return switch (random.nextInt(10)) {
            case 0 -> new IsEqualTo(key, value);
            case 1 -> new IsNotEqualTo(key, value);
            case 2 -> new IsGreaterThan(key, bound);
            case 3 -> new IsGreaterThanOrEqualTo(key, bound);
            case 4 -> new IsLessThan(key, bound);
            case 5 -> new IsLessThanOrEqualTo(key, bound);
            case 6 -> new IsIn(key, values(key));
            case 7 -> new IsNotIn(key, values(key));
            case 8 -> new ContainsString(random.nextBoolean() ? "text" : key, one(TEXTS));
            default -> new Derived(key, value);
        };
    }

    private List<Object> values(String key) {
        List<Object> values = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            values.add(value(key));
        }
        return values;
    }

    /** Returns a value that fits to a key, nearly always. */
    private Object value(String key) {
        if (random.nextInt(20) == 0) {
            return value();
        }
        return switch (key) {
            case "text" -> random.nextInt(5) == 0 ? one(IDS) : one(TEXTS);
            case "number" -> one(NUMBERS);
            case "id" -> one(IDS);
            case "unique" -> random.nextInt(600);
            default -> value();
        };
    }

    private Object value() {
        return switch (random.nextInt(4)) {
            case 0 -> one(TEXTS);
            case 1 -> one(IDS);
            case 2 -> one(NUMBERS);
            default -> one(ODD_NUMBERS);
        };
    }

    private <T> T one(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** A filter of a host: how many keys there are. */
    private record KeyCount(int count) implements Filter {

        @Override
        public boolean test(Object object) {
            return object instanceof Metadata metadata && metadata.toMap().size() == count;
        }
    }

    /** A filter that derives from one that is known, and says the opposite. */
    private static final class Derived extends IsEqualTo {

        private Derived(String key, Object comparisonValue) {
            super(key, comparisonValue);
        }

        @Override
        public boolean test(Object object) {
            return !super.test(object);
        }
    }
}
