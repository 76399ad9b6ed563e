package dev.llmlifecycle.retrieval.vector.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * UTF-8 that can also say half a surrogate pair, as a Java string can hold one (WTF-8, by Simon Sapin); so what is read
 * back is always what was written, and two ids never become one.
 */
final class Wtf8 {

    private static final char UNREADABLE = '\uFFFD';
    private static final int MOST_BYTES = 3;

    private Wtf8() {}

    static byte[] encode(String text) {
        return isTorn(text) ? encodeTorn(text) : text.getBytes(StandardCharsets.UTF_8);
    }

    static String decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf(UNREADABLE) < 0 ? text : decodeTorn(bytes, text);
    }

    private static boolean isTorn(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) == 1) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static byte[] encodeTorn(String text) {
        byte[] bytes = new byte[Math.multiplyExact(MOST_BYTES, text.length())];
        int length = 0;
        int point;
        for (int i = 0; i < text.length(); i += Character.charCount(point)) {
            point = text.codePointAt(i);
            if (Character.charCount(point) == 1 && Character.isSurrogate((char) point)) {
                bytes[length++] = (byte) (0xE0 | (point >> 12));
                bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3F));
                bytes[length++] = (byte) (0x80 | (point & 0x3F));
            } else {
                for (byte value : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                    bytes[length++] = value;
                }
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    /** Reads the three bytes of each half by itself, and what is between them as UTF-8. */
    private static String decodeTorn(byte[] bytes, String otherwise) {
        StringBuilder text = new StringBuilder(otherwise.length());
        int from = 0;
        for (int i = 0; i + 2 < bytes.length; i++) {
            if (bytes[i] == (byte) 0xED && (bytes[i + 1] & 0xE0) == 0xA0) {
                text.append(new String(bytes, from, i - from, StandardCharsets.UTF_8));
                text.append((char) (0xD000 | ((bytes[i + 1] & 0x3F) << 6) | (bytes[i + 2] & 0x3F)));
                i += 2;
                from = i + 1;
            }
        }
        return text.append(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8))
                .toString();
    }
}
