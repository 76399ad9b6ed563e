package dev.llmlifecycle.retrieval.ingest;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Turns the bytes of a file into text with line feeds, or says why they are no text. */
final class TextDecoder {

    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");
    private static final Charset UTF_32BE = Charset.forName("UTF-32BE");

    private TextDecoder() {}

    /** Either the text or the problem. */
    record Decoded(Optional<String> text, String problem) {}

    /** Decodes what its byte order mark says, UTF-8, UTF-16 that shows as such, or the fallback. */
    static Decoded decode(byte[] bytes, Optional<Charset> fallback) {
        Optional<Charset> marked = byteOrderMark(bytes);
        if (marked.isPresent()) {
            return decode(bytes, marked.get());
        }
        if (indexOfNul(bytes) >= 0) {
            return unmarkedUtf16(bytes)
                    .orElseGet(() -> failed(
                            "is binary, it has a NUL at byte " + indexOfNul(bytes) + "; leave it out or convert it"));
        }
        Decoded utf8 = decode(bytes, StandardCharsets.UTF_8);
        return utf8.text().isPresent() || fallback.isEmpty() ? utf8 : decode(bytes, fallback.get());
    }

    private static Decoded decode(byte[] bytes, Charset charset) {
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            return failed("is not valid " + charset.name() + " at byte " + in.position()
                    + "; save it as UTF-8 or set fallbackCharset");
        }
        decoder.flush(out);
        return new Decoded(Optional.of(normalise(out.flip().toString())), "");
    }

    /** Text of mostly ASCII signs in UTF-16 has a NUL in every other byte, and no control characters. */
    private static Optional<Decoded> unmarkedUtf16(byte[] bytes) {
        int even = 0;
        int odd = 0;
        for (int i = 0; i < bytes.length; i++) {
            even += bytes[i] == 0 && i % 2 == 0 ? 1 : 0;
            odd += bytes[i] == 0 && i % 2 == 1 ? 1 : 0;
        }
        boolean big = even > odd;
        if (bytes.length % 2 != 0 || Math.min(even, odd) > 0 || Math.max(even, odd) < bytes.length / 8) {
            return Optional.empty();
        }
        return Optional.of(decode(bytes, big ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE))
                .filter(decoded ->
                        decoded.text().stream().flatMapToInt(String::chars).noneMatch(TextDecoder::isControl));
    }

    private static boolean isControl(int character) {
        return Character.isISOControl(character) && !Character.isWhitespace(character);
    }

    /** Removes a byte order mark and writes every line end as a line feed. */
    static String normalise(String text) {
        String unmarked = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return unmarked.replace("\r\n", "\n").replace('\r', '\n');
    }

    /** Whether there is something besides white space and control characters, which LangChain4j asks of a text. */
    static boolean hasText(String text) {
        return !text.isBlank() && !text.trim().isEmpty();
    }

    private static Decoded failed(String problem) {
        return new Decoded(Optional.empty(), problem);
    }

    private static Optional<Charset> byteOrderMark(byte[] bytes) {
        if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
            return Optional.of(StandardCharsets.UTF_8);
        }
        if (startsWith(bytes, 0xFF, 0xFE, 0, 0)) {
            return Optional.of(UTF_32LE);
        }
        if (startsWith(bytes, 0, 0, 0xFE, 0xFF)) {
            return Optional.of(UTF_32BE);
        }
        if (startsWith(bytes, 0xFE, 0xFF)) {
            return Optional.of(StandardCharsets.UTF_16BE);
        }
        if (startsWith(bytes, 0xFF, 0xFE)) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        return Optional.empty();
    }

    private static boolean startsWith(byte[] bytes, int... prefix) {
        if (bytes.length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if ((bytes[i] & 0xFF) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static int indexOfNul(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
