package dev.llmlifecycle.core.validation.privacy;

import java.util.List;
import java.util.Set;

/**
 * Keys, tokens and passwords: by the published form of their issuer, by the name they are assigned to, and by Shannon's
 * entropy where nothing else tells.
 */
final class Secrets {

    private static final List<Shape> SHAPES = List.of(
            new Shape("aws-access-key", "AKIA", 20, 20),
            new Shape("aws-access-key", "ASIA", 20, 20),
            new Shape("github-token", "ghp_", 40, 40),
            new Shape("github-token", "gho_", 40, 40),
            new Shape("github-token", "ghu_", 40, 40),
            new Shape("github-token", "ghs_", 40, 40),
            new Shape("github-token", "ghr_", 40, 80),
            new Shape("github-token", "github_pat_", 60, 110),
            new Shape("gitlab-token", "glpat-", 26, 60),
            new Shape("slack-token", "xoxb-", 20, 120),
            new Shape("slack-token", "xoxp-", 20, 120),
            new Shape("slack-token", "xoxa-", 20, 120),
            new Shape("slack-token", "xapp-", 20, 140),
            new Shape("google-api-key", "AIza", 39, 39),
            new Shape("google-oauth-token", "ya29.", 30, 400),
            new Shape("stripe-key", "sk_live_", 24, 120),
            new Shape("stripe-key", "rk_live_", 24, 120),
            new Shape("stripe-key", "sk_test_", 24, 120),
            new Shape("stripe-key", "whsec_", 30, 80),
            new Shape("model-api-key", "sk-ant-", 30, 160),
            new Shape("model-api-key", "sk-proj-", 30, 220),
            new Shape("model-api-key", "sk-", 35, 80),
            new Shape("hugging-face-token", "hf_", 30, 45),
            new Shape("npm-token", "npm_", 40, 40),
            new Shape("pypi-token", "pypi-", 50, 250),
            new Shape("sendgrid-key", "SG.", 60, 80),
            new Shape("digitalocean-token", "dop_v1_", 71, 71),
            new Shape("shopify-token", "shpat_", 38, 38));
    private static final Set<String> NAMES = Set.of(
            "password",
            "passwd",
            "pwd",
            "passphrase",
            "passcode",
            "secret",
            "token",
            "apikey",
            "accesskey",
            "authtoken",
            "secretkey",
            "clientsecret",
            "kennwort",
            "passwort",
            "contraseña");
    private static final Set<String> KEYS =
            Set.of("api", "access", "secret", "private", "auth", "encryption", "account");
    private static final String PEM = "-----BEGIN ";
    private static final String PEM_END = "PRIVATE KEY-----";
    private static final int LONGEST_VALUE = 200;
    private static final int SHORTEST_KEY = 20;
    private static final int SHORTEST_RANDOM = 32;
    private static final double RANDOM_BITS = 4.2;

    private final Scan scan;
    private final FoldedText text;

    private Secrets(Scan scan) {
        this.scan = scan;
        this.text = scan.text;
    }

    static void find(Scan scan) {
        Secrets secrets = new Secrets(scan);
        secrets.keys();
        secrets.assignments();
    }

    /** Goes through the pieces that a key can be: letters, digits and what stands inside keys. */
    private void keys() {
        int start = -1;
        int pemUntil = 0;
        char[] chars = text.pass();
        int length = text.length();
        for (int i = 0; i <= length; i++) {
            char c = i < length ? chars[i] : 0;
            if (isKey(c)) {
                start = start < 0 ? i : start;
            } else if (start >= 0) {
                if (i - start >= SHORTEST_KEY) {
                    key(start, i);
                }
                start = -1;
            }
            if (c == '@' && i > 0) {
                connection(i);
            }
            if (c == '-' && i >= pemUntil && startsWith(i, PEM)) {
                pemUntil = privateKey(i);
            }
        }
    }

    private static boolean isKey(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-'
                || c == '.'
                || c == '+';
    }

    private boolean startsWith(int at, String prefix) {
        for (int i = 0; i < prefix.length(); i++) {
            if (text.at(at + i) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void key(int from, int to) {
        int start = from;
        int end = to;
        while (end > start && (text.at(end - 1) == '.' || text.at(end - 1) == '-')) {
            end--;
        }
        for (Shape shape : SHAPES) {
            if (end - start >= shape.shortest && end - start <= shape.longest && startsWith(start, shape.prefix)) {
                scan.found(PersonalDataType.SECRET, shape.scheme, start, end, 0.98);
                return;
            }
        }
        if (startsWith(start, "eyJ") && dots(start, end) == 2) {
            scan.found(PersonalDataType.SECRET, "json-web-token", start, end, 0.98);
        } else if (end - start >= SHORTEST_RANDOM && end - start <= LONGEST_VALUE && isRandom(start, end)) {
            scan.found(PersonalDataType.SECRET, "random-key", start, end, 0.6);
        }
    }

    private int dots(int start, int end) {
        int dots = 0;
        for (int i = start; i < end; i++) {
            dots += text.at(i) == '.' ? 1 : 0;
        }
        return dots;
    }

    /** Capitals, small letters and digits mixed, with more than 4.2 bits for each character. */
    private boolean isRandom(int start, int end) {
        int[] counts = new int[128];
        boolean upper = false;
        boolean lower = false;
        int digits = 0;
        for (int i = start; i < end; i++) {
            char c = text.at(i);
            counts[c]++;
            upper |= c >= 'A' && c <= 'Z';
            lower |= c >= 'a' && c <= 'z';
            digits += c >= '0' && c <= '9' ? 1 : 0;
            if (c == '.') {
                return false;
            }
        }
        double bits = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = count / (double) (end - start);
                bits -= share * Math.log(share) / Math.log(2);
            }
        }
        return upper && lower && digits >= 3 && bits > RANDOM_BITS;
    }

    /** The password in {@code scheme://user:password@host}. */
    private void connection(int at) {
        int colon = 0;
        for (int i = at - 1; i > at - LONGEST_VALUE && i >= 0; i--) {
            char c = text.at(i);
            if (c <= ' ' || c == '"' || c == '@' || c == '<') {
                return;
            }
            if (c == ':' && text.at(i + 1) == '/') {
                boolean named = colon > i + 3 && colon < at - 1 && text.at(i + 2) == '/';
                if (named) {
                    scan.found(PersonalDataType.SECRET, "connection-password", colon + 1, at, 0.995);
                }
                return;
            }
            colon = c == ':' ? i : colon;
        }
    }

    private int privateKey(int start) {
        int head = start + PEM.length();
        int end = head;
        while (end - head < 40 && text.at(end) >= ' ' && !startsWith(end, PEM_END)) {
            end++;
        }
        if (!startsWith(end, PEM_END)) {
            return end;
        }
        int close = end + PEM_END.length();
        while (close < text.length() && !startsWith(close, PEM_END)) {
            close++;
        }
        int stop = Math.min(text.length(), close + PEM_END.length());
        scan.found(PersonalDataType.SECRET, "private-key", start, stop, 0.999);
        return stop;
    }

    /** A value after a name such as password, with an equals sign or a colon between, in quotes or not. */
    private void assignments() {
        for (int t = 0; t < scan.count(); t++) {
            if (!isFollowedByMark(scan.end(t))) {
                continue;
            }
            String word = scan.word(t);
            boolean named = NAMES.contains(word) || (word.equals("key") && t > 0 && KEYS.contains(scan.word(t - 1)));
            if (named) {
                value(scan.end(t));
            }
        }
    }

    private boolean isFollowedByMark(int end) {
        char next = text.at(end);
        char mark = next == ' ' || next == '"' || next == '\'' ? text.at(end + 1) : next;
        return mark == ':' || mark == '=';
    }

    private void value(int after) {
        int i = after;
        char mark = 0;
        boolean quoted = false;
        while (i - after < 8 && " \t\"'`:=>".indexOf(text.at(i)) >= 0) {
            mark = text.at(i) == ':' || text.at(i) == '=' ? text.at(i) : mark;
            quoted |= mark != 0 && (text.at(i) == '"' || text.at(i) == '\'');
            i++;
        }
        int end = i;
        boolean digit = false;
        boolean sign = false;
        while (end - i < LONGEST_VALUE && text.at(end) > ' ' && "\"'`,;<>()".indexOf(text.at(end)) < 0) {
            digit |= Character.isDigit(text.at(end));
            sign |= !Character.isLetterOrDigit(text.at(end));
            end++;
        }
        boolean ends = end > i && (text.at(end - 1) == '.' || text.at(end - 1) == '?');
        boolean looksLike = digit || (sign && !ends) || quoted;
        if (mark != 0 && end - i >= 6 && looksLike) {
            scan.found(PersonalDataType.SECRET, "assigned-secret", i, end, digit ? 0.9 : 0.7);
        }
    }

    private record Shape(String scheme, String prefix, int shortest, int longest) {}
}
