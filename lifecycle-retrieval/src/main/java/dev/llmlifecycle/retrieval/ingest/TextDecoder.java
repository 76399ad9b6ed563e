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

    private TextDecoder() {}

    /** Either the text or the problem. */
    record Decoded(Optional<String> text, String problem) {}

    static Decoded decode(byte[] bytes) {
        Optional<Charset> marked = byteOrderMark(bytes);
        if (marked.isEmpty() && indexOfNul(bytes) >= 0) {
            return failed("is binary, it has a NUL at byte " + indexOfNul(bytes) + "; leave it out or convert it");
        }
        Charset charset = marked.orElse(StandardCharsets.UTF_8);
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            return failed("is not valid " + charset.name() + " at byte " + in.position() + "; save it as UTF-8");
        }
        decoder.flush(out);
        return new Decoded(Optional.of(normalise(out.flip().toString())), "");
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
