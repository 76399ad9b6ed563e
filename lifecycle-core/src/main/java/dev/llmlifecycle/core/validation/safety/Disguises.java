package dev.llmlifecycle.core.validation.safety;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Other readings of a text that may be disguised: without hidden characters, with letters that look alike as Latin
 * ones, with digits for letters, and with what is encoded decoded. Bounded in number, depth and length.
 */
final class Disguises {

    private static final int LONGEST = 20_000;
    private static final int MOST_READINGS = 8;
    private static final int SHORTEST_CODE = 16;
    private static final String ALIKE = "аaеeоoрpсcуyхxіiјjѕsԁdһhӏlոnɑaαaοoρpνvτtκkιiηnυu";
    private static final String LEET = "0o1i3e4a5s7t@a$s!i";
    private static final Set<String> ENGLISH = Set.of(
            "the",
            "and",
            "you",
            "your",
            "all",
            "ignore",
            "instructions",
            "previous",
            "system",
            "prompt",
            "to",
            "of",
            "is",
            "tell",
            "me",
            "what",
            "print",
            "show",
            "reveal",
            "password",
            "rules",
            "forget",
            "secret",
            "this",
            "that");

    private Disguises() {}

    /** Returns the readings that differ from the text, the decoded ones last. */
    static List<String> readings(String text) {
        String start = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        Set<String> readings = new LinkedHashSet<>();
        String plain = plain(start);
        add(readings, plain, start);
        add(readings, joined(plain), plain);
        add(readings, replaced(plain, LEET, true), plain);
        decode(plain, readings, 2);
        String turned = rot13(plain);
        if (english(turned) > english(plain) + 2) {
            add(readings, turned, plain);
        }
        String reversed = new StringBuilder(plain).reverse().toString();
        if (english(reversed) > english(plain) + 2) {
            add(readings, reversed, plain);
        }
        return List.copyOf(readings);
    }

    private static void add(Set<String> readings, String reading, String original) {
        if (!reading.equals(original) && readings.size() < MOST_READINGS) {
            readings.add(reading);
        }
    }

    /** Without what does not show, compatibility forms unified (UAX 15), Cyrillic and Greek letters as their likes. */
    static String plain(String text) {
        String shown = HiddenText.reveal(text);
        boolean ascii = shown.chars().allMatch(c -> c < 0x80);
        return ascii ? shown : replaced(unified(shown), ALIKE, false);
    }

    /** Character by character: putting very many combining marks in order takes the square of their number. */
    private static String unified(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> out.append(
                        c < 0x80
                                ? Character.toString(c)
                                : Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC)));
        return out.toString();
    }

    /** Replaces letters in words that have Latin ones as well; a word of another script stays as it is. */
    private static String replaced(String text, String pairs, boolean digits) {
        StringBuilder out = new StringBuilder(text.length());
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || Character.isWhitespace(text.charAt(i))) {
                String word = text.substring(start, i);
                boolean latin = word.chars().anyMatch(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
                boolean starts = !digits
                        || (!word.isEmpty()
                                && word.chars().filter(Character::isDigit).count() < word.length() / 2 + 1);
                out.append(latin && starts ? exchanged(word, pairs) : word);
                if (i < text.length()) {
                    out.append(text.charAt(i));
                }
                start = i + 1;
            }
        }
        return out.toString();
    }

    private static String exchanged(String word, String pairs) {
        StringBuilder out = new StringBuilder(word);
        for (int i = 0; i < out.length(); i++) {
            for (int pair = 0; pair < pairs.length(); pair += 2) {
                boolean last = i == out.length() - 1 && out.charAt(i) == '!';
                if (out.charAt(i) == pairs.charAt(pair) && !last) {
                    out.setCharAt(i, pairs.charAt(pair + 1));
                    break;
                }
            }
        }
        return out.toString();
    }

    /** Puts letters together that stand one by one: "i g n o r e", "i-g-n-o-r-e". */
    private static String joined(String text) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            int end = i;
            while (end + 2 < text.length()
                    && Character.isLetter(text.charAt(end))
                    && Character.isLetter(text.charAt(end + 2))
                    && " -._*".indexOf(text.charAt(end + 1)) >= 0
                    && (end + 3 >= text.length() || !Character.isLetter(text.charAt(end + 3)))) {
                end += 2;
            }
            boolean alone = i == 0 || !Character.isLetter(text.charAt(i - 1));
            if (alone && end - i >= 6) {
                for (int letter = i; letter <= end; letter += 2) {
                    out.append(text.charAt(letter));
                }
                i = end + 1;
            } else {
                int next = Math.max(i + 1, end);
                out.append(text, i, next);
                i = next;
            }
        }
        return out.toString();
    }

    private static void decode(String text, Set<String> readings, int depth) {
        List<String> found = new ArrayList<>();
        if (text.indexOf('%') >= 0 || text.indexOf('+') >= 0) {
            found.add(urlDecoded(text));
        }
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean code = i < text.length() && isBase64(text.charAt(i));
            if (code && start < 0) {
                start = i;
            } else if (!code && start >= 0) {
                if (i - start >= SHORTEST_CODE) {
                    found.addAll(decoded(text.substring(start, i)));
                }
                start = -1;
            }
        }
        for (String each : found) {
            if (!each.equals(text) && isText(each) && readings.size() < MOST_READINGS) {
                readings.add(each);
                if (depth > 1) {
                    decode(each, readings, depth - 1);
                }
            }
        }
    }

    private static boolean isBase64(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/'
                || c == '='
                || c == '-'
                || c == '_';
    }

    private static List<String> decoded(String code) {
        List<String> found = new ArrayList<>();
        if (code.length() % 2 == 0 && code.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            byte[] bytes = new byte[code.length() / 2];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) Integer.parseInt(code.substring(2 * i, 2 * i + 2), 16);
            }
            found.add(new String(bytes, StandardCharsets.UTF_8));
        }
        String bare = code.replace('-', '+').replace('_', '/').replace("=", "");
        if (bare.length() % 4 != 1 && code.chars().anyMatch(Character::isUpperCase)) {
            found.add(new String(Base64.getDecoder().decode(bare), StandardCharsets.UTF_8));
        }
        return found;
    }

    private static String urlDecoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                bytes.write(high * 16 + low);
                i += 2;
            } else if (c < 0x80) {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Nearly all of it shows, and it has spaces or is short: chance decodes to neither. */
    private static boolean isText(String text) {
        long shown = text.chars()
                .filter(c -> (c >= ' ' && c < 0x7F) || Character.isLetter(c) || c == '\n')
                .count();
        return text.length() >= 8 && shown >= text.length() * 0.95 && text.indexOf(' ') > 0;
    }

    private static String rot13(String text) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            char base = c >= 'a' && c <= 'z' ? 'a' : c >= 'A' && c <= 'Z' ? 'A' : 0;
            if (base != 0) {
                out.setCharAt(i, (char) (base + (c - base + 13) % 26));
            }
        }
        return out.toString();
    }

    private static int english(String text) {
        int count = 0;
        for (String word : text.toLowerCase(Locale.ROOT).split("[^a-z]+", -1)) {
            count += ENGLISH.contains(word) ? 1 : 0;
        }
        return count;
    }
}
