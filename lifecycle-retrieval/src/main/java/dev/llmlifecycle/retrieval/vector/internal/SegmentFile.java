package dev.llmlifecycle.retrieval.vector.internal;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;

/** How a segment is laid out in sections. */
final class SegmentFile {

    static final int ID_STARTS = 1;
    static final int IDS = 2;
    static final int ID_TABLE = 3;
    static final int VECTORS = 4;
    static final int GRAPH = 5;
    static final int PAYLOAD_STARTS = 6;
    static final int PAYLOADS = 7;
    static final int METADATA_INDEX = 8;

    static final Map<Integer, String> NAMES = Map.of(
            ID_STARTS, "the starts of ids",
            IDS, "the ids",
            ID_TABLE, "the table of ids",
            VECTORS, "the vectors",
            GRAPH, "the graph",
            PAYLOAD_STARTS, "the starts of texts",
            PAYLOADS, "the texts and metadata",
            METADATA_INDEX, "the metadata index");

    private static final int ROWS_AT_ONCE = 64;

    private SegmentFile() {}

    /** Writes a segment and returns the checksum of its footer. */
    static int write(WritableFile file, long number, SegmentContent segment) throws IOException {
        int size = segment.size();
        SectionedFileWriter out = new SectionedFileWriter(file, number, properties(segment));
        writeIds(out, segment);
        int rowLength = Rows.length(segment.dimension());
        out.section(VECTORS, section -> {
            float[] rows = new float[ROWS_AT_ONCE * rowLength];
            for (int from = 0; from < size; from += ROWS_AT_ONCE) {
                int count = Math.min(ROWS_AT_ONCE, size - from);
                segment.readRows(from, count, rows, 0);
                section.floats(rows, count * rowLength);
            }
        });
        if (segment.graph().isPresent()) {
            GraphContent graph = segment.graph().get();
            out.section(GRAPH, section -> writeGraph(section, graph, size));
        }
        writePayloads(out, segment);
        out.section(METADATA_INDEX, section -> {
            DataOutputStream stream = new DataOutputStream(section.stream());
            segment.metadataIndex().writeTo(stream);
            stream.flush();
        });
        return out.finish();
    }

    private static byte[] properties(SegmentContent segment) {
        Encoder properties = new Encoder().u32(segment.dimension()).u32(segment.size());
        if (segment.graph().isEmpty()) {
            return properties.u32(0).toByteArray();
        }
        GraphContent graph = segment.graph().get();
        properties.u32(graph.topLevel() + 1).u32(graph.entryPoint());
        for (int level = 0; level <= graph.topLevel(); level++) {
            int rows = 0;
            int links = 0;
            int[] neighbours = new int[graph.maxDegree(level)];
            for (int i = 0; i < segment.size(); i++) {
                if (graph.level(i) >= level) {
                    rows++;
                    links = Math.addExact(links, graph.neighbours(level, i, neighbours));
                }
            }
            properties.u32(rows).u32(links).u32(graph.maxDegree(level));
        }
        return properties.toByteArray();
    }

    private static void writeIds(SectionedFileWriter out, SegmentContent segment) throws IOException {
        int size = segment.size();
        long[] table = new long[tableLength(size)];
        out.section(ID_STARTS, section -> {
            long start = 0;
            for (int i = 0; i < size; i++) {
                section.u64(start);
                byte[] id = Wtf8.encode(segment.id(i));
                start += id.length;
                long hash = hash(id);
                int slot = slot(hash, table.length);
                while (table[slot] != 0) {
                    slot = (slot + 1) & (table.length - 1);
                }
                table[slot] = entry(hash, i);
            }
            section.u64(start);
        });
        out.section(IDS, section -> {
            for (int i = 0; i < size; i++) {
                byte[] id = Wtf8.encode(segment.id(i));
                section.bytes(id, 0, id.length);
            }
        });
        out.section(ID_TABLE, section -> {
            for (long entry : table) {
                section.u64(entry);
            }
        });
    }

    private static void writeGraph(SectionedFileWriter out, GraphContent graph, int size) throws IOException {
        for (int level = 0; level <= graph.topLevel(); level++) {
            int[] neighbours = new int[graph.maxDegree(level)];
            if (level > 0) {
                for (int i = 0; i < size; i++) {
                    if (graph.level(i) >= level) {
                        out.u32(i);
                    }
                }
            }
            int start = 0;
            for (int i = 0; i < size; i++) {
                if (graph.level(i) >= level) {
                    out.u32(start);
                    start += graph.neighbours(level, i, neighbours);
                }
            }
            out.u32(start);
            for (int i = 0; i < size; i++) {
                if (graph.level(i) >= level) {
                    int count = graph.neighbours(level, i, neighbours);
                    for (int n = 0; n < count; n++) {
                        out.u32(neighbours[n]);
                    }
                }
            }
        }
    }

    private static void writePayloads(SectionedFileWriter out, SegmentContent segment) throws IOException {
        int size = segment.size();
        out.section(PAYLOAD_STARTS, section -> {
            long start = 0;
            for (int i = 0; i < size; i++) {
                section.u64(start);
                start += payload(segment, i).length;
            }
            section.u64(start);
        });
        out.section(PAYLOADS, section -> {
            for (int i = 0; i < size; i++) {
                byte[] payload = payload(segment, i);
                section.bytes(payload, 0, payload.length);
            }
        });
    }

    private static byte[] payload(SegmentContent segment, int ordinal) {
        return new Encoder()
                .optionalString(segment.text(ordinal))
                .metadata(segment.metadata(ordinal))
                .toByteArray();
    }

    /** Returns a power of two that leaves at least a third of the slots free. */
    private static int tableLength(int size) {
        return Integer.highestOneBit((int) Math.min(1L << 30, Math.max(2, size + size / 2L))) << 1;
    }

    static int slot(long hash, int tableLength) {
        return (int) hash & (tableLength - 1);
    }

    /** The lower half tells the row, from 1 on, the upper half whether it is worth looking at. */
    static long entry(long hash, int ordinal) {
        return (hash & 0xFFFF_FFFF_0000_0000L) | (ordinal + 1);
    }

    /** FNV-1a of 64 bits, then the finaliser of MurmurHash3, as lower bits of FNV alone are weak. */
    static long hash(byte[] id) {
        long hash = 0xCBF2_9CE4_8422_2325L;
        for (byte value : id) {
            hash = (hash ^ (value & 0xFF)) * 0x100_0000_01B3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
        return hash ^ (hash >>> 33);
    }
}
