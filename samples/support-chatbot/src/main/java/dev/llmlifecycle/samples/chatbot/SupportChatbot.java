package dev.llmlifecycle.samples.chatbot;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** The program: answers questions from a folder of documents, with citations. */
public final class SupportChatbot {

    /** Answered, or honestly not answered. */
    static final int OK = 0;

    /** A defect of this program. */
    static final int DEFECT = 1;

    /** Wrong input, or something outside that failed. */
    static final int FAILED = 2;

    private SupportChatbot() {}

    /**
     * Runs the program and exits.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        boolean interactive = isInteractive();
        Charset charset = interactive ? terminalCharset(System.getProperty("native.encoding")) : StandardCharsets.UTF_8;
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, charset);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset);
        System.exit(
                run(args, new Terminal(System.in, out, err, charset, interactive), environment(), Embedder::miniLm));
    }

    /**
     * Runs the program.
     *
     * @param args the command line
     * @param terminal where it reads and writes
     * @param env the environment variables
     * @param embedder makes the embedding model when it is needed
     * @return the exit code: 0 answered or abstained, 2 wrong input or failed
     */
    static int run(String[] args, Terminal terminal, Map<String, String> env, Supplier<Embedder> embedder) {
        int code = ChatbotCommand.execute(args, terminal, Map.copyOf(env), embedder);
        terminal.err().flush();
        if (terminal.out().checkError() && code == OK) {
            terminal.complain("The output cannot be written; see whether its reader or its disk is at an end");
            return FAILED;
        }
        return code;
    }

    /**
     * From JDK 22 on a console is always there; then JLine finds out whether it is one, and {@code ./chat} asks for the
     * old way.
     */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isInteractive() {
        return System.console() != null;
    }

    /**
     * Returns what the letters of a terminal are: those of the locale. Where the locale knows no more than ASCII, it
     * was most likely never set, and the terminal shows UTF-8 as nearly all do.
     */
    static Charset terminalCharset(@Nullable String nativeEncoding) {
        try {
            Charset charset = nativeEncoding == null ? StandardCharsets.UTF_8 : Charset.forName(nativeEncoding);
            return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }

    /** The environment, with the project's folder where this program runs from inside it. */
    private static Map<String, String> environment() {
        Map<String, String> env = new HashMap<>(System.getenv());
        env.computeIfAbsent(Settings.HOME, name -> {
            Path folder = ownFolder();
            // samples/support-chatbot/target/support-chatbot.jar
            for (int up = 0; up < 4 && folder != null; up++) {
                folder = folder.getParent();
            }
            return folder == null ? "" : folder.toString();
        });
        return env;
    }

    private static Path ownFolder() {
        CodeSource source = SupportChatbot.class.getProtectionDomain().getCodeSource();
        try {
            return source == null
                    ? Path.of("")
                    : Path.of(source.getLocation().toURI()).toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class is always loaded from a valid location", e);
        }
    }
}
