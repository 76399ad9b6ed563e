package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import dev.langchain4j.data.document.Metadata;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.retrieval.vector.internal.Decoder.FormatProblem;
import org.jspecify.annotations.Nullable;

/** A segment in its file, of which only what is touched is read and checked. */
final class MappedSegment implements SegmentContent {

    private static final long ENTRY_HASH = 0xFFFF_FFFF_0000_0000L;

    private final SectionedFile file;
    private final MetadataIndexing indexing;
    private final int dimension;
    private final int size;
    private final int rowLength;
    private final int tableLength;
    private final Section idStarts;
    private final Section ids;
    private final Section idTable;
    private final Section vectors;
    private final Section payloadStarts;
    private final Section payloads;
    private final Section metadataSection;
    private final Optional<GraphContent> graph;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable MetadataIndex metadataIndex;

    private MappedSegment(SectionedFile file, MetadataIndexing indexing) throws FormatProblem {
        this.file = file;
        this.indexing = indexing;
        Decoder properties = file.properties();
        this.dimension = properties.u32();
        this.size = properties.u32();
        if (dimension < 1 || size < 0) {
            throw new FormatProblem(size + " rows of dimension " + dimension);
        }
        this.rowLength = Rows.length(dimension);
        long starts = (size + 1L) * Long.BYTES;
        this.idStarts = file.section(SegmentFile.ID_STARTS, starts);
        this.ids = file.section(SegmentFile.IDS);
        this.idTable = file.section(SegmentFile.ID_TABLE);
        this.tableLength = (int) (idTable.length() / Long.BYTES);
        if (Integer.bitCount(tableLength) != 1 || tableLength <= size) {
            throw new FormatProblem("a table of " + tableLength + " for " + size + " ids");
        }
        this.vectors = file.section(SegmentFile.VECTORS, (long) size * rowLength * Float.BYTES);
        this.payloadStarts = file.section(SegmentFile.PAYLOAD_STARTS, starts);
        this.payloads = file.section(SegmentFile.PAYLOADS);
        this.metadataSection = file.section(SegmentFile.METADATA_INDEX);
        this.graph = MappedGraph.read(file, properties, size);
        properties.requireEnd();
    }

    static MappedSegment open(Path path, long number, MetadataIndexing indexing) throws IOException {
        SectionedFile file = SectionedFile.open(path, number, SegmentFile.NAMES);
        try {
            return new MappedSegment(file, indexing);
        } catch (FormatProblem e) {
            throw new DamagedDataException(path.toString(), "footer", e.problem(), SectionedFile.REMEDY, e);
        }
    }

    /** Returns the checksum of the footer, which tells this file from any other. */
    int checksum() {
        return file.checksum();
    }

    List<DamagedDataException> verify() {
        return file.verify();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public String id(int ordinal) {
        return Wtf8.decode(item(idStarts, ids, ordinal));
    }

    @Override
    public int ordinal(String id) {
        byte[] wanted = Wtf8.encode(id);
        long hash = SegmentFile.hash(wanted);
        int slot = SegmentFile.slot(hash, tableLength);
        for (int probes = 0; probes < tableLength; probes++) {
            long entry = idTable.u64((long) slot * Long.BYTES);
            if (entry == 0) {
                return -1;
            }
            int ordinal = (int) entry - 1;
            if (((entry ^ hash) & ENTRY_HASH) == 0 && Arrays.equals(item(idStarts, ids, ordinal), wanted)) {
                return ordinal;
            }
            slot = (slot + 1) & (tableLength - 1);
        }
        return -1;
    }

    @Override
    public void readRows(int from, int count, float[] target, int offset) {
        vectors.floats((long) from * rowLength * Float.BYTES, target, offset, count * rowLength);
    }

    @Override
    public Optional<String> text(int ordinal) {
        return payload(ordinal).text();
    }

    @Override
    public Metadata metadata(int ordinal) {
        return payload(ordinal).metadata();
    }

    @Override
    public Optional<GraphContent> graph() {
        return graph;
    }

    @Override
    public MetadataIndex metadataIndex() {
        MetadataIndex found = metadataIndex;
        if (found == null) {
            opening.lock();
            try {
                found = metadataIndex;
                if (found == null) {
                    found = metadataSection.length() > Section.WINDOW
                            ? indexing.build(size, this::filtered)
                            : indexing.read(metadataSection.whole().order(ByteOrder.BIG_ENDIAN), size, this::filtered);
                    metadataIndex = found;
                }
            } finally {
                opening.unlock();
            }
        }
        return found;
    }

    private record Payload(Optional<String> text, Metadata metadata) {}

    /** An embedding without a segment has neither text nor metadata, and no filter matches it. */
    private @Nullable Metadata filtered(int ordinal) {
        Payload payload = payload(ordinal);
        return payload.text().isEmpty() && payload.metadata().toMap().isEmpty() ? null : payload.metadata();
    }

    private Payload payload(int ordinal) {
        try {
            Decoder bytes = new Decoder(item(payloadStarts, payloads, ordinal));
            Payload payload = new Payload(bytes.optionalString(), bytes.metadata());
            bytes.requireEnd();
            return payload;
        } catch (FormatProblem e) {
            throw payloads.damaged(payloadStarts.u64((long) ordinal * Long.BYTES), e);
        }
    }

    private static byte[] item(Section starts, Section items, int ordinal) {
        long start = starts.u64((long) ordinal * Long.BYTES);
        long length = starts.u64((ordinal + 1L) * Long.BYTES) - start;
        if (length < 0 || length > Integer.MAX_VALUE - Long.BYTES) {
            throw starts.damaged((long) ordinal * Long.BYTES, new FormatProblem("an item of " + length + " bytes"));
        }
        return items.bytes(start, (int) length);
    }
}
