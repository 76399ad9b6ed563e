package dev.llmlifecycle.core.validation.privacy;

import java.util.Set;

/** Mailboxes (RFC 5321, as people write them), web addresses, and internet and hardware addresses. */
final class Network {

    private static final int LONGEST_LOCAL = 64;
    private static final int LONGEST_DOMAIN = 253;
    private static final int LONGEST_SCHEME = 12;
    private static final int LONGEST_IPV6 = 45;
    private static final Set<String> VERSION = Set.of("version", "v", "release", "build", "section", "chapter");
    private static final Set<String> GENERIC_DOMAINS = Set.of("com", "org", "edu", "gov", "mil");

    private final Scan scan;
    private final FoldedText text;

    private Network(Scan scan) {
        this.scan = scan;
        this.text = scan.text;
    }

    static void find(Scan scan) {
        Network network = new Network(scan);
        network.byCharacter();
        for (int t = 0; t < scan.count(); t++) {
            if (scan.hasDigit(t)) {
                network.version4(t);
            }
            if (scan.length(t) == 2) {
                network.hardware(t);
            }
            network.bareDomain(t);
        }
    }

    private void byCharacter() {
        int colonsUntil = 0;
        int urlUntil = 0;
        char[] chars = text.pass();
        for (int i = 0; i < text.length(); i++) {
            char c = chars[i];
            if (c == '@') {
                mailbox(i);
            } else if (c == ':' && i >= urlUntil && text.at(i + 1) == '/' && text.at(i + 2) == '/') {
                urlUntil = url(i);
            } else if (c == ':' && i >= colonsUntil && i >= urlUntil) {
                colonsUntil = version6(i);
            }
        }
    }

    private void mailbox(int at) {
        int start = at;
        while (start > 0 && at - start < LONGEST_LOCAL && isLocal(text.at(start - 1))) {
            start--;
        }
        while (start < at && text.at(start) == '.') {
            start++;
        }
        int end = domainEnd(at + 1);
        if (start < at && text.at(at - 1) != '.' && end > 0) {
            scan.found(PersonalDataType.EMAIL_ADDRESS, "email-address", start, end, 0.99);
        }
    }

    private static boolean isLocal(char c) {
        return Character.isLetterOrDigit(c) || "._%+-!#$&*=?^{}~".indexOf(c) >= 0;
    }

    /** Returns the end of a domain with a dot and a last label of letters, or 0. */
    private int domainEnd(int start) {
        int end = start;
        while (end - start < LONGEST_DOMAIN && (Character.isLetterOrDigit(text.at(end)) || isDomainMark(end))) {
            end++;
        }
        int last = end;
        while (last > start && Character.isLetter(text.at(last - 1))) {
            last--;
        }
        return end - last >= 2 && last - 1 > start && text.at(last - 1) == '.' ? end : 0;
    }

    private boolean isDomainMark(int i) {
        char c = text.at(i);
        return (c == '.' || c == '-')
                && Character.isLetterOrDigit(text.at(i + 1))
                && Character.isLetterOrDigit(text.at(i - 1));
    }

    /** Returns where the address ends, so that what is in it is not looked at again. */
    private int url(int colon) {
        int start = colon;
        while (start > 0 && colon - start < LONGEST_SCHEME && isSchemeCharacter(text.at(start - 1))) {
            start--;
        }
        int end = colon + 3;
        while (end < text.length() && isUrl(text.at(end))) {
            end++;
        }
        while (end > colon + 3 && ".,;:!?)'".indexOf(text.at(end - 1)) >= 0) {
            end--;
        }
        if (start < colon && end > colon + 4) {
            scan.found(PersonalDataType.URL, "url", start, end, 0.95);
        }
        return end;
    }

    private static boolean isSchemeCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+';
    }

    private static boolean isUrl(char c) {
        return c > ' ' && !Character.isWhitespace(c) && "<>\"`{}|\\^[]".indexOf(c) < 0;
    }

    /** A domain without a scheme, when it ends in a generic one or begins with www. */
    private void bareDomain(int t) {
        if (scan.separator(t) != '.'
                || (!scan.isLetters(t + 1) && !scan.hasDigit(t + 1))
                || isDomainMark(scan.start(t) - 1)) {
            return;
        }
        int end = domainEnd(scan.start(t));
        if (end == 0 || text.at(scan.start(t) - 1) == '@' || text.at(scan.start(t) - 1) == '/' || text.at(end) == '@') {
            return;
        }
        int label = end;
        while (text.at(label - 1) != '.') {
            label--;
        }
        boolean generic = GENERIC_DOMAINS.contains(text.text(label, end));
        if (generic || scan.word(t).equals("www")) {
            while (end < text.length() && isPath(end)) {
                end++;
            }
            scan.found(PersonalDataType.URL, "domain", scan.start(t), end, 0.8);
        }
    }

    private boolean isPath(int i) {
        return isUrl(text.at(i)) && ",;:!?)'.".indexOf(text.at(i)) < 0;
    }

    private void version4(int t) {
        char before = text.at(scan.start(t) - 1);
        if (before == '.' || before == '-' || scan.separator(t) != '.') {
            return;
        }
        for (int i = 0; i < 4; i++) {
            boolean number = scan.isNumber(t + i) && scan.length(t + i) <= 3;
            if (!number || Integer.parseInt(scan.word(t + i)) > 255 || (i < 3 && scan.separator(t + i) != '.')) {
                return;
            }
        }
        int end = scan.end(t + 3);
        if (text.at(end) == '.' && Character.isDigit(text.at(end + 1))) {
            return;
        }
        scan.found(
                PersonalDataType.IP_ADDRESS,
                "ipv4",
                scan.start(t),
                end,
                VERSION.contains(scan.word(t - 1)) ? 0.4 : 0.9);
    }

    /** RFC 4291. Returns where the run of hexadecimal groups ends. */
    private int version6(int colon) {
        int start = colon;
        while (start > 0 && colon - start < 5 && Character.digit(text.at(start - 1), 16) >= 0) {
            start--;
        }
        int end = colon;
        int groups = 0;
        int inGroup = colon - start;
        boolean shortened = false;
        boolean digit = false;
        boolean wrong = inGroup > 4;
        for (int i = start; i < colon; i++) {
            digit |= Character.isDigit(text.at(i));
        }
        while (end < text.length()) {
            char c = text.at(end);
            if (c == ':') {
                groups += inGroup > 0 ? 1 : 0;
                if (text.at(end + 1) == ':') {
                    wrong |= shortened;
                    shortened = true;
                    end++;
                }
                inGroup = 0;
            } else if (Character.digit(c, 16) >= 0 && c < 0x80) {
                inGroup++;
                wrong |= inGroup > 4;
                digit |= c <= '9';
            } else {
                break;
            }
            end++;
        }
        groups += inGroup > 0 ? 1 : 0;
        boolean bounded = !Character.isLetterOrDigit(text.at(start - 1)) && !Character.isLetterOrDigit(text.at(end));
        boolean whole = (groups == 8 && !shortened) || (shortened && groups < 8 && groups > 0);
        if (!wrong && whole && digit && bounded && end - start <= LONGEST_IPV6 && (shortened || inGroup > 0)) {
            scan.found(PersonalDataType.IP_ADDRESS, "ipv6", start, end, 0.9);
        }
        return end;
    }

    private void hardware(int t) {
        char mark = scan.separator(t);
        if ((mark != ':' && mark != '-') || text.at(scan.start(t) - 1) == mark) {
            return;
        }
        for (int i = 0; i < 6; i++) {
            if (t + i >= scan.count()
                    || scan.length(t + i) != 2
                    || Character.digit(text.at(scan.start(t + i)), 16) < 0
                    || Character.digit(text.at(scan.start(t + i) + 1), 16) < 0
                    || (i < 5 && scan.separator(t + i) != mark)) {
                return;
            }
        }
        if (text.at(scan.end(t + 5)) != mark) {
            scan.found(PersonalDataType.MAC_ADDRESS, "mac-address", scan.start(t), scan.end(t + 5), 0.95);
        }
    }
}
