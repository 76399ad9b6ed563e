package dev.llmlifecycle.core.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * One JSON object on one line, with the CRC-32C of all bytes before it as its last member {@code crc32c}.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class ChecksummedLine {

    private static final String CHECKSUM = ",\"crc32c\":\"";
    private static final int CHECKSUM_DIGITS = 8;
    private static final String END = "\"}";

    private ChecksummedLine() {}

    /**
     * Writes a line.
     *
     * @param json at least one member, in the order to write them
     * @return the line, without a line feed
     */
    public static byte[] write(Map<String, ?> json) {
        byte[] whole = JsonObject.line(json).getBytes(StandardCharsets.UTF_8);
        int open = whole.length - 1;
        byte[] checksum = checksumOf(whole, open);
        byte[] line = Arrays.copyOf(whole, open + checksum.length);
        System.arraycopy(checksum, 0, line, open, checksum.length);
        return line;
    }

    /**
     * Checks a line and reads it.
     *
     * @param line the line, without its line feed
     * @return the object
     * @throws IllegalArgumentException when the checksum does not fit or it is no JSON object
     */
    public static JsonObject parse(byte[] line) {
        int checked = line.length - CHECKSUM.length() - CHECKSUM_DIGITS - END.length();
        if (checked < 1
                || !Arrays.equals(line, checked, line.length, checksumOf(line, checked), 0, line.length - checked)) {
            throw new IllegalArgumentException("its checksum does not fit");
        }
        return JsonObject.parse(LineReader.decode(line));
    }

    private static byte[] checksumOf(byte[] line, int length) {
        CRC32C crc = new CRC32C();
        crc.update(line, 0, length);
        return (CHECKSUM + String.format(Locale.ROOT, "%08x", crc.getValue()) + END)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
