package dev.llmlifecycle.core.classify;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.Nullable;

/**
 * The file of a classifier: named blocks, compressed, each with its checksum; see docs/reference/classifier-format.md.
 */
final class ClassifierFile {

    private static final byte[] MAGIC = "LLMCLASS".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HEADER = 20;
    private static final int BLOCK_HEADER = 16;
    private static final int NAME = 4;
    private static final int MOST_BLOCKS = 64;
    private static final int MOST_BYTES = 1 << 30;
    private static final String REMEDY = "restore the file or train the classifier again";

    private ClassifierFile() {}

    static byte[] encode(Map<String, byte[]> blocks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] header = new byte[HEADER];
        little(header).put(MAGIC).putInt(VERSION).putInt(blocks.size());
        little(header).putInt(HEADER - Integer.BYTES, crc(header, 0, HEADER - Integer.BYTES));
        out.writeBytes(header);
        blocks.forEach((name, content) -> {
            byte[] stored = deflate(content);
            byte[] block = new byte[BLOCK_HEADER + stored.length];
            little(block)
                    .put(name.getBytes(StandardCharsets.US_ASCII))
                    .putInt(content.length)
                    .putInt(stored.length)
                    .position(BLOCK_HEADER)
                    .put(stored);
            little(block).putInt(BLOCK_HEADER - Integer.BYTES, blockCrc(block, 0, stored.length));
            out.writeBytes(block);
        });
        return out.toByteArray();
    }

    /** Reads the blocks of a file, or names the first byte of what is damaged. */
    static Map<String, byte[]> decode(String source, byte[] bytes) {
        if (bytes.length < HEADER || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw damaged(source, "byte 0", "this is not the beginning of a classifier", null);
        }
        ByteBuffer file = little(bytes).position(MAGIC.length);
        int version = file.getInt();
        int count = file.getInt();
        if (file.getInt() != crc(bytes, 0, HEADER - Integer.BYTES) || count < 0 || count > MOST_BLOCKS) {
            throw damaged(source, "byte 0", "the checksum of the header does not fit", null);
        }
        if (version != VERSION) {
            throw new LifecycleException("Reading " + source + " found version " + version
                    + " of the classifier format, and this library knows " + VERSION
                    + "; use the library that wrote it or train again");
        }
        Map<String, byte[]> blocks = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int start = file.position();
            String position = "byte " + start;
            if (file.remaining() < BLOCK_HEADER) {
                throw damaged(source, position, "the file ends before block " + (i + 1) + " of " + count, null);
            }
            String name = new String(bytes, start, NAME, StandardCharsets.US_ASCII);
            int length = file.getInt(start + NAME);
            int stored = file.getInt(start + 2 * NAME);
            if (stored < 0 || length < 0 || length > MOST_BYTES || stored > file.remaining() - BLOCK_HEADER) {
                throw damaged(
                        source,
                        position,
                        "block " + (i + 1) + " of " + count + " is cut off or has a wrong length",
                        null);
            }
            if (file.getInt(start + 3 * NAME) != blockCrc(bytes, start, stored)) {
                throw damaged(
                        source, position, "the checksum of block " + (i + 1) + " of " + count + " does not fit", null);
            }
            file.position(start + BLOCK_HEADER + stored);
            blocks.put(name, inflate(source, position, bytes, start + BLOCK_HEADER, stored, length));
        }
        if (file.hasRemaining()) {
            throw damaged(
                    source, "byte " + file.position(), file.remaining() + " bytes stand behind the last block", null);
        }
        return blocks;
    }

    static DamagedDataException damaged(String source, String position, String problem, @Nullable Exception cause) {
        return new DamagedDataException(source, position, problem, REMEDY, cause);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int crc(byte[] bytes, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, start, length);
        return (int) crc.getValue();
    }

    /** Covers name, lengths and content; the checksum itself stands between them. */
    private static int blockCrc(byte[] bytes, int start, int stored) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, start, BLOCK_HEADER - Integer.BYTES);
        crc.update(bytes, start + BLOCK_HEADER, stored);
        return (int) crc.getValue();
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static byte[] inflate(String source, String position, byte[] bytes, int start, int stored, int length) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(bytes, start, stored);
            // Grows with what is there, so that a wrong length asks for no memory.
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            while (!inflater.finished() && out.size() <= length) {
                int read = inflater.inflate(buffer);
                if (read == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    break;
                }
                out.write(buffer, 0, read);
            }
            if (!inflater.finished() || out.size() != length) {
                throw damaged(source, position, "a block does not have the length it states", null);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw damaged(source, position, "a block cannot be decompressed", e);
        } finally {
            inflater.end();
        }
    }
}
