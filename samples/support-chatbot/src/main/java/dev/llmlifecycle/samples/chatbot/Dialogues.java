package dev.llmlifecycle.samples.chatbot;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.MetadataFilterBuilder;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.Proportions;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.conversation.Conversations;
import dev.llmlifecycle.core.conversation.FollowUpRewriter;
import dev.llmlifecycle.core.conversation.InMemoryConversationStore;
import dev.llmlifecycle.eval.metric.Metric;
import dev.llmlifecycle.eval.metric.Metrics;

/**
 * What rewriting follow-ups is worth, measured on dialogues written by hand: each one is held from its first turn to
 * its last, with the answers of the application between the questions.
 *
 * <p>A turn counts where the page that the dialogue names is among the passages. In a dialogue of the kind
 * {@code topic-switch}, a turn changes the topic when its page is none of the pages before.
 */
final class Dialogues {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Filter HELP_CENTRE =
            MetadataFilterBuilder.metadataKey(Passage.SOURCE).containsString(Settings.HELP_CENTRE_PREFIX);
    private static final Metric CORRECT = Metrics.answersOrAbstains();
    private static final String SWITCHES = "topic-switch";
    private static final String FIRST = "first turns";
    private static final int RANK = 5;
    private static final double LEVEL = 0.95;

    private final Parts parts;
    private final boolean model;
    private final Path file;
    private final PrintStream out;

    Dialogues(Parts parts, boolean model, Path file, PrintStream out) {
        this.parts = parts;
        this.model = model;
        this.file = file;
        this.out = out;
    }

    /** The half of the dialogues that the rules were written on, and the one that is reported. */
    enum Half {
        DEVELOPMENT,
        REPORT;

        /** Assigns by the last bit of the hash of the id. */
        static Half of(String id) {
            String hex = Hash.ofUtf8(id).hex();
            return Character.digit(hex.charAt(hex.length() - 1), 16) % 2 == 1 ? DEVELOPMENT : REPORT;
        }
    }

    /** How follow-ups are rewritten. */
    private enum Way {
        AS_THEY_ARE("as they are"),
        RULES("by rules"),
        MODEL("by the model"),
        BY_HAND("as the dialogue's author words them to stand alone");

        private final String label;

        Way(String label) {
            this.label = label;
        }
    }

    int measure(Half half) {
        List<Dialogue> dialogues = read().stream()
                .filter(dialogue -> Half.of(dialogue.id()) == half)
                .toList();
        int turns =
                dialogues.stream().mapToInt(dialogue -> dialogue.turns().size()).sum();
        out.println(dialogues.size() + " dialogues of the " + half.name().toLowerCase(Locale.ROOT) + " half, " + turns
                + " turns. Share of turns, with Wilson's 95 % interval:");
        for (Way way : Way.values()) {
            if (way != Way.MODEL || model) {
                List<Turn> held = hold(way, dialogues);
                print(way, held);
                if (half == Half.DEVELOPMENT) {
                    list(held);
                }
            }
        }
        if (!model) {
            out.println("\nSet " + Endpoint.KEY + " or " + Endpoint.BASE_URL + " for follow-ups rewritten by a model.");
        }
        return SupportChatbot.OK;
    }

    private List<Turn> hold(Way way, List<Dialogue> dialogues) {
        List<Turn> turns = new ArrayList<>();
        try (LlmApp app = app(way)) {
            for (Dialogue dialogue : dialogues) {
                Set<String> pages = new HashSet<>();
                for (int i = 0; i < dialogue.turns().size(); i++) {
                    Said said = dialogue.turns().get(i);
                    String text = way == Way.BY_HAND ? said.standalone() : said.user();
                    Answer answer = app.ask(Question.builder(text)
                            .conversationId(dialogue.id())
                            .filter(HELP_CENTRE)
                            .build());
                    boolean elsewhere = pages.addAll(said.pages()) && i > 0;
                    turns.add(new Turn(
                            i == 0 ? FIRST : dialogue.kind(),
                            elsewhere && dialogue.kind().equals(SWITCHES),
                            rank(answer, said.pages()),
                            CORRECT.passed(example(dialogue, i, said), answer),
                            isRewritten(answer),
                            answer.interaction().standaloneQuestion().orElse(text)));
                }
            }
        }
        return turns;
    }

    private LlmApp app(Way way) {
        LlmApp.Builder app = switch (way) {
            case AS_THEY_ARE, BY_HAND -> parts.withoutRewriter();
            case RULES ->
                parts.withoutRewriter().rewriter(FollowUpRewriter.builder().build());
            case MODEL -> parts.app();
        };
        return app.conversations(Conversations.builder(
                                InMemoryConversationStore.builder().build())
                        .build())
                .build();
    }

    private static Example example(Dialogue dialogue, int turn, Said said) {
        Example.Builder example = Example.builder(dialogue.id() + "/" + (turn + 1), said.standalone());
        said.expected().forEach(example::expected);
        return example.build();
    }

    private static int rank(Answer answer, List<String> pages) {
        List<Passage> passages = answer.interaction().passages();
        for (int i = 0; i < passages.size(); i++) {
            if (pages.contains(passages.get(i).source())) {
                return i + 1;
            }
        }
        return Integer.MAX_VALUE;
    }

    private static boolean isRewritten(Answer answer) {
        return answer.interaction().steps().stream()
                .filter(step -> step.type().equals(Step.CONVERSATION))
                .anyMatch(step -> "true".equals(step.attributes().get(Step.REWRITTEN)));
    }

    private void print(Way way, List<Turn> turns) {
        out.println("\nQuestions " + way.label);
        Map<String, List<Turn>> kinds = new LinkedHashMap<>();
        turns.forEach(turn ->
                kinds.computeIfAbsent(turn.kind(), kind -> new ArrayList<>()).add(turn));
        List<Turn> later =
                turns.stream().filter(turn -> !turn.kind().equals(FIRST)).toList();
        kinds.put("all but the first", later);
        kinds.forEach((kind, of) -> {
            out.println("  " + kind + ", " + of.size() + " turns");
            share("page first", of, turn -> turn.rank() == 1);
            share("page among " + RANK, of, turn -> turn.rank() <= RANK);
            share("answer right", of, Turn::right);
        });
        List<Turn> switches = turns.stream().filter(Turn::changesTopic).toList();
        if ((way == Way.RULES || way == Way.MODEL) && !switches.isEmpty()) {
            out.println("  changes of topic, " + switches.size() + " turns");
            share("left alone", switches, turn -> !turn.rewritten());
        }
    }

    /** Shows what went wrong, to work on. */
    private void list(List<Turn> turns) {
        turns.stream()
                .filter(turn -> turn.rank() > 1 || !turn.right())
                .forEach(turn -> out.println("    " + (turn.rank() > RANK ? "-" : turn.rank())
                        + (turn.right() ? " " : " x ") + turn.kind() + ": " + turn.asked()));
    }

    private void share(String what, List<Turn> turns, Predicate<Turn> condition) {
        long yes = turns.stream().filter(condition).count();
        Interval interval = Proportions.wilson(yes, turns.size(), LEVEL);
        out.println(String.format(
                Locale.ROOT,
                "    %-14s %.2f  [%.2f, %.2f]  %d of %d",
                what,
                (double) yes / turns.size(),
                interval.low(),
                interval.high(),
                yes,
                turns.size()));
    }

    private List<Dialogue> read() {
        List<Dialogue> dialogues = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                dialogues.add(dialogue(JSON.readTree(line)));
            }
        } catch (IOException e) {
            throw new WrongInputException("The dialogues " + file + " cannot be read; restore the file");
        }
        return dialogues;
    }

    private static Dialogue dialogue(JsonNode json) {
        List<Said> turns = new ArrayList<>();
        for (JsonNode turn : json.path("turns")) {
            List<String> expected = new ArrayList<>();
            turn.path("expected").forEach(text -> expected.add(text.asText()));
            turns.add(new Said(
                    turn.path("user").asText(),
                    turn.path("standalone").asText(),
                    Arrays.stream(turn.path("pages").asText().split(",", -1))
                            .map(page -> Settings.HELP_CENTRE_PREFIX + page.strip())
                            .toList(),
                    expected));
        }
        return new Dialogue(json.path("id").asText(), json.path("kind").asText(), turns);
    }

    private record Dialogue(String id, String kind, List<Said> turns) {}

    /** What the user says, and what would be right. */
    private record Said(String user, String standalone, List<String> pages, List<String> expected) {}

    /** How a turn went. */
    private record Turn(String kind, boolean changesTopic, int rank, boolean right, boolean rewritten, String asked) {}
}
