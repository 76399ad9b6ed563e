package dev.llmlifecycle.samples.chatbot;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What can be typed in a conversation beside questions. */
enum ChatCommand {
    SOURCES("", "the passages behind the last answer", """
            Shows each passage that was found for the last question, with its page, heading and text, in the order of
            the numbers that the answer cites."""),
    WHY("", "all that the last answer rests on", """
            Shows the release, the prompt, the model, the index, the passages with their scores, what the validators
            found, tokens, and the time of every step."""),
    GOOD("[COMMENT]", "the last answer was right", """
            Notes the last answer as right. ./chat --circle makes rows for fine-tuning of such answers."""),
    BAD("\"REASON\"", "the last answer was wrong, and why", """
            Notes the last answer as wrong, with the reason. ./chat --circle makes test cases of such answers."""),
    RELEASE("", "what is running", """
            Shows the release in production: prompt, model, corpus, the parts that decide an answer, and the folder
            that it is kept in."""),
    NEW("", "a new conversation; what was said before is left out", """
            Starts a new conversation. Later questions are understood without those before."""),
    HELP("[COMMAND]", "this list, or more of one command", """
            Lists the commands, or says more of one, such as /help bad."""),
    QUIT("", "the end, as is the end of input", """
            Ends the program, as do Ctrl-D and the end of input.""");

    private static final int COLUMN = 16;
    private static final int FARTHEST = 2;

    private final String argument;
    private final String summary;
    private final String more;

    ChatCommand(String argument, String summary, String more) {
        this.argument = argument;
        this.summary = summary;
        this.more = more;
    }

    /** Returns what is typed, such as {@code /why}. */
    String word() {
        return "/" + topic();
    }

    /** Returns the word without its stroke. */
    String topic() {
        return name().toLowerCase(Locale.ROOT);
    }

    String summary() {
        return summary;
    }

    /** Returns the command that a word names. */
    static Optional<ChatCommand> of(String word) {
        return Arrays.stream(values())
                .filter(command -> command.word().equals(word))
                .findFirst();
    }

    /** Returns the command that somebody who typed an unknown word may have meant. */
    static Optional<ChatCommand> nearest(String word) {
        String typed = word.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(command -> (typed.length() > 1 && command.word().startsWith(typed))
                        || distance(typed, command.word()) <= FARTHEST)
                .min(Comparator.comparingInt(command -> distance(typed, command.word())));
    }

    /** Returns the list of all commands. */
    static String list() {
        StringBuilder list = new StringBuilder("Ask a question, or type");
        for (ChatCommand command : values()) {
            list.append("\n  ").append(command.usage());
        }
        return list.toString();
    }

    /** Returns all there is to say of this command. */
    String details() {
        return "  " + usage() + "\n" + more.indent(4).stripTrailing();
    }

    private String usage() {
        String typed = (word() + " " + argument).strip();
        return typed + " ".repeat(Math.max(1, COLUMN - typed.length())) + summary;
    }

    /** Levenshtein's distance: how many letters must be added, removed or replaced. */
    private static int distance(String first, String second) {
        int[] row = new int[second.length() + 1];
        Arrays.setAll(row, column -> column);
        for (int i = 1; i <= first.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= second.length(); j++) {
                int replaced = diagonal + (first.charAt(i - 1) == second.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[second.length()];
    }
}
