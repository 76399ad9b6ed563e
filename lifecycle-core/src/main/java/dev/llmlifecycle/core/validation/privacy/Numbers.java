package dev.llmlifecycle.core.validation.privacy;

/** Puts written numbers together and asks who knows them: cards, accounts, national numbers. */
final class Numbers {

    /** The longest account number, in fours. */
    private static final int MOST_WORDS = 9;

    private static final int LONGEST = 34;
    private static final int SHORTEST = 6;

    /** The letters of a bank inside an account number; a longer word goes on with the sentence. */
    private static final int LONGEST_LETTERS = 4;

    private Numbers() {}

    static void find(Scan scan) {
        for (int t = 0; t < scan.count(); t++) {
            boolean starts = scan.hasDigit(t) || (scan.isLetters(t) && scan.length(t) <= 3 && scan.hasDigit(t + 1));
            if (starts && (scan.length(t) >= SHORTEST || isDivider(scan.separator(t)))) {
                from(scan, t);
            }
        }
    }

    private static void from(Scan scan, int first) {
        StringBuilder text = new StringBuilder();
        StringBuilder shape = new StringBuilder();
        char divider = 0;
        for (int t = first; t < Math.min(scan.count(), first + MOST_WORDS); t++) {
            if (text.length() + scan.length(t) > LONGEST) {
                return;
            }
            append(scan, t, text);
            shape.append(shape.isEmpty() ? "" : "-").append(scan.length(t));
            if (text.length() >= SHORTEST) {
                Group group = new Group(text.toString(), shape.toString(), first, t);
                CardNumbers.find(scan, group);
                Ibans.find(scan, group);
                NationalIds.find(scan, group);
            }
            char next = scan.separator(t);
            boolean alike = divider == 0 || divider == next || next == '-' || divider == '-' || divider == '.';
            if (!isDivider(next) || !alike || (!scan.hasDigit(t + 1) && scan.length(t + 1) > LONGEST_LETTERS)) {
                return;
            }
            divider = next;
        }
    }

    private static boolean isDivider(char c) {
        return c == ' ' || c == '-' || c == '.' || c == '/';
    }

    private static void append(Scan scan, int t, StringBuilder text) {
        for (int i = scan.start(t); i < scan.end(t); i++) {
            text.append(Character.toUpperCase(scan.text.at(i)));
        }
    }
}
