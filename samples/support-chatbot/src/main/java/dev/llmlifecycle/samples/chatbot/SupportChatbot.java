package dev.llmlifecycle.samples.chatbot;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

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
        PrintStream out = utf8(FileDescriptor.out);
        PrintStream err = utf8(FileDescriptor.err);
        int code = run(args, System.in, out, err, environment());
        out.flush();
        err.flush();
        System.exit(code);
    }

    /**
     * Runs the program.
     *
     * @param args the command line
     * @param in what the user types
     * @param out takes answers
     * @param err takes progress and complaints
     * @param env the environment variables
     * @return the exit code: 0 answered or abstained, 2 wrong input or failed
     */
    static int run(String[] args, InputStream in, PrintStream out, PrintStream err, Map<String, String> env) {
        return run(args, in, out, err, env, Embedder::miniLm);
    }

    static int run(
            String[] args,
            InputStream in,
            PrintStream out,
            PrintStream err,
            Map<String, String> env,
            Supplier<Embedder> embedder) {
        return ChatbotCommand.execute(args, new Terminal(in, out, err), Map.copyOf(env), embedder);
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

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
