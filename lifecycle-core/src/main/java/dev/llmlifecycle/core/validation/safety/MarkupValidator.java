package dev.llmlifecycle.core.validation.safety;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * Takes out HTML and Markdown that can do harm where an answer is shown: elements that run or load something, event
 * handlers, addresses that are programs, and images or links that carry data to a host that is not allowed.
 *
 * <p>An image is fetched without a click, so its host must be allowed; a link needs that only where it has a query. It
 * is a second line behind an escaping renderer, not a replacement for one. Thread-safe; linear in the length of the
 * text.
 *
 * @since 0.1
 */
public final class MarkupValidator implements Validator {

    private static final String NAME = "markup";
    private static final String VERSION = "2";
    private static final Set<String> ELEMENTS = Set.of(
            "script",
            "iframe",
            "object",
            "embed",
            "applet",
            "form",
            "meta",
            "base",
            "link",
            "style",
            "svg",
            "math",
            "frame",
            "frameset",
            "input",
            "button",
            "textarea",
            "portal");
    private static final int LONGEST_TAG = 2_000;
    private static final int LONGEST_LABEL = 300;
    private static final int LONGEST_ADDRESS = 4_000;

    private final Set<String> hosts;
    private final boolean allowCode;
    private final Identity identity;

    private MarkupValidator(Builder builder) {
        hosts = Set.copyOf(builder.hosts);
        allowCode = builder.allowCode;
        identity = Identity.of(
                NAME, VERSION, Map.of("hosts", hosts.stream().sorted().toList(), "allowCode", allowCode));
    }

    /**
     * Starts a validator that allows no host.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        List<Finding> findings = new ArrayList<>();
        BitSet code = allowCode ? code(text) : new BitSet();
        int i = 0;
        while (i < text.length()) {
            if (code.get(i)) {
                i = code.nextClearBit(i);
                continue;
            }
            char c = text.charAt(i);
            int next = c == '<' ? tag(text, i, findings) : c == ']' ? address(text, i, findings) : i + 1;
            i = Math.max(i + 1, next);
        }
        return ValidationOutcome.following(text, findings);
    }

    /** Marks the code blocks that are closed; one that is not may end where a renderer thinks it does. */
    private static BitSet code(String text) {
        BitSet code = new BitSet(text.length());
        int start = -1;
        String fence = "";
        int line = 0;
        while (line < text.length()) {
            int newline = text.indexOf('\n', line);
            int end = newline < 0 ? text.length() : newline;
            String marks = fence(text, line, end);
            if (start < 0 && !marks.isEmpty()) {
                start = line;
                fence = marks;
            } else if (start >= 0
                    && marks.startsWith(fence)
                    && text.substring(line, end).strip().equals(marks)) {
                code.set(start, end);
                start = -1;
            }
            line = end + 1;
        }
        return code;
    }

    /** Returns the marks that a line begins with when they open or close a code block, as CommonMark has it. */
    private static String fence(String text, int start, int end) {
        int from = start;
        while (from < end && from < start + 3 && text.charAt(from) == ' ') {
            from++;
        }
        int to = from;
        while (to < end && (text.charAt(to) == '`' || text.charAt(to) == '~') && text.charAt(to) == text.charAt(from)) {
            to++;
        }
        boolean opens = to - from >= 3
                && (text.charAt(from) == '~' || text.substring(to, end).indexOf('`') < 0);
        return opens ? text.substring(from, to) : "";
    }

    /** Returns where to go on. */
    private int tag(String text, int start, List<Finding> findings) {
        int name = start + 1;
        boolean closing = name < text.length() && text.charAt(name) == '/';
        name += closing ? 1 : 0;
        int nameEnd = name;
        while (nameEnd < text.length() && Character.isLetterOrDigit(text.charAt(nameEnd))) {
            nameEnd++;
        }
        if (nameEnd == name || nameEnd - name > 20) {
            return start + 1;
        }
        int end = nameEnd;
        while (end < text.length() && end - start < LONGEST_TAG && text.charAt(end) != '>') {
            end++;
        }
        int stop = end < text.length() && text.charAt(end) == '>' ? end + 1 : end;
        String element = text.substring(name, nameEnd).toLowerCase(Locale.ROOT);
        String attributes = squeezed(text.substring(nameEnd, end));
        if (ELEMENTS.contains(element)) {
            int after = element.equals("script") && !closing ? scriptEnd(text, stop) : stop;
            add(findings, "unsafe-element", "The element " + element + " runs or loads something", start, after);
            return after;
        }
        if (hasHandler(attributes)) {
            add(findings, "event-handler", "An element runs a program on an event", start, stop);
        } else if (isProgram(attributes)) {
            add(findings, "unsafe-address", "An address is a program", start, stop);
        } else if ((attributes.contains("src=") && carriesData(value(attributes, "src="), true))
                || (attributes.contains("href=") && carriesData(value(attributes, "href="), false))) {
            add(findings, "data-exfiltration", "An address may carry data to a host that is not allowed", start, stop);
        }
        return stop;
    }

    private static int scriptEnd(String text, int from) {
        int close = from;
        while (close < text.length() && !text.regionMatches(true, close, "</script", 0, 8)) {
            close++;
        }
        int end = text.indexOf('>', close);
        return end < 0 ? text.length() : end + 1;
    }

    /** Browsers skip spaces and controls inside addresses, and know entities. */
    private static String squeezed(String attributes) {
        StringBuilder out = new StringBuilder(attributes.length());
        String plain = attributes
                .toLowerCase(Locale.ROOT)
                .replace("&colon;", ":")
                .replace("&#58;", ":")
                .replace("&#x3a;", ":")
                .replace("&tab;", "")
                .replace("&newline;", "");
        boolean space = false;
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c > ' ') {
                if (space && c != '=' && out.length() > 0 && out.charAt(out.length() - 1) != '=') {
                    out.append(' ');
                }
                out.append(c);
                space = false;
            } else {
                space |= c == ' ';
            }
        }
        return " " + out;
    }

    private static boolean hasHandler(String attributes) {
        for (int at = attributes.indexOf("on"); at >= 0; at = attributes.indexOf("on", at + 1)) {
            int end = at + 2;
            while (end < attributes.length() && Character.isLetter(attributes.charAt(end))) {
                end++;
            }
            boolean starts = at > 0 && " /\"'".indexOf(attributes.charAt(at - 1)) >= 0;
            if (starts && end > at + 3 && end < attributes.length() && attributes.charAt(end) == '=') {
                return true;
            }
        }
        return false;
    }

    private static boolean isProgram(String address) {
        String bare = address.replace(" ", "").toLowerCase(Locale.ROOT);
        return bare.contains("javascript:") || bare.contains("vbscript:") || bare.contains("data:text/html");
    }

    private static String value(String attributes, String name) {
        int start = attributes.indexOf(name) + name.length();
        int end = start;
        while (end < attributes.length() && (end == start || " \"'>".indexOf(attributes.charAt(end)) < 0)) {
            end++;
        }
        return attributes.substring(start, end).replace("\"", "").replace("'", "");
    }

    /** The address of a Markdown link, image or reference, which stands behind a bracket. */
    private int address(String text, int bracket, List<Finding> findings) {
        boolean link = bracket + 1 < text.length() && text.charAt(bracket + 1) == '(';
        boolean reference = bracket + 1 < text.length() && text.charAt(bracket + 1) == ':';
        if (!link && !reference) {
            return bracket + 1;
        }
        int start = bracket + 2;
        while (start < text.length() && (text.charAt(start) == ' ' || text.charAt(start) == '<')) {
            start++;
        }
        int end = start;
        while (end < text.length()
                && end - start < LONGEST_ADDRESS
                && text.charAt(end) > ' '
                && text.charAt(end) != ')') {
            end++;
        }
        String address = text.substring(start, end);
        boolean image = link && isImage(text, bracket);
        if (isProgram(address)) {
            add(findings, "unsafe-address", "An address is a program", start, end);
        } else if (carriesData(address, image || reference)) {
            add(findings, "data-exfiltration", "An address may carry data to a host that is not allowed", start, end);
        }
        return end;
    }

    private static boolean isImage(String text, int bracket) {
        int open = bracket - 1;
        while (open > 0 && bracket - open < LONGEST_LABEL && text.charAt(open) != '[') {
            open--;
        }
        return open > 0 && text.charAt(open) == '[' && text.charAt(open - 1) == '!';
    }

    private boolean carriesData(String address, boolean fetched) {
        String lower = address.toLowerCase(Locale.ROOT);
        int slashes = lower.startsWith("//") ? 0 : lower.indexOf("://");
        if (slashes < 0) {
            return false;
        }
        int start = lower.startsWith("//") ? 2 : slashes + 3;
        int end = start;
        while (end < lower.length() && "/?#\\".indexOf(lower.charAt(end)) < 0) {
            end++;
        }
        String authority = lower.substring(start, end);
        String named = authority.substring(authority.lastIndexOf('@') + 1);
        int port = named.lastIndexOf(':');
        String host = port < 0 ? named : named.substring(0, port);
        boolean allowed = hosts.stream().anyMatch(each -> host.equals(each) || host.endsWith("." + each));
        return !allowed && (fetched || lower.indexOf('?') >= 0);
    }

    private static void add(List<Finding> findings, String code, String message, int start, int end) {
        findings.add(new Finding(
                NAME,
                code,
                Finding.Severity.ERROR,
                message,
                Optional.of(new TextSpan(start, end)),
                1,
                Optional.empty(),
                new Remedy.Replace("")));
    }

    /** Builds a {@link MarkupValidator}. Not thread-safe. */
    public static final class Builder {

        private final Set<String> hosts = new HashSet<>();
        private boolean allowCode;

        private Builder() {}

        /**
         * Leaves fenced code blocks as they are, where they are closed. Only for answers that a Markdown renderer
         * shows, which escapes what stands in them; plain HTML would run it. Default: code is checked like the rest.
         *
         * @return this builder
         */
        public Builder allowCode() {
            this.allowCode = true;
            return this;
        }

        /**
         * Allows images and links with a query to a host and what is below it.
         *
         * @param host such as {@code example.com}, without scheme, port or path
         * @return this builder
         */
        public Builder allowHost(String host) {
            if (host.isBlank() || host.indexOf('/') >= 0 || host.indexOf(':') >= 0) {
                throw new IllegalArgumentException("an allowed host must be a name alone but was '" + host
                        + "'; write example.com, without scheme, port or path");
            }
            hosts.add(host.toLowerCase(Locale.ROOT));
            return this;
        }

        /**
         * Builds the validator.
         *
         * @return the validator
         */
        public MarkupValidator build() {
            return new MarkupValidator(this);
        }
    }
}
