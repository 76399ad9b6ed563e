package dev.llmlifecycle.retrieval.vector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

import dev.langchain4j.data.document.Metadata;
import dev.llmlifecycle.api.identity.Hash;

/** Reads what an {@link Encoder} wrote; whatever does not fit is a {@link FormatProblem}. */
final class Decoder {

    static final int HASH_BYTES = 32;

    private final ByteBuffer in;

    Decoder(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Bytes that do not say what they should; the reader of the file adds the position. */
    static final class FormatProblem extends Exception {

        private static final long serialVersionUID = 1L;

        private final String problem;

        FormatProblem(String problem) {
            super(problem);
            this.problem = problem;
        }

        String problem() {
            return problem;
        }
    }

    int u8() throws FormatProblem {
        require(1);
        return in.get() & 0xFF;
    }

    int u32() throws FormatProblem {
        require(Integer.BYTES);
        return in.getInt();
    }

    long u64() throws FormatProblem {
        require(Long.BYTES);
        return in.getLong();
    }

    /** Reads how many items follow, each of at least {@code leastBytes}, so that a wrong count allocates nothing. */
    int count(int leastBytes) throws FormatProblem {
        int count = u32();
        if (count < 0 || count > in.remaining() / leastBytes) {
            throw new FormatProblem("a count of " + Integer.toUnsignedString(count) + " does not fit into "
                    + in.remaining() + " bytes");
        }
        return count;
    }

    byte[] bytes(int length) throws FormatProblem {
        require(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    String string() throws FormatProblem {
        return new String(bytes(count(1)), StandardCharsets.UTF_8);
    }

    Hash hash() throws FormatProblem {
        return new Hash(HexFormat.of().formatHex(bytes(HASH_BYTES)));
    }

    float[] vector(int dimension) throws FormatProblem {
        require((long) dimension * Float.BYTES);
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = in.getFloat();
            if (!Float.isFinite(vector[i])) {
                throw new FormatProblem("a vector is not finite");
            }
        }
        return vector;
    }

    Metadata metadata() throws FormatProblem {
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

    int length() {
        return in.capacity();
    }

    void requireEnd() throws FormatProblem {
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
