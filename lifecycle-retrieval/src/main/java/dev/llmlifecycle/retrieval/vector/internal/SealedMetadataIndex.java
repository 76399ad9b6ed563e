package dev.llmlifecycle.retrieval.vector.internal;

import java.io.DataOutput;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.IntFunction;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.DamagedDataException;
import org.jspecify.annotations.Nullable;

/**
 * A metadata index in bytes, on the heap or mapped from a file; only the columns that a filter names are read.
 *
 * <p>The bytes are little-endian; lengths and counts are 32 bits.
 *
 * <pre>
 * version (1), number of rows
 * length of the list of rows without metadata, the list
 * number of keys; for each, in ascending order: its length, its UTF-16 code units, the length of its column
 * the columns, in the order of their keys
 *
 * column: number of values of each {@link Kind}, in the order of the kinds
 *         the values of each kind, ascending: 64 bits for a long or double, 32 for a float, 128 for a UUID, its most
 *             significant half first; none for what is not finite; for strings where each begins, where the last ends,
 *             and their bytes, UTF-8 or, with half a surrogate pair in them, UTF-16
 *         where the list of each value begins, where the last ends
 *         the lists
 *
 * list:   rows, ascending; or one bit for each row of the segment in words of 64, if that is not longer
 * </pre>
 */
final class SealedMetadataIndex implements MetadataIndex {

    private static final int VERSION = 1;
    private static final int CHUNK = 1 << 16;

    private final ByteBuffer section;
    private final int size;
    private final IntFunction<Metadata> rows;
    private final Bits without;
    private final Map<String, ByteBuffer> columns = new HashMap<>();

    /**
     * Opens an index.
     *
     * @param section its bytes
     * @param size how many rows the segment has
     * @param rows gives the metadata of each
     */
    SealedMetadataIndex(ByteBuffer section, int size, IntFunction<Metadata> rows) {
        this.section = section.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.size = size;
        this.rows = rows;
        ByteBuffer in = this.section.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        try {
            this.without = open(in);
        } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
            throw damaged("byte " + in.position(), "a length does not fit", e);
        }
    }

    private Bits open(ByteBuffer in) {
        int version = in.getInt();
        int written = in.getInt();
        if (version != VERSION || written != size) {
            throw damaged(
                    "byte 0",
                    "version " + version + " of " + written + " rows was found but version " + VERSION + " of " + size
                            + " was expected",
                    null);
        }
        int bytes = in.getInt();
        RowSet without = new RowSet(size);
        RowList.read(in, in.position(), bytes, without);
        in.position(checkedEnd(in, bytes));
        String[] keys = new String[Objects.checkIndex(in.getInt(), in.capacity())];
        int[] lengths = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            char[] key = new char[Objects.checkIndex(in.getInt(), in.capacity())];
            for (int j = 0; j < key.length; j++) {
                key[j] = in.getChar();
            }
            keys[i] = new String(key);
            lengths[i] = in.getInt();
        }
        for (int i = 0; i < keys.length; i++) {
            int end = checkedEnd(in, lengths[i]);
            columns.put(keys[i], in.slice(in.position(), lengths[i]).order(ByteOrder.LITTLE_ENDIAN));
            in.position(end);
        }
        return without.toBits();
    }

    private static int checkedEnd(ByteBuffer in, int length) {
        return in.position() + Objects.checkFromIndexSize(0, length, in.remaining()) + length;
    }

    @Override
    public Bits matching(Filter filter, Bits candidates) {
        return new FilterEvaluation(this::column, rows).matching(filter, candidates.andNot(without));
    }

    private Optional<Column> column(String key) {
        return Optional.ofNullable(columns.get(key)).map(bytes -> (comparison, candidates) -> {
            try {
                return new SealedColumn(bytes).select(comparison, candidates);
            } catch (IndexOutOfBoundsException e) {
                throw damaged("key '" + key + "'", "a length does not fit", e);
            }
        });
    }

    private static DamagedDataException damaged(String position, String problem, @Nullable RuntimeException cause) {
        return new DamagedDataException(
                "the metadata index of a segment", position, problem, "restore the index from a backup", cause);
    }

    @Override
    public void writeTo(DataOutput output) throws IOException {
        byte[] chunk = new byte[Math.min(CHUNK, section.capacity())];
        for (int from = 0; from < section.capacity(); from += chunk.length) {
            int length = Math.min(chunk.length, section.capacity() - from);
            section.get(from, chunk, 0, length);
            output.write(chunk, 0, length);
        }
    }

    /** Returns the bytes of an index. */
    static ByteBuffer encode(int size, RowList without, SortedMap<String, ColumnContent> contents) {
        List<ByteBuffer> columns = new ArrayList<>();
        long length = 4 * (long) Integer.BYTES + without.bytes(size);
        for (Map.Entry<String, ColumnContent> content : contents.entrySet()) {
            ByteBuffer column = SealedColumn.encode(content.getValue(), size);
            columns.add(column);
            length += 2 * Integer.BYTES
                    + Character.BYTES * (long) content.getKey().length()
                    + column.remaining();
        }
        ByteBuffer target = SealedColumn.allocate(length);
        target.putInt(VERSION).putInt(size).putInt(without.bytes(size));
        without.write(target, size);
        target.putInt(columns.size());
        Iterator<ByteBuffer> next = columns.iterator();
        for (String key : contents.keySet()) {
            target.putInt(key.length());
            key.chars().forEach(unit -> target.putChar((char) unit));
            target.putInt(next.next().remaining());
        }
        columns.forEach(target::put);
        return target.flip();
    }
}
