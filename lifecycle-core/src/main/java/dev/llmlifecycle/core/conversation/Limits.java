package dev.llmlifecycle.core.conversation;

/** Checks of limits that hosts set. */
final class Limits {

    private Limits() {}

    static int atLeastOne(int value, String name, String usual) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    name + " must be at least 1 but was " + value + "; " + usual + " is" + " usual");
        }
        return value;
    }
}
