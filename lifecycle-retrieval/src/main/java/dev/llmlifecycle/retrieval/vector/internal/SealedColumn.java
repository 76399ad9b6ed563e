package dev.llmlifecycle.retrieval.vector.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** A column that does not grow, read from its bytes; {@link SealedMetadataIndex} describes them. */
final class SealedColumn implements Column {

    private static final Kind[] KINDS = Kind.values();

    /** To ask a filter about a row takes about as long as to read so many rows from lists. */
    private static final long ROWS_PER_QUESTION = 256;

    /** To look into a string takes about as long as to read so many rows from lists. */
    private static final long ROWS_PER_STRING = 32;

    private final ByteBuffer bytes;
    private final List<Section> sections = new ArrayList<>();

    /** Where it says where the list of each value begins. */
    private final int offsets;

    private final int lists;

    /** The values of a kind: their numbers, from one to below another, and where they begin. */
    private record Section(Kind kind, int from, int to, int position) {

        Range range() {
            return new Range(from, to);
        }
    }

    /** Values from one number to below another. */
    private record Range(int from, int to) {}

    SealedColumn(ByteBuffer bytes) {
        this.bytes = bytes;
        int position = KINDS.length * Integer.BYTES;
        int number = 0;
        for (int i = 0; i < KINDS.length; i++) {
            int count = bytes.getInt(i * Integer.BYTES);
            sections.add(new Section(KINDS[i], number, number + count, position));
            number += count;
            position += count * width(KINDS[i]);
            if (isText(KINDS[i])) {
                position += Integer.BYTES + bytes.getInt(position);
            }
        }
        this.offsets = position;
        this.lists = position + (number + 1) * Integer.BYTES;
        if (list(number) != bytes.capacity()) {
            throw new IndexOutOfBoundsException("the lists end at byte " + list(number) + " of " + bytes.capacity());
        }
    }

    @Override
    public Selection select(Comparison comparison, Bits candidates) {
        long worthwhile = candidates.cardinality() * ROWS_PER_QUESTION;
        Selection askAll = new Selection(Bits.none(candidates.length()), candidates);
        List<Range> passed = new ArrayList<>();
        List<Range> undecided = new ArrayList<>();
        for (Section section : sections) {
            Optional<ValueTest> test = comparison.test(section.kind);
            if (test.isEmpty()) {
                undecided.add(section.range());
            } else if (test.get() instanceof ValueTest.Beyond beyond) {
                passed.add(beyond(section, beyond));
            } else if (test.get() instanceof ValueTest.Among among) {
                among.values().forEach(value -> passed.add(equal(section, value)));
            } else if (ROWS_PER_STRING * (section.to - section.from) > worthwhile) {
                return askAll;
            } else {
                passed.addAll(passing(section, test.get()));
            }
        }
        if (length(passed) + length(undecided) > worthwhile) {
            return askAll;
        }
        return new Selection(rows(passed, candidates.length()), rows(undecided, candidates.length()));
    }

    private Range beyond(Section section, ValueTest.Beyond beyond) {
        ToIntFunction<Object> bound = beyond.bound();
        return switch (beyond.side()) {
            case ABOVE -> new Range(search(section, value -> bound.applyAsInt(value) > 0), section.to);
            case ABOVE_OR_AT -> new Range(search(section, value -> bound.applyAsInt(value) >= 0), section.to);
            case BELOW -> new Range(section.from, search(section, value -> bound.applyAsInt(value) >= 0));
            case BELOW_OR_AT -> new Range(section.from, search(section, value -> bound.applyAsInt(value) > 0));
        };
    }

    private Range equal(Section section, ToIntFunction<Object> wanted) {
        return new Range(
                search(section, value -> wanted.applyAsInt(value) >= 0),
                search(section, value -> wanted.applyAsInt(value) > 0));
    }

    private List<Range> passing(Section section, ValueTest test) {
        List<Range> passing = new ArrayList<>();
        for (int i = section.from; i < section.to; i++) {
            if (test.test(value(section, i))) {
                passing.add(new Range(i, i + 1));
            }
        }
        return passing;
    }

    /** Returns the first value from which on a condition holds, which holds for all after. */
    private int search(Section section, Predicate<Object> condition) {
        int low = section.from;
        int high = section.to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (condition.test(value(section, middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private long length(List<Range> ranges) {
        long length = 0;
        for (Range range : ranges) {
            length += list(range.to) - list(range.from);
        }
        return length / Integer.BYTES;
    }

    private Bits rows(List<Range> ranges, int size) {
        RowSet rows = new RowSet(size);
        for (Range range : ranges) {
            int start = list(range.from);
            for (int i = range.from; i < range.to; i++) {
                int end = list(i + 1);
                RowList.read(bytes, start, end - start, rows);
                start = end;
            }
        }
        return rows.toBits();
    }

    private int list(int value) {
        return lists + bytes.getInt(offsets + value * Integer.BYTES);
    }

    private Object value(Section section, int number) {
        int position = section.position + (number - section.from) * width(section.kind);
        return switch (section.kind) {
            case TEXT, TORN_TEXT -> text(section, position);
            case IDENTIFIER -> new UUID(bytes.getLong(position), bytes.getLong(position + Long.BYTES));
            case LONG -> bytes.getLong(position);
            case FLOAT -> bytes.getFloat(position);
            case DOUBLE -> bytes.getDouble(position);
            case NOT_FINITE -> Double.NaN;
        };
    }

    private String text(Section section, int position) {
        int texts = section.position + (section.to - section.from + 1) * Integer.BYTES;
        int from = bytes.getInt(position);
        int to = bytes.getInt(position + Integer.BYTES);
        byte[] text = new byte[Objects.checkIndex(to - from, bytes.capacity())];
        bytes.get(texts + from, text);
        return section.kind == Kind.TEXT ? new String(text, StandardCharsets.UTF_8) : fromUnits(text);
    }

    private static String fromUnits(byte[] text) {
        char[] units = new char[text.length / Character.BYTES];
        ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN).asCharBuffer().get(units);
        return new String(units);
    }

    /** The platform's charsets replace half a surrogate pair by a question mark; this does not. */
    private static byte[] toUnits(String text) {
        byte[] units = new byte[text.length() * Character.BYTES];
        ByteBuffer.wrap(units).order(ByteOrder.LITTLE_ENDIAN).asCharBuffer().put(text);
        return units;
    }

    static ByteBuffer encode(ColumnContent content, int size) {
        long length = KINDS.length * (long) Integer.BYTES;
        Map<Kind, List<byte[]>> texts = new EnumMap<>(Kind.class);
        for (Kind kind : KINDS) {
            List<Object> values = content.values(kind);
            length += (long) values.size() * width(kind);
            if (isText(kind)) {
                List<byte[]> encoded = values.stream()
                        .map(value -> (String) value)
                        .map(text -> kind == Kind.TEXT ? text.getBytes(StandardCharsets.UTF_8) : toUnits(text))
                        .toList();
                texts.put(kind, encoded);
                length += Integer.BYTES
                        + encoded.stream().mapToLong(text -> text.length).sum();
            }
        }
        length += (content.valueCount() + 1L) * Integer.BYTES;
        for (int i = 0; i < content.valueCount(); i++) {
            length += content.rows(i).bytes(size);
        }
        ByteBuffer target = allocate(length);
        for (Kind kind : KINDS) {
            target.putInt(content.values(kind).size());
        }
        for (Kind kind : KINDS) {
            if (isText(kind)) {
                writeTexts(target, texts.getOrDefault(kind, List.of()));
            } else {
                content.values(kind).forEach(value -> writeValue(target, value));
            }
        }
        int end = 0;
        target.putInt(end);
        for (int i = 0; i < content.valueCount(); i++) {
            end += content.rows(i).bytes(size);
            target.putInt(end);
        }
        for (int i = 0; i < content.valueCount(); i++) {
            content.rows(i).write(target, size);
        }
        return target.flip();
    }

    private static void writeTexts(ByteBuffer target, List<byte[]> texts) {
        int end = 0;
        target.putInt(end);
        for (byte[] text : texts) {
            end += text.length;
            target.putInt(end);
        }
        texts.forEach(target::put);
    }

    private static void writeValue(ByteBuffer target, Object value) {
        if (value instanceof UUID id) {
            target.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        } else if (value instanceof Long number) {
            target.putLong(number);
        } else if (value instanceof Float number) {
            target.putFloat(number);
        } else if (Double.isFinite((Double) value)) {
            target.putDouble((Double) value);
        }
    }

    /** Allocates bytes of the order of the file; one section has to stay below 2 GiB. */
    static ByteBuffer allocate(long length) {
        if (length > Integer.MAX_VALUE - Long.BYTES) {
            throw new IllegalStateException("the metadata of a segment takes " + length
                    + " bytes as an index, more than 2 GiB; use smaller segments, or fewer keys");
        }
        return ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static boolean isText(Kind kind) {
        return kind == Kind.TEXT || kind == Kind.TORN_TEXT;
    }

    /** Returns the bytes of a value, for a string those that say where it begins. */
    private static int width(Kind kind) {
        return switch (kind) {
            case TEXT, TORN_TEXT, FLOAT -> Integer.BYTES;
            case IDENTIFIER -> 2 * Long.BYTES;
            case LONG, DOUBLE -> Long.BYTES;
            case NOT_FINITE -> 0;
        };
    }
}
