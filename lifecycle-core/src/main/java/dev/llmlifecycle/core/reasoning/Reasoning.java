package dev.llmlifecycle.core.reasoning;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.llmlifecycle.api.app.ReasoningStrategy;
import dev.llmlifecycle.core.reasoning.steps.ReasoningStep;
import dev.llmlifecycle.core.reasoning.steps.StepChecker;
import dev.llmlifecycle.core.reasoning.steps.StepParser;

/**
 * Makes the ways in which an application reaches an answer; {@code LlmApp.Builder.reasoning} takes any of them.
 *
 * <pre>{@code
 * ReasoningStrategy votes = Reasoning.builder().maxCalls(8).selfConsistency(8, 0.95);
 * ReasoningStrategy checked = Reasoning.checked(StepChecker.standard());
 * }</pre>
 *
 * <p>The user sees the answer alone: it is found by its marker ({@link AnswerExtractor}), and what stood before it, or
 * came as the model's thinking, is kept in the interaction. All stay within a budget of calls and tokens: when it is
 * used up they answer with the best they have. Where the host asked for JSON, nothing can stand before the answer, and
 * every strategy makes one call.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class Reasoning {

    private static final int MOST_SUB_QUESTIONS = 6;

    private Reasoning() {}

    /**
     * Starts with the default settings.
     *
     * @return a builder of strategies
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Asks once, and returns what the model says.
     *
     * @return the strategy
     */
    public static ReasoningStrategy direct() {
        return builder().direct();
    }

    /**
     * Asks the model to think step by step (Kojima et al. 2022); where no answer is marked, asks once more for it.
     *
     * @return the strategy
     */
    public static ReasoningStrategy chainOfThought() {
        return builder().chainOfThought();
    }

    /**
     * Takes the answer out of a chain of thought for which the prompt has worked examples (Wei et al. 2022).
     *
     * @return the strategy
     */
    public static ReasoningStrategy fewShotChainOfThought() {
        return builder().fewShotChainOfThought();
    }

    /**
     * Takes the majority of several chains of thought (Wang et al. 2022), and stops when it is settled at 95 %.
     *
     * @param samples the most samples, in [1, 100]
     * @return the strategy
     */
    public static ReasoningStrategy selfConsistency(int samples) {
        return builder().selfConsistency(samples, 0.95);
    }

    /**
     * Has the question taken apart into simpler ones, and answers them in turn (Zhou et al. 2022).
     *
     * @return the strategy
     */
    public static ReasoningStrategy leastToMost() {
        return builder().leastToMost();
    }

    /**
     * Asks the model for a plan and its execution in one call (Wang et al. 2023).
     *
     * @return the strategy
     */
    public static ReasoningStrategy planAndSolve() {
        return builder().planAndSolve();
    }

    /**
     * Takes the best of several chains of thought.
     *
     * @param samples how many, in [1, 100]
     * @param scorer says which is best
     * @return the strategy
     */
    public static ReasoningStrategy bestOf(int samples, AnswerScorer scorer) {
        return builder().bestOf(samples, scorer);
    }

    /**
     * Has an answer improved until a critic is content, at most twice (Madaan et al. 2023).
     *
     * @param critic says what is to be improved
     * @return the strategy
     */
    public static ReasoningStrategy refine(AnswerCritic critic) {
        return builder().refine(critic, 2);
    }

    /**
     * Has every step of a chain of thought checked, and repaired from the first wrong one.
     *
     * @param checker checks the steps
     * @return the strategy
     */
    public static ReasoningStrategy checked(StepChecker checker) {
        return CheckedReasoning.builder(checker).build();
    }

    /**
     * Lets the model call tools.
     *
     * @return a builder
     */
    public static ToolReasoning.Builder tools() {
        return ToolReasoning.builder();
    }

    /**
     * Settings, and the strategies under them.
     *
     * @since 0.1
     */
    public static final class Builder {

        private ReasoningSettings settings = ReasoningSettings.DEFAULT;

        private Builder() {}

        /**
         * Sets the most calls of the model for one question. Default: 16.
         *
         * @param calls at least 1
         * @return this
         */
        public Builder maxCalls(int calls) {
            if (calls < 1) {
                throw new IllegalArgumentException("the calls of a strategy must be at least 1 but were " + calls);
            }
            settings = new ReasoningSettings(
                    calls, settings.maxTokens(), settings.answers(), settings.temperature(), settings.thoughts());
            return this;
        }

        /**
         * Sets the tokens of all calls for one question after which no call begins. Default: no limit. Endpoints that
         * report none count one for four characters.
         *
         * @param tokens at least 1
         * @return this
         */
        public Builder maxTokens(long tokens) {
            if (tokens < 1) {
                throw new IllegalArgumentException("the tokens of a strategy must be at least 1 but were " + tokens);
            }
            settings = new ReasoningSettings(
                    settings.maxCalls(), tokens, settings.answers(), settings.temperature(), settings.thoughts());
            return this;
        }

        /**
         * Sets how the answer is found. Default: {@link AnswerExtractor#standard()}.
         *
         * @param answers finds it; strategies that tell the model how to mark the answer name {@code Answer:}
         * @return this
         */
        public Builder answers(AnswerExtractor answers) {
            settings = new ReasoningSettings(
                    settings.maxCalls(),
                    settings.maxTokens(),
                    Objects.requireNonNull(answers, "answers"),
                    settings.temperature(),
                    settings.thoughts());
            return this;
        }

        /**
         * Sets the temperature of samples that are to differ, where the prompt names none. Default: 0.7.
         *
         * @param temperature at least 0
         * @return this
         */
        public Builder temperature(double temperature) {
            if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("the temperature must be at least 0 but was " + temperature);
            }
            settings = new ReasoningSettings(
                    settings.maxCalls(), settings.maxTokens(), settings.answers(), temperature, settings.thoughts());
            return this;
        }

        /**
         * Sets whether the interaction keeps the thoughts, up to 8,000 characters each. Default: true.
         *
         * @param keep false keeps how many calls were made, and no text of them
         * @return this
         */
        public Builder keepThoughts(boolean keep) {
            settings = new ReasoningSettings(
                    settings.maxCalls(), settings.maxTokens(), settings.answers(), settings.temperature(), keep);
            return this;
        }

        ReasoningSettings settings() {
            return settings;
        }

        /**
         * Makes {@link Reasoning#direct()}.
         *
         * @return the strategy
         */
        public ReasoningStrategy direct() {
            return new Strategy("direct-answer", settings, Map.of(), (request, calls) -> {
                String text = calls.answer(request).aiMessage().text();
                return calls.conclude(text == null ? "" : text);
            });
        }

        /**
         * Makes {@link Reasoning#chainOfThought()}.
         *
         * @return the strategy
         */
        public ReasoningStrategy chainOfThought() {
            return new Strategy("chain-of-thought", settings, Map.of(), (request, calls) -> {
                ExtractedAnswer answer = chain(Prompts.with(request, Prompts.STEP_BY_STEP), calls);
                return calls.note("marked", answer.marked()).conclude(answer.answer());
            });
        }

        /**
         * Makes {@link Reasoning#fewShotChainOfThought()}.
         *
         * @return the strategy
         */
        public ReasoningStrategy fewShotChainOfThought() {
            return new Strategy("few-shot-chain-of-thought", settings, Map.of(), (request, calls) -> {
                ExtractedAnswer answer = calls.thought(request);
                return calls.note("marked", answer.marked()).conclude(answer.answer());
            });
        }

        /**
         * Makes {@link Reasoning#planAndSolve()}.
         *
         * @return the strategy
         */
        public ReasoningStrategy planAndSolve() {
            return new Strategy("plan-and-solve", settings, Map.of(), (request, calls) -> {
                ExtractedAnswer answer = chain(Prompts.with(request, Prompts.PLAN), calls);
                return calls.note("marked", answer.marked()).conclude(answer.answer());
            });
        }

        /**
         * Makes {@link Reasoning#selfConsistency}.
         *
         * @param samples the most samples, in [1, 100]
         * @param confidence the probability at which the majority counts as settled, in (0.5, 1]; 1 stops only when the
         *     rest cannot change it
         * @return the strategy
         */
        public ReasoningStrategy selfConsistency(int samples, double confidence) {
            MajorityVote.of(samples, confidence);
            Map<String, Object> configuration = Map.of("samples", samples, "confidence", confidence);
            ReasoningSettings own = settings;
            return new Strategy("self-consistency", own, configuration, (request, calls) -> {
                ChatRequest sampled = Prompts.sampled(Prompts.with(request, Prompts.STEP_BY_STEP), own.temperature());
                MajorityVote vote = MajorityVote.of(samples, confidence);
                Map<String, String> answers = new LinkedHashMap<>();
                while (!vote.settled() && calls.allows(1)) {
                    ExtractedAnswer answer = calls.thought(sampled);
                    String key = own.answers().key(answer.answer());
                    vote.add(key);
                    answers.putIfAbsent(key, answer.answer());
                }
                return calls.note("samples", vote.cast())
                        .note("callsSaved", samples - vote.cast())
                        .note("share", vote.share())
                        .note("probability", vote.probability())
                        .note("settled", vote.settled())
                        .conclude(vote.winner().map(answers::get).orElse(""));
            });
        }

        /**
         * Makes {@link Reasoning#bestOf}.
         *
         * @param samples how many, in [1, 100]
         * @param scorer says which is best; of equal ones the first counts
         * @return the strategy
         */
        public ReasoningStrategy bestOf(int samples, AnswerScorer scorer) {
            MajorityVote.of(samples, 1);
            ReasoningSettings own = settings;
            Map<String, Object> configuration =
                    Map.of("samples", samples, "scorer", scorer.identity().toCanonical());
            return new Strategy("best-of", own, configuration, (request, calls) -> {
                String question = Prompts.question(request);
                ChatRequest sampled = Prompts.sampled(Prompts.with(request, Prompts.STEP_BY_STEP), own.temperature());
                ExtractedAnswer best = new ExtractedAnswer("", "", false);
                double highest = Double.NEGATIVE_INFINITY;
                int made = 0;
                while (made < samples && calls.allows(1)) {
                    ExtractedAnswer answer = calls.thought(sampled);
                    double given = scorer.score(question, answer);
                    double score = Double.isNaN(given) ? Double.NEGATIVE_INFINITY : given;
                    if (made == 0 || score > highest) {
                        best = answer;
                        highest = score;
                    }
                    made++;
                }
                return calls.note("samples", made).note("score", highest).conclude(best.answer());
            });
        }

        /**
         * Makes {@link Reasoning#refine}.
         *
         * @param critic says what is to be improved
         * @param rounds how often at most, at least 1; an answer that comes again ends it too
         * @return the strategy
         */
        public ReasoningStrategy refine(AnswerCritic critic, int rounds) {
            if (rounds < 1) {
                throw new IllegalArgumentException("the rounds of refinement must be at least 1 but were " + rounds);
            }
            ReasoningSettings own = settings;
            Map<String, Object> configuration =
                    Map.of("rounds", rounds, "critic", critic.identity().toCanonical());
            return new Strategy("refine", own, configuration, (request, calls) -> {
                String question = Prompts.question(request);
                ChatRequest current = Prompts.with(request, Prompts.STEP_BY_STEP);
                ExtractedAnswer answer = calls.thought(current);
                Set<String> seen = new HashSet<>(Set.of(own.answers().key(answer.answer())));
                Optional<String> critique = critic.critique(question, answer);
                int round = 0;
                boolean repeats = false;
                while (critique.isPresent() && round < rounds && !repeats && calls.allows(1)) {
                    round++;
                    String said = answer.thoughts() + "\nAnswer: " + answer.answer();
                    answer = calls.thought(Prompts.after(
                            current,
                            said.strip(),
                            "This is to be improved: " + critique.get() + "\n\nAnswer again, whole. "
                                    + Prompts.STEP_BY_STEP));
                    critique = critic.critique(question, answer);
                    repeats = !seen.add(own.answers().key(answer.answer()));
                }
                return calls.note("rounds", round)
                        .note("content", critique.isEmpty())
                        .conclude(answer.answer());
            });
        }

        /**
         * Makes {@link Reasoning#leastToMost()}.
         *
         * @return the strategy
         */
        public ReasoningStrategy leastToMost() {
            StepParser parser = StepParser.ofAtMost(100);
            return new Strategy("least-to-most", settings, Map.of("most", MOST_SUB_QUESTIONS), (request, calls) -> {
                List<String> questions = new ArrayList<>();
                if (calls.allows(3)) {
                    ChatRequest apart = Prompts.with(
                            request,
                            "Do not answer yet. Write a numbered list of the simpler questions that have to be"
                                    + " answered first, at most " + MOST_SUB_QUESTIONS + ", and nothing else.");
                    String list = Prompts.text(calls.think(apart).aiMessage());
                    parser.parse(list).stream()
                            .map(ReasoningStep::text)
                            .filter(text -> !text.isBlank())
                            .limit(MOST_SUB_QUESTIONS)
                            .forEach(questions::add);
                }
                StringBuilder known = new StringBuilder();
                int answered = 0;
                for (String question : questions) {
                    if (!calls.allows(2)) {
                        break;
                    }
                    ChatRequest next = Prompts.with(
                            request, known + "Do not answer the whole yet. Answer only this, briefly: " + question);
                    String text = Prompts.text(calls.think(next).aiMessage());
                    known.append("Known: ")
                            .append(question)
                            .append('\n')
                            .append(text.strip())
                            .append("\n\n");
                    answered++;
                }
                ExtractedAnswer answer = chain(Prompts.with(request, known + Prompts.STEP_BY_STEP), calls);
                return calls.note("subQuestions", questions.size())
                        .note("answered", answered)
                        .conclude(answer.answer());
            });
        }

        /** Thinks, and asks once more for the answer where none is marked. */
        private static ExtractedAnswer chain(ChatRequest request, BudgetedCalls calls) {
            ExtractedAnswer first = calls.thought(request);
            if (first.marked() || !calls.allows(1)) {
                return first;
            }
            ExtractedAnswer second = calls.thought(Prompts.after(request, first.answer(), Prompts.CONCLUDE));
            return second.answer().isBlank() ? first : second;
        }
    }
}
