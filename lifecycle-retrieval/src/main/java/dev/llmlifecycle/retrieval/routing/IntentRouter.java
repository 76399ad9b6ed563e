package dev.llmlifecycle.retrieval.routing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.router.QueryRouter;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.app.Router;
import dev.llmlifecycle.api.classify.Classification;
import dev.llmlifecycle.api.classify.LabelProbability;
import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes questions by what is wanted: rules first, then examples and a trained head, a threshold for what is out of
 * scope, and a chat model where all that is unsure.
 *
 * <pre>{@code
 * IntentRouter router = IntentRouter.builder(model)
 *         .route(IntentRoute.builder("refund", new Route.ToPrompt("refund"))
 *                 .examples("I want my money back", "how do I get a refund")
 *                 .build())
 *         .route(IntentRoute.builder("person", new Route.HandOver("support", "A colleague takes over."))
 *                 .phrases("talk to a human")
 *                 .build())
 *         .build();
 * Route route = router.route(Question.of("can I have my money back?"));
 * }</pre>
 *
 * <p>A rule that fits decides for certain: conditions of all routes first, then phrases, then regular expressions, in
 * the order of the routes. Otherwise the question is embedded and compared with all examples. Gaussians, means and
 * nearest neighbours of the intents and the head are weighed into one probability; the weights are fitted to examples
 * that were left out of what judged them. A question is out of scope when it is stranger than all but a stated share of
 * those examples (a conformal threshold): for questions like the examples, that is the share that is refused by
 * mistake.
 *
 * <p>Immutable, and thread-safe when its models, conditions, executor and clock are.
 *
 * @since 0.1
 */
public final class IntentRouter implements Router {

    private static final Logger log = LoggerFactory.getLogger(IntentRouter.class);

    private static final int RANKED = 10;
    private static final int CANDIDATES = 10;
    private static final int PARTS = 4;
    private static final int MOST_DISCOVERED = 3_000;
    private static final int FEWEST_OUTSIDE = 20;
    private static final double GROUP_PROBABILITY = 0.5;

    private final Builder settings;
    private final List<IntentRoute> routes;
    private final Map<String, IntentRoute> byIntent;
    private final Map<String, String> phrases;
    private final Embedder embedder;
    private final TimedCalls calls;
    private final Optional<LastResort> lastResort;
    private final Optional<Calibrated> calibrated;
    private final Identity identity;

    private IntentRouter(Builder settings, @Nullable IntentRouter before) {
        this.settings = settings;
        this.routes = List.copyOf(settings.routes.values());
        this.byIntent = new TreeMap<>(settings.routes);
        this.embedder = new Embedder(
                settings.model, settings.requireModelName(), settings.model.dimension(), settings.maxCharacters);
        this.calls = new TimedCalls(settings.executor, settings.timeout, settings.clock);
        this.lastResort = Optional.ofNullable(settings.lastResort);
        this.phrases = phrases(routes);
        requireWays();
        requireDistinctExamples(routes);
        this.calibrated = calibrate(before);
        this.identity = Identity.of("intent-router", "1", toCanonical());
    }

    /**
     * Starts a router.
     *
     * @param model embeds examples and questions
     * @return a builder
     */
    public static Builder builder(EmbeddingModel model) {
        return new Builder(model);
    }

    private void requireWays() {
        if (routes.isEmpty()) {
            throw new IllegalArgumentException("an intent router needs at least one route; add one");
        }
        for (IntentRoute route : routes) {
            boolean group = routes.stream()
                    .anyMatch(other -> other != route && Groups.contains(route.intent(), other.intent()));
            if (route.examples().isEmpty() && !route.hasRules() && !group) {
                throw new IllegalArgumentException("the route '" + route.intent()
                        + "' has neither examples nor rules nor intents under it, so no question can take it; give it"
                        + " one of them or leave it out");
            }
        }
    }

    private static Map<String, String> phrases(List<IntentRoute> routes) {
        Map<String, String> phrases = new HashMap<>();
        for (IntentRoute route : routes) {
            for (String phrase : route.phrases()) {
                String other = phrases.putIfAbsent(phrase, route.intent());
                if (other != null) {
                    throw new IllegalArgumentException("the phrase '" + phrase + "' stands in the routes '" + other
                            + "' and '" + route.intent() + "'; keep it in one");
                }
            }
        }
        return phrases;
    }

    private static void requireDistinctExamples(List<IntentRoute> routes) {
        Map<String, String> seen = new HashMap<>();
        for (IntentRoute route : routes) {
            for (int i = 0; i < route.examples().size(); i++) {
                String place = "example " + (i + 1) + " of the route '" + route.intent() + "'";
                String key = Texts.normalise(route.examples().get(i));
                String other = seen.putIfAbsent(key, place);
                if (other != null && !other.endsWith(" of the route '" + route.intent() + "'")) {
                    throw new IllegalArgumentException(place + " is the same as " + other
                            + " but for capitals, white space or punctuation; keep it in one of them");
                }
            }
        }
    }

    private Optional<Calibrated> calibrate(@Nullable IntentRouter before) {
        List<String> intents = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        for (IntentRoute route : routes) {
            if (!route.examples().isEmpty()) {
                for (String example : route.examples()) {
                    texts.add(example);
                    positions.add(intents.size());
                }
                intents.add(route.intent());
            }
        }
        if (texts.isEmpty()) {
            return Optional.empty();
        }
        List<String> outside = settings.outside;
        float[][] vectors = vectors(texts, outside, before);
        float[] flat = new float[texts.size() * embedder.dimension()];
        for (int i = 0; i < texts.size(); i++) {
            System.arraycopy(vectors[i], 0, flat, i * embedder.dimension(), embedder.dimension());
        }
        ExampleTable table = new ExampleTable(
                texts,
                positions.stream().mapToInt(Integer::intValue).toArray(),
                flat,
                embedder.dimension(),
                intents.size());
        requireLabels(intents);
        Map<String, float[]> strange = new LinkedHashMap<>();
        for (int i = 0; i < outside.size(); i++) {
            strange.put(outside.get(i), vectors[texts.size() + i]);
        }
        return Optional.of(new Calibrator(intents, table, settings.headTrainer, settings.falseRefusals)
                .calibrate(Optional.ofNullable(settings.head), strange, settings.seed));
    }

    private void requireLabels(List<String> intents) {
        if (settings.head != null) {
            Set<String> missing = new LinkedHashSet<>(intents);
            settings.head.labels().forEach(missing::remove);
            if (!missing.isEmpty()) {
                throw new IllegalArgumentException(
                        "the head does not know the intents " + missing + "; train it on the intents of the routes");
            }
        }
    }

    /** Embeds what the router before has not embedded with the same model. */
    private float[][] vectors(List<String> texts, List<String> outside, @Nullable IntentRouter before) {
        Map<String, float[]> known = new HashMap<>();
        if (before != null && before.calibrated.isPresent() && before.embedder.equals(embedder)) {
            ExampleTable table = before.calibrated.get().table();
            for (int row = 0; row < table.size(); row++) {
                known.put(table.text(row), table.vector(row));
            }
            known.putAll(before.calibrated.get().outside());
        }
        List<String> all = new ArrayList<>(texts);
        all.addAll(outside);
        List<String> unknown =
                all.stream().filter(text -> !known.containsKey(text)).distinct().toList();
        List<float[]> embedded = embedder.embedAll(unknown);
        for (int i = 0; i < unknown.size(); i++) {
            known.put(unknown.get(i), embedded.get(i));
        }
        return all.stream().map(text -> Objects.requireNonNull(known.get(text))).toArray(float[][]::new);
    }

    private Map<String, Object> toCanonical() {
        Map<String, Object> configuration = new TreeMap<>();
        configuration.put(
                "embeddings",
                Map.of(
                        "name", embedder.name(),
                        "dimension", embedder.dimension(),
                        "maxCharacters", embedder.most()));
        configuration.put(
                "routes", routes.stream().map(IntentRoute::toCanonical).toList());
        configuration.put(
                "head",
                calibrated
                        .flatMap(Calibrated::head)
                        .map(head -> Map.of(
                                "classifier",
                                head.identity().toCanonical(),
                                "trainedAlong",
                                settings.headTrainer != null))
                        .orElseGet(Map::of));
        configuration.put(
                "outOfScopeExamples", Hash.ofCanonicalJson(settings.outside).hex());
        configuration.put("outOfScope", Targets.toCanonical(settings.outOfScope));
        configuration.put("falseRefusals", settings.falseRefusals);
        configuration.put("clarifyWithin", settings.clarifyWithin);
        configuration.put("clarification", settings.clarification);
        configuration.put("severalIntents", settings.severalIntents);
        configuration.put(
                "lastResort",
                lastResort
                        .map(model -> Map.of("name", model.name(), "version", LastResort.VERSION))
                        .orElseGet(Map::of));
        configuration.put("timeoutMillis", settings.timeout.toMillis());
        configuration.put(
                "whenUnavailable",
                settings.unavailable == null ? List.of() : Targets.toCanonical(settings.unavailable));
        configuration.put("seed", Long.toString(settings.seed));
        return configuration;
    }

    /**
     * {@inheritDoc}
     *
     * @throws LifecycleException when embedding fails or is too slow, and there is no route for that
     */
    @Override
    public Route route(Question question) {
        return decide(question).route();
    }

    /**
     * Routes a question and says why.
     *
     * @param question the question
     * @return the decision
     * @throws LifecycleException when embedding fails or is too slow, and there is no route for that
     */
    public RoutingDecision decide(Question question) {
        Optional<RoutedIntent> certain = byRules(question);
        String text = embedded(question.text());
        List<String> parts = settings.severalIntents ? Clauses.split(text, PARTS) : List.of();
        if ((certain.isPresent() && parts.isEmpty()) || calibrated.isEmpty() || text.isEmpty()) {
            RoutedIntent whole = certain.orElseGet(() -> RoutedIntent.nowhere(
                    question.text(),
                    settings.outOfScope,
                    RoutingLayer.SCOPE,
                    "no rule fits and there is nothing to compare"));
            return new RoutingDecision(whole, List.of(whole), identity);
        }
        try {
            return byExamples(question, certain, parts, calibrated.get());
        } catch (LifecycleException e) {
            if (certain.isPresent()) {
                return new RoutingDecision(certain.get(), List.of(certain.get()), identity);
            }
            if (settings.unavailable == null) {
                throw e;
            }
            log.warn("Routing a question by examples failed; it takes the route for that", e);
            RoutedIntent whole = RoutedIntent.nowhere(
                    question.text(),
                    settings.unavailable,
                    RoutingLayer.UNAVAILABLE,
                    "the question could not be embedded");
            return new RoutingDecision(whole, List.of(whole), identity);
        }
    }

    private RoutingDecision byExamples(
            Question question, Optional<RoutedIntent> certain, List<String> parts, Calibrated examples) {
        List<String> texts = new ArrayList<>(List.of(embedded(question.text())));
        texts.addAll(parts);
        List<float[]> vectors = embedder.embed(texts, question.deadline(), calls);
        Optional<List<Classification>> heads = examples.head()
                .map(head -> calls.call(
                        "Classifying a question by the head of a router",
                        question.deadline(),
                        () -> head.predictAll(texts)));
        List<RoutedIntent> intents = new ArrayList<>();
        for (int i = 1; i < texts.size(); i++) {
            Question part = question.withText(texts.get(i));
            int position = i;
            RoutedIntent routed = byRules(part)
                    .orElseGet(() -> sure(
                            part.text(),
                            examples.judge(vectors.get(position), heads.map(all -> all.get(position))),
                            examples));
            String intent = routed.intent().orElse("");
            if (!intent.isEmpty()
                    && intents.stream().noneMatch(each -> each.intent().equals(routed.intent()))) {
                intents.add(routed);
            }
        }
        RoutedIntent whole = certain.orElseGet(() -> settle(
                sure(question.text(), examples.judge(vectors.get(0), heads.map(all -> all.get(0))), examples),
                question.deadline()));
        return new RoutingDecision(whole, intents.size() < 2 ? List.of(whole) : intents, identity);
    }

    private String embedded(String text) {
        // Cut where the text begins, so that white space in front cannot hide it.
        return Texts.bounded(text.strip().trim(), settings.maxCharacters);
    }

    private Optional<RoutedIntent> byRules(Question question) {
        String text = question.text();
        for (IntentRoute route : routes) {
            Optional<String> condition = route.condition(question);
            if (condition.isPresent()) {
                return Optional.of(RoutedIntent.certain(
                        text, route, RoutingLayer.CONDITION, "the condition '" + condition.get() + "' holds"));
            }
        }
        String intent = phrases.isEmpty() ? null : phrases.get(Texts.normalise(text));
        if (intent != null) {
            return Optional.of(RoutedIntent.certain(
                    text,
                    Objects.requireNonNull(byIntent.get(intent)),
                    RoutingLayer.PHRASE,
                    "the question is a phrase of the route"));
        }
        for (IntentRoute route : routes) {
            Optional<String> pattern = route.pattern(text);
            if (pattern.isPresent()) {
                return Optional.of(RoutedIntent.certain(
                        text, route, RoutingLayer.PATTERN, "the pattern '" + pattern.get() + "' is found"));
            }
        }
        return Optional.empty();
    }

    /** Decides by examples alone. */
    private RoutedIntent sure(String text, Calibrated.Judgement judged, Calibrated examples) {
        List<LabelProbability> ranking = ranking(judged.probabilities(), examples.intents());
        double margin = ranking.get(0).probability()
                - (ranking.size() > 1 ? ranking.get(1).probability() : 0);
        RoutedIntent said = new RoutedIntent(
                text,
                Optional.empty(),
                settings.outOfScope,
                RoutingLayer.SCOPE,
                "",
                ranking.subList(0, Math.min(RANKED, ranking.size())),
                margin,
                ranking.stream()
                        .filter(each -> examples.labels().covers(1 - each.probability()))
                        .map(LabelProbability::label)
                        .toList(),
                nearest(judged.evidence(), examples),
                judged.strangeness(),
                examples.scope().value());
        if (!examples.scope().covers(judged.strangeness())) {
            return said.decided(
                    Optional.empty(),
                    settings.outOfScope,
                    RoutingLayer.SCOPE,
                    "the question is stranger than all but a share of " + settings.falseRefusals + " of the examples");
        }
        return withinScope(said, ranking);
    }

    private RoutedIntent withinScope(RoutedIntent said, List<LabelProbability> ranking) {
        String first = ranking.get(0).label();
        String second = ranking.size() == 1 ? first : ranking.get(1).label();
        boolean close = !first.equals(second) && said.margin() < settings.clarifyWithin;
        if (close || ranking.get(0).probability() < GROUP_PROBABILITY) {
            for (String group = Groups.parent(first); !group.isEmpty(); group = Groups.parent(group)) {
                IntentRoute target = byIntent.get(group);
                if (target != null
                        && (!close || Groups.contains(group, second))
                        && probability(group, ranking) >= GROUP_PROBABILITY) {
                    return said.decided(
                            Optional.of(group),
                            target.target(),
                            RoutingLayer.EXAMPLES,
                            "its intents cannot be told apart, but their group can");
                }
            }
        }
        if (!close) {
            return said.decided(
                    Optional.of(first), route(first).target(), RoutingLayer.EXAMPLES, "the most probable intent");
        }
        String asked = settings.clarification
                .replace("{first}", route(first).title())
                .replace("{second}", route(second).title());
        return said.decided(
                Optional.empty(),
                new Route.Clarify(asked),
                RoutingLayer.EXAMPLES,
                "two intents are within a margin of " + settings.clarifyWithin);
    }

    private IntentRoute route(String intent) {
        return Objects.requireNonNull(byIntent.get(intent));
    }

    private static double probability(String group, List<LabelProbability> ranking) {
        return ranking.stream()
                .filter(each -> Groups.contains(group, each.label()))
                .mapToDouble(LabelProbability::probability)
                .sum();
    }

    private static List<LabelProbability> ranking(double[] probabilities, List<String> intents) {
        return IntStream.range(0, probabilities.length)
                .mapToObj(i -> new LabelProbability(intents.get(i), Math.min(1, probabilities[i])))
                .sorted(Comparator.comparingDouble(LabelProbability::probability)
                        .reversed()
                        .thenComparing(LabelProbability::label))
                .toList();
    }

    private static List<NearestExample> nearest(Evidence evidence, Calibrated examples) {
        List<NearestExample> nearest = new ArrayList<>();
        for (int i = 0; i < evidence.rows().length; i++) {
            int row = evidence.rows()[i];
            nearest.add(new NearestExample(
                    examples.table().text(row),
                    examples.intents().get(examples.table().intent(row)),
                    evidence.similarities()[i]));
        }
        return nearest;
    }

    /** Asks the model where the examples are unsure. */
    private RoutedIntent settle(RoutedIntent said, Optional<Instant> deadline) {
        if (lastResort.isEmpty() || said.intent().isPresent()) {
            return said;
        }
        List<IntentRoute> candidates = said.ranking().stream()
                .limit(CANDIDATES)
                .map(each -> route(each.label()))
                .toList();
        OptionalInt chosen;
        try {
            chosen = lastResort.get().ask(said.text(), candidates, deadline, calls);
        } catch (LifecycleException e) {
            log.warn("The model of the last resort failed; the examples decide", e);
            return said.decided(
                    said.intent(), said.route(), said.layer(), said.reason() + "; the model could not be asked");
        }
        if (chosen.isEmpty()) {
            return said.decided(
                    said.intent(), said.route(), said.layer(), said.reason() + "; the model answered no intent");
        }
        if (chosen.getAsInt() < 0) {
            return said.decided(
                    Optional.empty(), settings.outOfScope, RoutingLayer.MODEL, "the model says that no intent fits");
        }
        IntentRoute route = candidates.get(chosen.getAsInt());
        return said.decided(
                Optional.of(route.intent()), route.target(), RoutingLayer.MODEL, "the model chose among the likeliest");
    }

    @Override
    public List<Route> routes() {
        List<Route> targets =
                new ArrayList<>(routes.stream().map(IntentRoute::target).toList());
        targets.add(settings.outOfScope);
        if (settings.unavailable != null) {
            targets.add(settings.unavailable);
        }
        return targets.stream().distinct().toList();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /**
     * Returns the names of the intents, groups with a route of their own included.
     *
     * @return the names in their natural order
     */
    public List<String> intents() {
        return List.copyOf(byIntent.keySet());
    }

    /** Tells whether there is such an intent or a group of intents. */
    boolean knows(String intent) {
        return byIntent.keySet().stream().anyMatch(each -> Groups.contains(intent, each));
    }

    /**
     * Says what is wrong with the routes: intents that are taken for each other, and routes with few examples. An
     * example that stands in two routes is refused when the router is built.
     *
     * @return the findings, from at most 3,000 examples
     */
    public RoutingAudit audit() {
        return calibrated
                .map(each -> Auditor.audit(routes, each.intents(), each.outcomes()))
                .orElseGet(() -> new RoutingAudit(0, 0, List.of(), List.of()));
    }

    /**
     * Groups questions that found no route, such as those of the last week, with a least similarity of 0.55 and groups
     * of at least 3.
     *
     * @param outOfScope the questions, at most 3,000; equal ones count once
     * @return proposals for new intents, largest first
     * @throws IllegalArgumentException when there are more
     * @throws IllegalStateException when the router has no examples to compare them with
     * @throws LifecycleException when embedding fails
     */
    public List<NewIntent> discover(List<String> outOfScope) {
        return discover(outOfScope, 0.55, 3);
    }

    /**
     * Groups questions that found no route. Equal questions give equal groups.
     *
     * @param outOfScope the questions, at most 3,000; equal and blank ones are left out
     * @param least the mean cosine of two questions in different groups below which those are not joined, in (0, 1)
     * @param smallest how many questions a group must have, at least 2
     * @return proposals for new intents, largest first
     * @throws IllegalArgumentException when there are more, or a number is out of its range
     * @throws IllegalStateException when the router has no examples to compare them with
     * @throws LifecycleException when embedding fails
     */
    public List<NewIntent> discover(List<String> outOfScope, double least, int smallest) {
        List<String> texts = outOfScope.stream()
                .filter(text -> !Texts.isEmpty(text))
                .distinct()
                .toList();
        if (texts.size() > MOST_DISCOVERED) {
            throw new IllegalArgumentException("discovering intents compares all questions with each other and takes at"
                    + " most " + MOST_DISCOVERED + " but got " + texts.size() + "; give a sample");
        }
        if (!(least > 0 && least < 1) || smallest < 2) {
            throw new IllegalArgumentException("discovering intents needs a similarity in (0, 1) and groups of at least"
                    + " 2 but got " + least + " and " + smallest);
        }
        Calibrated examples = calibrated.orElseThrow(() -> new IllegalStateException(
                "discovering intents compares questions with examples, and no route has any; add examples"));
        List<float[]> vectors = embedder.embedAll(texts);
        Map<String, Integer> documents = new HashMap<>();
        List<String> known = routes.stream()
                .flatMap(route -> route.examples().stream())
                .limit(MOST_DISCOVERED)
                .toList();
        Discovery.count(known, documents);
        Discovery.count(texts, documents);
        return Discovery.groups(vectors, least).stream()
                .filter(group -> group.length >= smallest)
                .map(group ->
                        Discovery.describe(group, texts, vectors, documents, known.size() + texts.size(), examples))
                .sorted(Comparator.comparingInt(NewIntent::size)
                        .reversed()
                        .thenComparing(NewIntent::name)
                        .thenComparing(each -> each.questions().get(0)))
                .toList();
    }

    /**
     * Returns this router as one of LangChain4j. A query goes to the retrievers of its intent, or of the nearest group
     * that has any; of each of its intents, where it has several; of both intents, where this router would ask back;
     * and to none where it is out of scope.
     *
     * @param retrievers by intent or group of intents
     * @return the query router
     * @throws IllegalArgumentException when there is an intent that this router does not know
     */
    public QueryRouter asQueryRouter(Map<String, ? extends Collection<ContentRetriever>> retrievers) {
        return new IntentQueryRouter(() -> this, retrievers);
    }

    /**
     * Returns a router with other routes and otherwise the same settings; examples that this one has are not embedded
     * again.
     *
     * @param routes all routes of the other
     * @return another router, with another identity unless the routes are the same
     * @throws IllegalArgumentException when the routes are refused, as by {@link Builder#build()}
     * @throws LifecycleException when embedding fails
     */
    public IntentRouter withRoutes(List<IntentRoute> routes) {
        return with(settings -> {
            settings.routes.clear();
            routes.forEach(settings::route);
            return settings;
        });
    }

    /**
     * Returns a router with another embedding model of the same dimension and otherwise the same settings; every
     * example is embedded again.
     *
     * @param model the other model
     * @param name its name
     * @return another router
     * @throws IllegalArgumentException when its vectors have another dimension
     * @throws LifecycleException when embedding fails
     */
    public IntentRouter withModel(EmbeddingModel model, String name) {
        int dimension = model.dimension();
        if (dimension != embedder.dimension()) {
            throw new IllegalArgumentException("the router was built with the embedding model '" + embedder.name()
                    + "' of " + embedder.dimension() + " dimensions and cannot go on with '" + name + "' of "
                    + dimension + "; build a router of its own for that model");
        }
        return with(settings -> settings.model(model).modelName(name));
    }

    private IntentRouter with(UnaryOperator<Builder> change) {
        return new IntentRouter(change.apply(settings.copy()), this);
    }

    /**
     * Builds an {@link IntentRouter}.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private static final String NO_NAME = "unknown";

        private EmbeddingModel model;
        private Map<String, IntentRoute> routes = new LinkedHashMap<>();
        private @Nullable String modelName;
        private @Nullable TextClassifier head;
        private @Nullable HeadTrainer headTrainer;
        private List<String> outside = List.of();
        private Route outOfScope = new Route.OutOfScope("I cannot help with that.");
        private double falseRefusals = 0.05;
        private double clarifyWithin = 0.1;
        private String clarification = "Do you mean {first} or {second}?";
        private @Nullable LastResort lastResort;
        private boolean severalIntents;
        private @Nullable Executor executor;
        private Duration timeout = Duration.ofSeconds(5);
        private Clock clock = Clock.systemUTC();
        private @Nullable Route unavailable;
        private int maxCharacters = 2_000;
        private long seed = 42;

        private Builder(EmbeddingModel model) {
            this.model = Objects.requireNonNull(model, "model");
        }

        private Builder copy() {
            Builder copy = new Builder(model);
            copy.routes = new LinkedHashMap<>(routes);
            copy.modelName = modelName;
            copy.head = head;
            copy.headTrainer = headTrainer;
            copy.outside = outside;
            copy.outOfScope = outOfScope;
            copy.falseRefusals = falseRefusals;
            copy.clarifyWithin = clarifyWithin;
            copy.clarification = clarification;
            copy.lastResort = lastResort;
            copy.severalIntents = severalIntents;
            copy.executor = executor;
            copy.timeout = timeout;
            copy.clock = clock;
            copy.unavailable = unavailable;
            copy.maxCharacters = maxCharacters;
            copy.seed = seed;
            return copy;
        }

        private Builder model(EmbeddingModel model) {
            this.model = model;
            return this;
        }

        private String requireModelName() {
            String name = modelName == null ? model.modelName() : modelName;
            if (name == null || name.isBlank() || name.equals(NO_NAME)) {
                throw new IllegalArgumentException(
                        "the embedding model of a router does not say its name, which belongs"
                                + " into the router's identity; give it with modelName(...)");
            }
            return name;
        }

        /**
         * Adds a route. At least one is needed.
         *
         * @param route the route
         * @return this builder
         * @throws IllegalArgumentException when there is one for that intent already
         */
        public Builder route(IntentRoute route) {
            if (routes.putIfAbsent(route.intent(), route) != null) {
                throw new IllegalArgumentException(
                        "there are two routes for the intent '" + route.intent() + "'; make them one");
            }
            return this;
        }

        /**
         * Names the embedding model, for the identity. Default: what the model says of itself.
         *
         * @param name the name, another for other vectors
         * @return this builder
         */
        public Builder modelName(String name) {
            this.modelName = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets a head that is trained along: on each part of the examples in turn, so that its weight and the
         * thresholds rest on texts that it had not seen. It takes six trainings, and again at each reload. A head that
         * embeds the question does so beside the router. Default: none.
         *
         * @param trainer trains it
         * @return this builder
         */
        public Builder head(HeadTrainer trainer) {
            this.headTrainer = Objects.requireNonNull(trainer, "trainer");
            this.head = null;
            return this;
        }

        /**
         * Sets a head that was trained before. It may know the examples by heart, so it counts half, and has no say in
         * what is out of scope. Default: none.
         *
         * @param classifier knows every intent that has examples
         * @return this builder
         */
        public Builder head(TextClassifier classifier) {
            this.head = Objects.requireNonNull(classifier, "classifier");
            this.headTrainer = null;
            return this;
        }

        /**
         * Sets questions that are out of scope, from which is learned how such look. Default: none.
         *
         * @param questions at least 20, or none; none blank
         * @return this builder
         * @throws IllegalArgumentException when they are too few or one is blank
         */
        public Builder outOfScopeExamples(List<String> questions) {
            List<String> distinct = questions.stream().distinct().toList();
            if ((!distinct.isEmpty() && distinct.size() < FEWEST_OUTSIDE)
                    || distinct.stream().anyMatch(Texts::isEmpty)) {
                throw new IllegalArgumentException("out-of-scope examples must be " + FEWEST_OUTSIDE
                        + " different ones at least, or none, and not blank, but there are " + distinct.size()
                        + "; collect more or leave them out");
            }
            this.outside = distinct;
            return this;
        }

        /**
         * Sets where questions go that are out of scope. Default: {@code OutOfScope} with "I cannot help with that."
         *
         * @param route the route
         * @return this builder
         */
        public Builder outOfScope(Route route) {
            this.outOfScope = Objects.requireNonNull(route, "route");
            return this;
        }

        /**
         * Sets which share of questions like the examples may be taken for out of scope by mistake. With fewer than
         * {@code 1 / share} examples nothing is refused. Default: 0.05.
         *
         * @param share in (0, 0.5]
         * @return this builder
         * @throws IllegalArgumentException when it is out of its range
         */
        public Builder falseRefusals(double share) {
            if (!(share > 0 && share <= 0.5)) {
                throw new IllegalArgumentException(
                        "the share of false refusals must be in (0, 0.5] but was " + share + "; 0.05 is usual");
            }
            this.falseRefusals = share;
            return this;
        }

        /**
         * Sets how near the second probability may come to the first before the user is asked. Default: 0.1.
         *
         * @param margin in [0, 1); 0 asks never
         * @return this builder
         * @throws IllegalArgumentException when it is out of its range
         */
        public Builder clarifyWithin(double margin) {
            if (!(margin >= 0 && margin < 1)) {
                throw new IllegalArgumentException("a margin must be in [0, 1) but was " + margin + "; 0.1 is usual");
            }
            this.clarifyWithin = margin;
            return this;
        }

        /**
         * Sets what the user is asked. Default: "Do you mean {first} or {second}?"
         *
         * @param text with {@code {first}} and {@code {second}} for the titles of the two routes
         * @return this builder
         * @throws IllegalArgumentException when one of them is missing
         */
        public Builder clarification(String text) {
            if (!text.contains("{first}") || !text.contains("{second}")) {
                throw new IllegalArgumentException("the clarification '" + text
                        + "' does not name both intents; write {first} and {second} into it");
            }
            this.clarification = text;
            return this;
        }

        /**
         * Sets a chat model that is asked when a question would be out of scope or asked back. It chooses among the ten
         * likeliest intents; when it fails, is too slow or answers anything else, the examples decide. Default: none.
         *
         * @param model the model, with a low temperature
         * @param name its name, for the identity
         * @return this builder
         */
        public Builder lastResort(ChatModel model, String name) {
            this.lastResort =
                    new LastResort(Objects.requireNonNull(model, "model"), Objects.requireNonNull(name, "name"));
            return this;
        }

        /**
         * Also routes the sentences of a question, and what stands on both sides of a conjunction, each by itself: up
         * to four parts, embedded in one call with the question. Default: false.
         *
         * @param several whether {@link RoutingDecision#intents()} may have several
         * @return this builder
         */
        public Builder severalIntents(boolean several) {
            this.severalIntents = several;
            return this;
        }

        /**
         * Sets what calls the models, so that one that hangs is not waited for; it holds a thread until it heeds its
         * interruption. Default: none, and the calling thread calls and waits.
         *
         * @param executor with a thread for each question at once
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets how long a call of a model is waited for, if the deadline of the question is not sooner; it takes an
         * executor. Default: 5 seconds.
         *
         * @param timeout from 1 millisecond to 1 day
         * @return this builder
         * @throws IllegalArgumentException when it is out of its range
         */
        public Builder timeout(Duration timeout) {
            if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(
                        "the timeout of a router must be from 1 millisecond to 1 day but was " + timeout);
            }
            this.timeout = timeout;
            return this;
        }

        /**
         * Sets the clock that deadlines are compared with. Default: the system's.
         *
         * @param clock tells the time
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets where questions go when the embedding model fails or is too slow. Default: nowhere, the failure is
         * thrown.
         *
         * @param route the route
         * @return this builder
         */
        public Builder whenUnavailable(Route route) {
            this.unavailable = Objects.requireNonNull(route, "route");
            return this;
        }

        /**
         * Sets how much of a question is embedded, from its beginning; rules see all of it. Default: 2,000.
         *
         * @param characters at least 1
         * @return this builder
         * @throws IllegalArgumentException when it is less
         */
        public Builder maxCharacters(int characters) {
            if (characters < 1) {
                throw new IllegalArgumentException("maxCharacters must be at least 1 but was " + characters);
            }
            this.maxCharacters = characters;
            return this;
        }

        /**
         * Sets the seed of what is drawn for calibration. Default: 42.
         *
         * @param seed any number
         * @return this builder
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Builds the router: embeds the examples and calibrates on them.
         *
         * @return the router
         * @throws IllegalArgumentException when there is no route, one has neither examples nor rules nor intents under
         *     it, two have the same example or phrase, the head does not know an intent, or the embedding model has no
         *     name
         * @throws LifecycleException when embedding fails
         */
        public IntentRouter build() {
            return new IntentRouter(copy(), null);
        }
    }
}
