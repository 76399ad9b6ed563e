package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.vector.internal.BatchLogReader.Mark;
import dev.llmlifecycle.retrieval.vector.internal.Decoder.FormatProblem;

/**
 * The manifest as it stands in its file, which is replaced as a whole.
 *
 * @param generation how often it was replaced
 * @param dimension of the vectors
 * @param similarity how vectors are compared
 * @param version the last batch whose rows are in the segments
 * @param segments the sealed segments
 * @param logs the logs with later batches, and where they ended when this was written
 * @param nextLog the number that no log had then; a log with it is younger than this
 * @param nextSegment the number that no segment of any manifest had up to this one, so that a reader never takes one
 *     segment for another
 */
record StoredManifest(
        long generation,
        int dimension,
        String similarity,
        long version,
        List<Segment> segments,
        List<Mark> logs,
        long nextLog,
        long nextSegment) {

    static final String FILE = "vectors.manifest";

    private static final byte[] MAGIC = "LLMVECMF".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 2;
    /** The first version, which did not keep the next number of segments. */
    private static final int WITHOUT_NEXT_SEGMENT = 1;

    private static final int PREAMBLE_BYTES = MAGIC.length + Integer.BYTES;

    /**
     * A sealed segment.
     *
     * @param entry number and deleted rows
     * @param checksum of the footer of its file
     */
    record Segment(Manifest.Segment entry, int checksum) {}

    StoredManifest {
        segments = List.copyOf(segments);
        logs = List.copyOf(logs);
    }

    /** Returns the manifest that replaces this one. */
    StoredManifest next(long nextVersion, List<Segment> nextSegments, List<Mark> kept, List<Mark> all) {
        long next = nextLog;
        for (Mark mark : all) {
            next = Math.max(next, mark.number() + 1);
        }
        return new StoredManifest(
                generation + 1,
                dimension,
                similarity,
                nextVersion,
                nextSegments,
                kept,
                next,
                Math.max(nextSegment, after(nextSegments)));
    }

    private static long after(List<Segment> segments) {
        return segments.stream()
                        .mapToLong(segment -> segment.entry().number())
                        .max()
                        .orElse(0)
                + 1;
    }

    /** Returns one that knows where logs end. */
    StoredManifest withLogs(List<Mark> ends) {
        return next(version, segments, ends, ends);
    }

    Manifest manifest() {
        return new Manifest(version, segments.stream().map(Segment::entry).toList());
    }

    void write(Disk disk, Path directory) throws IOException {
        byte[] bytes = encode();
        AtomicFile.write(disk, directory.resolve(FILE), out -> out.append(bytes));
    }

    private byte[] encode() {
        Encoder out = new Encoder()
                .bytes(MAGIC)
                .u32(VERSION)
                .u64(generation)
                .u32(dimension)
                .string(similarity)
                .u64(version)
                .u32(segments.size());
        for (Segment segment : segments) {
            Bits deleted = segment.entry().deleted();
            out.u64(segment.entry().number()).u32(segment.checksum()).u32(deleted.length());
            for (long word : deleted.toWords()) {
                out.u64(word);
            }
        }
        out.u32(logs.size());
        for (Mark log : logs) {
            out.u64(log.number()).u64(log.end()).u64(log.lastVersion());
        }
        return out.u64(nextLog).u64(nextSegment).checksum().toByteArray();
    }

    /** Reads the manifest of a directory that has one. */
    static StoredManifest read(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        byte[] bytes = Files.readAllBytes(file);
        try {
            return decode(file, bytes);
        } catch (FormatProblem e) {
            throw new DamagedDataException(file.toString(), "byte 0", e.problem(), SectionedFile.REMEDY, e);
        }
    }

    private static StoredManifest decode(Path file, byte[] bytes) throws FormatProblem {
        if (bytes.length < PREAMBLE_BYTES + Integer.BYTES
                || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new FormatProblem("this is no manifest of a vector index, or it was cut off");
        }
        int content = bytes.length - Integer.BYTES;
        int checksum = Checksums.of(bytes, 0, content);
        if (new Decoder(Arrays.copyOfRange(bytes, content, bytes.length)).u32() != checksum) {
            throw new FormatProblem("the checksum does not fit");
        }
        Decoder in = new Decoder(Arrays.copyOf(bytes, content));
        in.bytes(MAGIC.length);
        int format = in.u32();
        FormatVersions.check(file, format, VERSION);
        long generation = in.u64();
        int dimension = in.u32();
        String similarity = in.string();
        long version = in.u64();
        List<Segment> segments = new ArrayList<>();
        int segmentCount = in.count(Long.BYTES + 2 * Integer.BYTES);
        for (int i = 0; i < segmentCount; i++) {
            long number = in.u64();
            int footer = in.u32();
            int length = in.u32();
            if (length < 0) {
                throw new FormatProblem("a segment of " + length + " rows");
            }
            long[] words = new long[in.room((length + 63L) / Long.SIZE, Long.BYTES)];
            for (int word = 0; word < words.length; word++) {
                words[word] = in.u64();
            }
            segments.add(new Segment(new Manifest.Segment(number, Bits.ofWords(words, length)), footer));
        }
        List<Mark> logs = new ArrayList<>();
        int logCount = in.count(3 * Long.BYTES);
        for (int i = 0; i < logCount; i++) {
            logs.add(new Mark(in.u64(), in.u64(), in.u64()));
        }
        long nextLog = in.u64();
        long nextSegment = format == WITHOUT_NEXT_SEGMENT ? after(segments) : in.u64();
        in.requireEnd();
        return new StoredManifest(generation, dimension, similarity, version, segments, logs, nextLog, nextSegment);
    }

    void requireLayout(Path directory, int wantedDimension, String wantedSimilarity) {
        if (dimension != wantedDimension || !similarity.equals(wantedSimilarity)) {
            throw new LifecycleException("Opening " + directory + " failed: it holds vectors of dimension " + dimension
                    + " compared by " + similarity + " but dimension " + wantedDimension + " and " + wantedSimilarity
                    + " were asked for; open it with its own, or use another directory");
        }
    }
}
