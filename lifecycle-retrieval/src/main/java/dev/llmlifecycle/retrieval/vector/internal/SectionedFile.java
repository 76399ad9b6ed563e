package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.retrieval.vector.internal.Decoder.FormatProblem;

/** A mapped file that a {@link SectionedFileWriter} wrote: header and footer are checked, sections when read. */
final class SectionedFile {

    static final String REMEDY = "restore the directory from a backup, or fill the index again";

    private static final int LARGEST_FOOTER = 1 << 28;

    private final byte[] properties;
    private final int checksum;
    private final Map<Integer, Section> sections;

    private SectionedFile(byte[] properties, int checksum, Map<Integer, Section> sections) {
        this.properties = properties;
        this.checksum = checksum;
        this.sections = sections;
    }

    /**
     * Opens a file.
     *
     * @param number of the segment
     * @param names what sections hold, by kind, for messages
     * @throws DamagedDataException when header or footer are damaged
     */
    static SectionedFile open(Path file, long number, Map<Integer, String> names) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            checkHeader(file, new Decoder(read(channel, file, 0, SectionedFileWriter.HEADER_BYTES)), number);
            long trailerStart = channel.size() - SectionedFileWriter.TRAILER_BYTES;
            Decoder trailer = new Decoder(read(channel, file, trailerStart, SectionedFileWriter.TRAILER_BYTES));
            String where = "trailer at byte " + trailerStart;
            try {
                int trailerChecksum = trailer.checksum(SectionedFileWriter.TRAILER_BYTES - 2 * Integer.BYTES);
                long start = trailer.u64();
                long size = trailer.u64();
                int length = trailer.u32();
                int checksum = trailer.u32();
                if (trailer.u32() != trailerChecksum || trailer.u32() != SectionedFileWriter.END) {
                    throw new FormatProblem("the checksum does not fit, or the file was cut off");
                }
                if (size != channel.size() || length < 0 || length > LARGEST_FOOTER || start != trailerStart - length) {
                    throw new FormatProblem("the file has " + channel.size() + " bytes instead of " + size);
                }
                where = "footer at byte " + start;
                byte[] footer = read(channel, file, start, length);
                if (Checksums.of(footer, 0, length) != checksum) {
                    throw new FormatProblem("the checksum does not fit");
                }
                return readFooter(channel, file, new Decoder(footer), checksum, start, names);
            } catch (FormatProblem e) {
                throw new DamagedDataException(file.toString(), where, e.problem(), REMEDY, e);
            }
        }
    }

    private static void checkHeader(Path file, Decoder header, long number) {
        try {
            int checksum = header.checksum(SectionedFileWriter.HEADER_BYTES - Integer.BYTES);
            if (!Arrays.equals(header.bytes(SectionedFileWriter.MAGIC.length), SectionedFileWriter.MAGIC)) {
                throw new FormatProblem("this is no segment of a vector index");
            }
            int version = header.u32();
            long found = header.u64();
            if (header.u32() != checksum) {
                throw new FormatProblem("the checksum does not fit");
            }
            FormatVersions.check(file, version, SectionedFileWriter.VERSION);
            if (found != number) {
                throw new FormatProblem("it is segment " + found + " instead of " + number);
            }
        } catch (FormatProblem e) {
            throw new DamagedDataException(file.toString(), "header at byte 0", e.problem(), REMEDY, e);
        }
    }

    private static SectionedFile readFooter(
            FileChannel channel, Path file, Decoder footer, int checksum, long end, Map<Integer, String> names)
            throws IOException, FormatProblem {
        byte[] properties = footer.bytes(footer.count(1));
        Map<Integer, Section> sections = new TreeMap<>();
        while (footer.hasRemaining()) {
            int kind = footer.u32();
            long start = footer.u64();
            long length = footer.u64();
            int[] checksums = new int[footer.count(Integer.BYTES)];
            for (int i = 0; i < checksums.length; i++) {
                checksums[i] = footer.u32();
            }
            long blocks = (length + SectionedFileWriter.BLOCK - 1) / SectionedFileWriter.BLOCK;
            if (start < 0 || length < 0 || length > end - start || blocks != checksums.length) {
                throw new FormatProblem("section " + kind + " does not fit into the file");
            }
            String name = names.getOrDefault(kind, "section " + kind);
            sections.put(kind, new Section(channel, file.toString(), name, start, length, checksums));
        }
        return new SectionedFile(properties, checksum, sections);
    }

    private static byte[] read(FileChannel channel, Path file, long start, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (start >= 0 && buffer.hasRemaining() && channel.read(buffer, start + buffer.position()) >= 0) {
            // reads on
        }
        if (buffer.hasRemaining()) {
            throw new DamagedDataException(
                    file.toString(),
                    "byte " + Math.max(0, start),
                    "the file ends after " + channel.size() + " bytes, it was cut off",
                    REMEDY,
                    null);
        }
        return buffer.array();
    }

    /** Returns the checksum of the footer. */
    int checksum() {
        return checksum;
    }

    Decoder properties() {
        return new Decoder(properties);
    }

    Section section(int kind, long length) throws FormatProblem {
        Section section = section(kind);
        if (section.length() != length) {
            throw new FormatProblem("section " + kind + " has " + section.length() + " bytes instead of " + length);
        }
        return section;
    }

    Section section(int kind) throws FormatProblem {
        Section section = sections.get(kind);
        if (section == null) {
            throw new FormatProblem("section " + kind + " is missing");
        }
        return section;
    }

    /** Checks all blocks of all sections. */
    List<DamagedDataException> verify() {
        List<DamagedDataException> damages = new ArrayList<>();
        sections.values().forEach(section -> damages.addAll(section.verify()));
        return damages;
    }
}
