package dev.llmlifecycle.retrieval.vector.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

import dev.langchain4j.data.document.Metadata;
import dev.llmlifecycle.api.identity.Hash;

/**
 * Reads what an {@link Encoder} wrote; whatever does not fit is a {@link FormatProblem}.
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public final class Decoder {

    /** The length of a hash. */
    public static final int HASH_BYTES = 32;

    private final ByteBuffer in;

    /**
     * Reads from the start.
     *
     * @param bytes the bytes, which are not copied
     */
    public Decoder(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /** Reads a part, which is not copied. */
    Decoder(byte[] bytes, int offset, int length) {
        this.in = ByteBuffer.wrap(bytes, offset, length).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Bytes that do not say what they should; the reader of the file adds the position. */
    public static final class FormatProblem extends Exception {

        private static final long serialVersionUID = 1L;

        private final String problem;

        /**
         * Creates a problem.
         *
         * @param problem what was found
         */
        public FormatProblem(String problem) {
            super(problem);
            this.problem = problem;
        }

        /**
         * Returns what was found.
         *
         * @return the end of a sentence
         */
        public String problem() {
            return problem;
        }
    }

    /**
     * Reads one byte.
     *
     * @return the byte, from 0 to 255
     * @throws FormatProblem when it is missing
     */
    public int u8() throws FormatProblem {
        require(1);
        return in.get() & 0xFF;
    }

    /**
     * Reads four bytes.
     *
     * @return the number
     * @throws FormatProblem when they are missing
     */
    public int u32() throws FormatProblem {
        require(Integer.BYTES);
        return in.getInt();
    }

    /**
     * Reads eight bytes.
     *
     * @return the number
     * @throws FormatProblem when they are missing
     */
    public long u64() throws FormatProblem {
        require(Long.BYTES);
        return in.getLong();
    }

    /**
     * Reads how many items follow, so that a wrong count allocates nothing.
     *
     * @param leastBytes the least length of an item
     * @return how many
     * @throws FormatProblem when so many do not fit into what is left
     */
    public int count(int leastBytes) throws FormatProblem {
        return room(Integer.toUnsignedLong(u32()), leastBytes);
    }

    /** Returns a count, if so many items of that length can follow. */
    int room(long count, int leastBytes) throws FormatProblem {
        if (count > in.remaining() / leastBytes) {
            throw new FormatProblem("a count of " + count + " does not fit into " + in.remaining() + " bytes");
        }
        return (int) count;
    }

    /**
     * Reads bytes as they are.
     *
     * @param length how many
     * @return the bytes
     * @throws FormatProblem when they are missing
     */
    public byte[] bytes(int length) throws FormatProblem {
        require(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /**
     * Reads a text.
     *
     * @return the text
     * @throws FormatProblem when it is longer than what is left
     */
    public String string() throws FormatProblem {
        return Wtf8.decode(bytes(count(1)));
    }

    Optional<String> optionalString() throws FormatProblem {
        int present = u8();
        if (present > 1) {
            throw new FormatProblem("a text that is there " + present + " times");
        }
        return present == 1 ? Optional.of(string()) : Optional.empty();
    }

    /**
     * Reads a hash.
     *
     * @return the hash
     * @throws FormatProblem when it is missing
     */
    public Hash hash() throws FormatProblem {
        return new Hash(HexFormat.of().formatHex(bytes(HASH_BYTES)));
    }

    /**
     * Reads a vector.
     *
     * @param dimension how many numbers it has
     * @return the vector
     * @throws FormatProblem when it is missing or not finite
     */
    public float[] vector(int dimension) throws FormatProblem {
        require((long) dimension * Float.BYTES);
        float[] vector = new float[dimension];
        in.asFloatBuffer().get(vector);
        in.position(in.position() + dimension * Float.BYTES);
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                throw new FormatProblem("a vector is not finite");
            }
        }
        return vector;
    }

    /**
     * Reads metadata.
     *
     * @return the metadata
     * @throws FormatProblem when it is missing or of an unknown type
     */
    public Metadata metadata() throws FormatProblem {
        Metadata metadata = new Metadata();
        int count = count(Integer.BYTES + 1);
        for (int i = 0; i < count; i++) {
            String key = string();
            int type = u8();
            switch (type) {
                case Encoder.STRING -> metadata.put(key, string());
                case Encoder.INTEGER -> metadata.put(key, u32());
                case Encoder.LONG -> metadata.put(key, u64());
                case Encoder.FLOAT -> metadata.put(key, Float.intBitsToFloat(u32()));
                case Encoder.DOUBLE -> metadata.put(key, Double.longBitsToDouble(u64()));
                case Encoder.UUID_VALUE -> metadata.put(key, new UUID(u64(), u64()));
                default -> throw new FormatProblem("metadata of unknown type " + type);
            }
        }
        return metadata;
    }

    /** Skips bytes that were looked at before. */
    void skip(int length) throws FormatProblem {
        require(length);
        in.position(in.position() + length);
    }

    /** Returns the checksum of the first bytes, whatever was read. */
    int checksum(int length) {
        return Checksums.of(in.duplicate().position(0).limit(length));
    }

    boolean hasRemaining() {
        return in.hasRemaining();
    }

    /**
     * Returns the number of all bytes, read or not.
     *
     * @return their number
     */
    public int length() {
        return in.capacity();
    }

    /**
     * Checks that all was read.
     *
     * @throws FormatProblem when something is left
     */
    public void requireEnd() throws FormatProblem {
        if (in.hasRemaining()) {
            throw new FormatProblem(in.remaining() + " bytes too many");
        }
    }

    private void require(long bytes) throws FormatProblem {
        if (bytes > in.remaining()) {
            throw new FormatProblem(bytes + " bytes expected but " + in.remaining() + " found");
        }
    }
}
