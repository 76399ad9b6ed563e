package dev.llmlifecycle.samples.chatbot;

/** The entry point of the sample. */
public final class SupportChatbot {
    private SupportChatbot() {}

    /**
     * Runs the program.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.out.println("support-chatbot");
    }
}
