package dev.llmlifecycle.samples.chatbot;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import dev.langchain4j.exception.LangChain4jException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. */
@Command(
        name = "chat",
        mixinStandardHelpOptions = true,
        versionProvider = ChatbotCommand.Version.class,
        usageHelpAutoWidth = true,
        sortOptions = false,
        description = {
            "Answers questions from a folder of documents, with citations.",
            "Without --ask it is a conversation; type /help there.",
            ""
        },
        footer = {
            "",
            "Environment:",
            "  OPENAI_API_KEY   Key of an endpoint that speaks the OpenAI protocol.",
            "  OPENAI_BASE_URL  Its address, such as http://localhost:11434/v1.",
            "  OPENAI_MODEL     The model there. Default: gpt-4o-mini.",
            "Without key and address an embedded extractive model quotes the documents.",
            "",
            "Exit codes: 0 answered, or the documents do not answer; 2 wrong input or failed."
        })
final class ChatbotCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final Map<String, String> env;
    private final Supplier<Embedder> embedder;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--docs",
            paramLabel = "DIR",
            description = "Folder of Markdown, text and HTML files. Default: the project's docs and the help centre of"
                    + " the sample.")
    private @Nullable Path docs;

    @Option(names = "--ask", paramLabel = "QUESTION", description = "Answers one question and ends.")
    private @Nullable String question;

    @Option(names = "--json", description = "With --ask: prints the answer as one JSON object.")
    private boolean json;

    @Option(
            names = "--why",
            description = "Shows what each answer rests on: release, prompt, passages, findings, tokens, times.")
    private boolean why;

    @Option(
            names = "--circle",
            description = "Plays the life of a release once: data, experiment, promotion, feedback, roll back, new"
                    + " data.")
    private boolean circle;

    @Option(
            names = "--dialogues",
            paramLabel = "HALF",
            arity = "0..1",
            fallbackValue = "REPORT",
            description = "Measures follow-ups, corrections and changes of topic on the sample's dialogues: on the"
                    + " REPORT half, which the rules were not written on, or the DEVELOPMENT half. Default: REPORT.")
    private Dialogues.@Nullable Half dialogues;

    @Option(
            names = "--index",
            paramLabel = "DIR",
            description = "Where the index is kept. Default: a folder for each corpus, in the sample's target/index or"
                    + " the user's cache.")
    private @Nullable Path index;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where prompts, releases and the interaction log are kept, in a folder for each model and"
                    + " corpus. Default: beside the index.")
    private @Nullable Path state;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long one answer may take. Default: ${DEFAULT-VALUE}.")
    private int timeoutSeconds;

    private ChatbotCommand(Terminal terminal, Map<String, String> env, Supplier<Embedder> embedder) {
        this.terminal = terminal;
        this.env = env;
        this.embedder = embedder;
    }

    /** Parses the command line, runs it and returns the exit code. */
    static int execute(String[] args, Terminal terminal, Map<String, String> env, Supplier<Embedder> embedder) {
        return new CommandLine(new ChatbotCommand(terminal, env, embedder))
                .setOut(new PrintWriter(terminal.out(), true, terminal.charset()))
                .setErr(new PrintWriter(terminal.err(), true, terminal.charset()))
                .setParameterExceptionHandler((e, arguments) -> {
                    terminal.complain(e.getMessage()
                            + nearest(e)
                                    .map(option -> "; did you mean " + option + "? See --help")
                                    .orElse("; see --help"));
                    return SupportChatbot.FAILED;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, terminal))
                .execute(args);
    }

    @Override
    public Integer call() {
        requireSense();
        Settings settings = Settings.of(
                Optional.ofNullable(docs),
                Optional.ofNullable(index),
                Optional.ofNullable(state),
                Duration.ofSeconds(timeoutSeconds),
                env);
        if ((circle || dialogues != null) && settings.questions().isEmpty()) {
            throw new WrongInputException((circle ? "--circle" : "--dialogues")
                    + " has questions with answers for the sample's own documents only; leave out --docs");
        }
        try (Chatbot chatbot = Chatbot.open(settings, embedder, terminal)) {
            if (circle) {
                return new Circle(chatbot, settings.questions().orElseThrow(), terminal.out()).play();
            }
            if (dialogues != null) {
                return new Dialogues(
                                chatbot.parts(),
                                settings.endpoint().isPresent(),
                                settings.questions().orElseThrow().resolveSibling("dialogues.jsonl"),
                                terminal.out())
                        .measure(dialogues);
            }
            if (question != null) {
                return new OneQuestion(chatbot, terminal).ask(question, json, why);
            }
            return PromptLoop.run(chatbot, terminal, why);
        }
    }

    private void requireSense() {
        if (question != null && question.isBlank()) {
            throw wrong("The question of --ask is blank; ask something");
        }
        if (circle && question != null) {
            throw wrong("--circle and --ask exclude each other; give one of them");
        }
        if (dialogues != null && (circle || question != null)) {
            throw wrong("--dialogues excludes --circle and --ask; give one of them");
        }
        if (json && question == null) {
            throw wrong("--json works with --ask QUESTION only");
        }
        if (timeoutSeconds < 1) {
            throw wrong("--timeout must be at least 1 second but was " + timeoutSeconds);
        }
    }

    private ParameterException wrong(String message) {
        if (spec == null) {
            throw new IllegalStateException("the command was not started by its command line");
        }
        return new ParameterException(spec.commandLine(), message);
    }

    /** Returns the option that somebody who typed an unknown one may have meant. */
    private static Optional<String> nearest(ParameterException e) {
        return e instanceof UnmatchedArgumentException unmatched
                ? unmatched.getSuggestions().stream().findFirst()
                : Optional.empty();
    }

    private static int failed(Exception e, Terminal terminal) {
        if (e instanceof WrongInputException || e instanceof LangChain4jException) {
            terminal.complain(String.valueOf(e.getMessage()));
            return SupportChatbot.FAILED;
        }
        terminal.complain("This is a defect of the program, please report it with what follows: " + e);
        e.printStackTrace(terminal.err());
        return SupportChatbot.DEFECT;
    }

    /** The version in the manifest. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = SupportChatbot.class.getPackage().getImplementationVersion();
            return new String[] {"support-chatbot " + (version == null ? "(not packaged)" : version)};
        }
    }
}
