package dev.llmlifecycle.core.monitoring;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

import dev.llmlifecycle.api.monitoring.Interaction;

/**
 * One line of a log: JSON whose checksum covers the record in it, byte for byte.
 *
 * <p>{@code {"type":"interaction","schemaVersion":1,"crc32c":"0123abcd","record":{…}}}
 */
record LogLine(String type, String record) {

    private static final Pattern FORM = Pattern.compile(
            "\\{\"type\":\"([a-z-]+)\",\"schemaVersion\":\\d{1,9},\"crc32c\":\"([0-9a-f]{8})\",\"record\":(\\{.*})}",
            Pattern.DOTALL);

    String format() {
        return "{\"type\":\"" + type + "\",\"schemaVersion\":" + Interaction.SCHEMA_VERSION + ",\"crc32c\":\""
                + checksum(record) + "\",\"record\":" + record + "}";
    }

    /** Reads a line. */
    static LogLine parse(String line) {
        Matcher matcher = FORM.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("the line does not have the form of a log line");
        }
        if (!checksum(matcher.group(3)).equals(matcher.group(2))) {
            throw new IllegalArgumentException("the checksum of the line does not fit its record");
        }
        return new LogLine(matcher.group(1), matcher.group(3));
    }

    private static String checksum(String record) {
        CRC32C crc = new CRC32C();
        crc.update(record.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
