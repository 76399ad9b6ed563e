package dev.llmlifecycle.samples.chatbot;

/** Something the user gave that cannot work; the message is the one line that the user sees. */
final class WrongInputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WrongInputException(String message) {
        super(message);
    }
}
