package dev.llmlifecycle.core.validation.privacy;

/**
 * A number as it is written: one word, or several with one character between each.
 *
 * @param text its digits and letters, in capitals, without what divides them
 * @param shape how long its parts are, such as {@code 3-2-4}
 * @param first its first word
 * @param last its last word
 */
record Group(String text, String shape, int first, int last) {

    boolean isDigits() {
        return digits(0, text.length());
    }

    boolean digits(int start, int end) {
        for (int i = start; i < end; i++) {
            if (!isDigit(i)) {
                return false;
            }
        }
        return true;
    }

    boolean isDigit(int i) {
        return text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }

    boolean isLetter(int i) {
        return text.charAt(i) >= 'A' && text.charAt(i) <= 'Z';
    }

    boolean letters(int start, int end) {
        for (int i = start; i < end; i++) {
            if (!isLetter(i)) {
                return false;
            }
        }
        return true;
    }

    int digit(int i) {
        return text.charAt(i) - '0';
    }

    int number(int start, int end) {
        return Integer.parseInt(text.substring(start, end));
    }

    boolean isOneWord() {
        return first == last;
    }
}
