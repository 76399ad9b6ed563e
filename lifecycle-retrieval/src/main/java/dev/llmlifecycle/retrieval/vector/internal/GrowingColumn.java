package dev.llmlifecycle.retrieval.vector.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A column to which rows are added: a code for each row that has the key, and the value of each code.
 *
 * <p>One thread at a time adds; others read meanwhile, and see at least the rows that were there when they began.
 */
final class GrowingColumn implements Column {

    private static final int FIRST_CAPACITY = 8;

    private static final byte PASSED = 1;
    private static final byte UNDECIDED = 2;

    /** The code of each value; only for the thread that adds. */
    private final Map<Object, Integer> codes = new HashMap<>();

    private volatile Entries entries =
            new Entries(new int[FIRST_CAPACITY], new int[FIRST_CAPACITY], new Value[FIRST_CAPACITY]);

    /** Written after all else, so that who reads it sees everything before it. */
    private volatile int count;

    private record Value(Kind kind, Object object) {}

    /** What is only ever appended to; longer copies take its place. */
    private static final class Entries {

        private final int[] rows;
        private final int[] codes;
        private final @Nullable Value[] values;

        private Entries(int[] rows, int[] codes, @Nullable Value[] values) {
            this.rows = rows;
            this.codes = codes;
            this.values = values;
        }
    }

    /** Adds a row, which is above those before. */
    void add(int row, Object value) {
        int index = count;
        Object normal = Kind.normal(value);
        int code = codes.computeIfAbsent(normal, any -> codes.size());
        Entries room = withRoom(index, code);
        room.rows[index] = row;
        room.codes[index] = code;
        if (room.values[code] == null) {
            room.values[code] = new Value(Kind.of(normal), normal);
        }
        count = index + 1;
    }

    private Entries withRoom(int index, int code) {
        Entries room = entries;
        if (index == room.rows.length || code == room.values.length) {
            room = new Entries(
                    index == room.rows.length ? Arrays.copyOf(room.rows, 2 * index) : room.rows,
                    index == room.codes.length ? Arrays.copyOf(room.codes, 2 * index) : room.codes,
                    code == room.values.length ? Arrays.copyOf(room.values, 2 * code) : room.values);
            entries = room;
        }
        return room;
    }

    @Override
    public Selection select(Comparison comparison, Bits candidates) {
        int readable = count;
        Entries read = entries;
        byte[] answers = answers(comparison, read.values);
        int end = end(read.rows, readable, candidates.length());
        RowSet passed = new RowSet(candidates.length());
        RowSet undecided = new RowSet(candidates.length());
        for (int i = 0; i < end; i++) {
            // Without a branch, which would be guessed wrong half of the time.
            byte answer = answers[read.codes[i]];
            passed.add(read.rows[i], answer & PASSED);
            undecided.add(read.rows[i], answer >> 1);
        }
        return new Selection(passed.toBits(), undecided.toBits());
    }

    /**
     * Returns the answers for all values that are there, perhaps also for some that came after the rows that are read.
     */
    private static byte[] answers(Comparison comparison, @Nullable Value[] values) {
        Map<Kind, ValueTest> tests = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            comparison.test(kind).ifPresent(test -> tests.put(kind, test));
        }
        byte[] answers = new byte[values.length];
        for (int code = 0; code < values.length; code++) {
            Value value = values[code];
            if (value != null) {
                ValueTest test = tests.get(value.kind);
                answers[code] = test == null ? UNDECIDED : test.test(value.object) ? PASSED : 0;
            }
        }
        return answers;
    }

    /** Returns the rows below a bound that have the key. */
    Bits rows(int bound) {
        int readable = count;
        Entries read = entries;
        int end = end(read.rows, readable, bound);
        RowSet rows = new RowSet(bound);
        for (int i = 0; i < end; i++) {
            rows.add(read.rows[i]);
        }
        return rows.toBits();
    }

    private static int end(int[] rows, int readable, int bound) {
        int found = Arrays.binarySearch(rows, 0, readable, bound);
        return found < 0 ? -found - 1 : found;
    }

    /** Returns the column as it is now, turned round; for the thread that adds. */
    ColumnContent content() {
        Map<Kind, List<Object>> values = new EnumMap<>(Kind.class);
        for (Value value : entries.values) {
            if (value != null) {
                values.computeIfAbsent(value.kind, any -> new ArrayList<>()).add(value.object);
            }
        }
        int[] numbers = new int[codes.size()];
        int number = 0;
        for (List<Object> ofKind : values.values()) {
            ofKind.sort(Kind.WITHIN);
            for (Object value : ofKind) {
                numbers[Objects.requireNonNull(codes.get(value))] = number++;
            }
        }
        int[] ends = new int[numbers.length];
        for (int i = 0; i < count; i++) {
            ends[numbers[entries.codes[i]]]++;
        }
        for (int i = 1; i < ends.length; i++) {
            ends[i] += ends[i - 1];
        }
        int[] rows = new int[count];
        int[] next = ends.clone();
        for (int i = count - 1; i >= 0; i--) {
            next[numbers[entries.codes[i]]]--;
            rows[next[numbers[entries.codes[i]]]] = entries.rows[i];
        }
        return new ColumnContent(values, ends, rows);
    }

    /** Returns the rows that have the key; for the thread that adds. */
    RowList rows() {
        return new RowList(entries.rows, 0, count);
    }
}
