package dev.llmlifecycle.retrieval.routing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.rag.query.router.QueryRouter;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.classify.Classification;
import dev.llmlifecycle.api.classify.Explanation;
import dev.llmlifecycle.api.classify.LabelProbability;
import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class IntentRouterTest {

    private final WordModel model = new WordModel();
    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        executor.shutdownNow();
    }

    private static RoutedIntent ask(IntentRouter router, String text) {
        return router.decide(Question.of(text)).whole();
    }

    @Nested
    final class Rules {

        private final IntentRouter router = Shop.router(model)
                .route(IntentRoute.builder("vip", new Route.ToModel("strong"))
                        .whenAttribute("plan", "gold")
                        .whenTenant("acme")
                        .whenLocale(Locale.FRENCH)
                        .when("has a user", question -> question.user().isPresent())
                        .build())
                .route(IntentRoute.builder("person", new Route.HandOver("support", "One moment."))
                        .phrases("Talk to a human!", "人と話したい")
                        .pattern("(?i)\\bcomplain")
                        .build())
                .build();

        @Test
        @DisplayName("A condition on the question decides before all else, without embedding it")
        void condition() {
            int before = model.embedded.size();
            for (Question question : List.of(
                    Question.builder("talk to a human")
                            .attribute("plan", "gold")
                            .build(),
                    Question.builder("talk to a human").tenant("acme").build(),
                    Question.builder("talk to a human")
                            .locale(Locale.CANADA_FRENCH)
                            .build(),
                    Question.builder("talk to a human").user("u1").build())) {
                RoutingDecision decision = router.decide(question);
                assertThat(decision.route()).isEqualTo(new Route.ToModel("strong"));
                assertThat(decision.whole().layer()).isEqualTo(RoutingLayer.CONDITION);
                assertThat(decision.whole().probability()).isEqualTo(1);
            }
            assertThat(model.embedded).hasSize(before);
        }

        @Test
        void phraseInAnyCapitalsAndScript() {
            assertThat(ask(router, "  talk TO a　human ").layer()).isEqualTo(RoutingLayer.PHRASE);
            assertThat(ask(router, "人と話したい。").intent()).contains("person");
        }

        @Test
        void pattern() {
            RoutedIntent said = ask(router, "I want to COMPLAIN about this");
            assertThat(said.layer()).isEqualTo(RoutingLayer.PATTERN);
            assertThat(said.reason()).isEqualTo("the pattern '(?i)\\bcomplain' is found");
        }

        @Test
        void withoutExamplesTheRestIsOutOfScope() {
            IntentRouter rules = IntentRouter.builder(model)
                    .route(IntentRoute.builder("hi", new Route.Canned("Hello!"))
                            .phrases("hi")
                            .build())
                    .build();
            assertThat(rules.route(Question.of("Hi!"))).isEqualTo(new Route.Canned("Hello!"));
            assertThat(rules.route(Question.of("what else")))
                    .isEqualTo(new Route.OutOfScope("I cannot help with that."));
            assertThat(rules.audit().judged()).isZero();
            assertThatIllegalStateException().isThrownBy(() -> rules.discover(List.of("a", "b")));
        }
    }

    @Nested
    final class Examples {

        @Test
        @DisplayName("The most probable intent decides, and the decision says why")
        void decides() {
            RoutedIntent said = ask(Shop.router(model).build(), "please track parcel");

            assertThat(said.route()).isEqualTo(Shop.PARCEL);
            assertThat(said.layer()).isEqualTo(RoutingLayer.EXAMPLES);
            assertThat(said.intent()).contains("parcel");
            assertThat(said.ranking())
                    .extracting(LabelProbability::label)
                    .first()
                    .isEqualTo("parcel");
            assertThat(said.ranking().stream()
                            .mapToDouble(LabelProbability::probability)
                            .sum())
                    .isCloseTo(1, within(1e-9));
            assertThat(said.margin()).isGreaterThan(0.5);
            assertThat(said.labelSet()).containsExactly("parcel");
            assertThat(said.nearest()).hasSize(5);
            assertThat(said.nearest().get(0).intent()).isEqualTo("parcel");
            assertThat(said.nearest()).isSortedAccordingTo((a, b) -> Double.compare(b.similarity(), a.similarity()));
            assertThat(said.strangeness()).isLessThan(said.threshold());
        }

        @Test
        @DisplayName("What is strange is out of scope, and at most the stated share of the examples is")
        void outOfScope() {
            IntentRouter router = Shop.router(model)
                    .outOfScope(new Route.OutOfScope("Only the shop."))
                    .build();
            RoutedIntent said = ask(router, "quantum chromodynamics lattice");
            assertThat(said.route()).isEqualTo(new Route.OutOfScope("Only the shop."));
            assertThat(said.layer()).isEqualTo(RoutingLayer.SCOPE);
            assertThat(said.strangeness()).isGreaterThan(said.threshold());
            assertThat(Shop.strange()).allMatch(text -> ask(router, text).layer() == RoutingLayer.SCOPE);
        }

        @Test
        void learnsFromOutOfScopeExamples() {
            IntentRouter router = Shop.router(model)
                    .outOfScopeExamples(Shop.strange().subList(0, 20))
                    .build();
            assertThat(Shop.strange().subList(20, 40))
                    .allMatch(text -> ask(router, text).layer() == RoutingLayer.SCOPE);
            assertThat(ask(router, "hello find invoice").route()).isEqualTo(Shop.INVOICE);
        }

        @Test
        @DisplayName("Two intents within the margin are asked back")
        void clarifies() {
            IntentRouter router = Shop.router(model)
                    .clarifyWithin(0.9999)
                    .clarification("{first}, or {second}?")
                    .build();
            RoutedIntent said = ask(router, "please parcel invoice");
            assertThat(said.intent()).isEmpty();
            assertThat(((Route.Clarify) said.route()).text())
                    .contains("an invoice")
                    .contains("a parcel");
        }

        @Test
        @DisplayName("Where the intents of a group cannot be told apart, its own route takes the question")
        void group() {
            IntentRouter router = Shop.router(model)
                    .route(IntentRoute.builder("billing", new Route.ToPrompt("billing"))
                            .build())
                    .clarifyWithin(0.9999)
                    .build();
            RoutedIntent said = ask(router, "please refund invoice");
            assertThat(said.intent()).contains("billing");
            assertThat(said.route()).isEqualTo(new Route.ToPrompt("billing"));
        }

        @Test
        void severalIntents() {
            IntentRouter router = Shop.router(model).severalIntents(true).build();
            int before = model.embedded.size();
            RoutingDecision decision = router.decide(
                    Question.of("please get refund and then track parcel delivery. Please send invoice copy"));
            assertThat(decision.intents())
                    .extracting(each -> each.intent().orElse(""))
                    .containsExactly("billing/refund", "parcel", "billing/invoice");
            assertThat(decision.intents().get(1).text()).isEqualTo("track parcel delivery.");
            assertThat(model.embedded).hasSize(before + 4);
            assertThat(router.decide(Question.of("please track parcel")).intents())
                    .hasSize(1);
        }

        @Test
        void agreesForASeedAndHasAnIdentityOfAllThatDecides() {
            IntentRouter router = Shop.router(model).build();
            assertThat(Shop.router(new WordModel()).build().identity()).isEqualTo(router.identity());
            assertThat(ask(Shop.router(new WordModel()).build(), "locate delivery"))
                    .isEqualTo(ask(router, "locate delivery"));
            assertThat(List.of(
                            Shop.router(model).seed(1),
                            Shop.router(model).falseRefusals(0.1),
                            Shop.router(model).clarifyWithin(0),
                            Shop.router(model).clarification("{first}{second}"),
                            Shop.router(model).modelName("other"),
                            Shop.router(model).maxCharacters(10),
                            Shop.router(model).severalIntents(true),
                            Shop.router(model).timeout(Duration.ofSeconds(1)),
                            Shop.router(model).whenUnavailable(new Route.Main()),
                            Shop.router(model).outOfScope(new Route.Canned("no")),
                            Shop.router(model).outOfScopeExamples(Shop.strange()),
                            Shop.router(model).lastResort(chat("1"), "m"),
                            Shop.router(model).head(new SignHead()),
                            Shop.router(model).head(examples -> new SignHead()),
                            Shop.router(model)
                                    .route(IntentRoute.builder("x", new Route.Main())
                                            .phrases("x")
                                            .build())))
                    .extracting(each -> each.build().identity())
                    .doesNotHaveDuplicates()
                    .doesNotContain(router.identity());
        }

        @Test
        void namesTheRoutesItLeadsTo() {
            assertThat(Shop.router(model)
                            .whenUnavailable(new Route.Main())
                            .build()
                            .routes())
                    .containsExactly(
                            Shop.REFUND,
                            Shop.INVOICE,
                            Shop.PARCEL,
                            new Route.OutOfScope("I cannot help with that."),
                            new Route.Main());
        }

        @Test
        void oneRouteOfFewExamplesRefusesNothing() {
            IntentRouter router = IntentRouter.builder(model)
                    .route(IntentRoute.builder("only", new Route.Main())
                            .examples("where is it", "when does it come")
                            .build())
                    .build();
            assertThat(ask(router, "anything else").threshold()).isInfinite();
            assertThat(ask(router, "anything else").intent()).contains("only");
        }
    }

    @Nested
    final class Heads {

        @Test
        @DisplayName("A head that is trained along is trained on each part of the examples, and then on all")
        void trainedAlong() {
            List<Integer> sizes = new ArrayList<>();
            IntentRouter router = Shop.router(model)
                    .head(examples -> {
                        sizes.add(
                                examples.values().stream().mapToInt(List::size).sum());
                        return new SignHead();
                    })
                    .build();
            assertThat(sizes).hasSize(6);
            assertThat(sizes.subList(0, 5)).allMatch(size -> size < 72);
            assertThat(sizes.subList(0, 5).stream().mapToInt(Integer::intValue).sum())
                    .isEqualTo(4 * 72);
            assertThat(sizes.get(5)).isEqualTo(72);
            assertThat(ask(router, "please get refund").route()).isEqualTo(Shop.REFUND);
        }

        @Test
        void givenHeadCountsHalfAndHasNoSayInScope() {
            IntentRouter without = Shop.router(model).build();
            IntentRouter with = Shop.router(model).head(new SignHead()).build();
            String text = "please money delivery";
            assertThat(ask(with, text).strangeness())
                    .isEqualTo(ask(without, text).strangeness());
            assertThat(ask(with, text).ranking())
                    .isNotEqualTo(ask(without, text).ranking());
        }

        @Test
        @DisplayName("A head that throws or hangs is a failure that is named")
        void brokenHead() {
            CountDownLatch never = new CountDownLatch(1);
            IntentRouter hanging = Shop.router(model)
                    .head(new SignHead(() -> await(never)))
                    .executor(executor)
                    .timeout(Duration.ofMillis(200))
                    .build();
            assertThatThrownBy(() -> ask(hanging, "track parcel"))
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageStartingWith(
                            "Classifying a question by the head of a router was not done within 200 ms");
            IntentRouter throwing = Shop.router(model)
                    .head(new SignHead(() -> {
                        throw new IllegalStateException("broken");
                    }))
                    .whenUnavailable(new Route.Main())
                    .build();
            assertThat(ask(throwing, "track parcel").layer()).isEqualTo(RoutingLayer.UNAVAILABLE);
        }

        @Test
        void headMustKnowTheIntents() {
            IntentRouter.Builder builder = Shop.router(model)
                    .head(new SignHead())
                    .route(IntentRoute.builder("new", new Route.Main())
                            .examples("brand new")
                            .build());
            assertThatIllegalArgumentException()
                    .isThrownBy(builder::build)
                    .withMessage("the head does not know the intents [new]; train it on the intents of the routes");
        }
    }

    @Nested
    final class Model {

        private final List<ChatRequest> asked = new ArrayList<>();

        private IntentRouter router(String answer) {
            return Shop.router(model)
                    .lastResort(
                            new ChatModel() {
                                @Override
                                public ChatResponse doChat(ChatRequest request) {
                                    asked.add(request);
                                    return ChatResponse.builder()
                                            .aiMessage(AiMessage.from(answer))
                                            .build();
                                }
                            },
                            "judge")
                    .build();
        }

        @Test
        @DisplayName("The model is asked only where the examples are unsure")
        void askedLast() {
            IntentRouter router = router(" 2. ");
            assertThat(ask(router, "please get refund").layer()).isEqualTo(RoutingLayer.EXAMPLES);
            assertThat(asked).isEmpty();

            RoutedIntent said = ask(router, "quantum chromodynamics lattice");
            assertThat(said.layer()).isEqualTo(RoutingLayer.MODEL);
            assertThat(said.intent()).contains(said.ranking().get(1).label());
            assertThat(asked).hasSize(1);
            assertThat(asked.get(0).messages().toString()).contains("1. a ").contains("such as: ");
        }

        @Test
        void saysThatNoneFits() {
            RoutedIntent said = ask(router("0"), "quantum chromodynamics lattice");
            assertThat(said.layer()).isEqualTo(RoutingLayer.MODEL);
            assertThat(said.route()).isInstanceOf(Route.OutOfScope.class);
        }

        @Test
        void nonsenseLeavesTheExamplesToDecide() {
            for (String nonsense : List.of("99", "-1", "refund", "1 or 2", "", "1234567890123", "１")) {
                RoutedIntent said = ask(router(nonsense), "quantum chromodynamics lattice");
                assertThat(said.layer()).isEqualTo(RoutingLayer.SCOPE);
                assertThat(said.route()).isInstanceOf(Route.OutOfScope.class);
                assertThat(said.reason()).endsWith("; the model answered no intent");
            }
        }

        @Test
        void failureLeavesTheExamplesToDecide() {
            IntentRouter router = Shop.router(model)
                    .lastResort(
                            new ChatModel() {
                                @Override
                                public ChatResponse doChat(ChatRequest request) {
                                    throw new IllegalStateException("down");
                                }
                            },
                            "judge")
                    .build();
            assertThat(ask(router, "quantum chromodynamics lattice").reason())
                    .endsWith("; the model could not be asked");
        }

        @Test
        void hangingModelIsNotWaitedFor() {
            CountDownLatch never = new CountDownLatch(1);
            IntentRouter router = Shop.router(model)
                    .executor(executor)
                    .timeout(Duration.ofMillis(200))
                    .lastResort(
                            new ChatModel() {
                                @Override
                                public ChatResponse doChat(ChatRequest request) {
                                    await(never);
                                    throw new IllegalStateException("interrupted");
                                }
                            },
                            "judge")
                    .build();
            assertThat(ask(router, "quantum chromodynamics lattice").layer()).isEqualTo(RoutingLayer.SCOPE);
        }
    }

    @Nested
    final class Reload {

        @Test
        @DisplayName("A reload embeds what is new, changes the identity, and is seen by the next question")
        void embedsWhatIsNew() {
            ReloadableRouter place = new ReloadableRouter(
                    Shop.router(model).outOfScopeExamples(Shop.strange()).build());
            IntentRouter before = place.get();
            model.embedded.clear();
            IntentRoute hours = IntentRoute.builder("hours", new Route.Canned("9 to 5"))
                    .examples("opening hours", "when open")
                    .build();

            assertThat(place.reload(List.of(Shop.refund(), Shop.invoice(), hours)))
                    .isTrue();
            assertThat(model.embedded).containsExactly("opening hours", "when open");
            assertThat(place.get().identity()).isNotEqualTo(before.identity());
            assertThat(place.get().intents()).containsExactly("billing/invoice", "billing/refund", "hours");
            assertThat(ask(before, "locate parcel").intent()).contains("parcel");
            assertThat(place.reload(List.of(Shop.refund(), Shop.invoice(), hours)))
                    .isFalse();
        }

        @Test
        void failedReloadKeepsThePresentRouter() {
            ReloadableRouter place = new ReloadableRouter(Shop.router(model).build());
            IntentRouter before = place.get();
            assertThatIllegalArgumentException().isThrownBy(() -> place.reload(List.of()));
            assertThat(place.get()).isSameAs(before);
        }

        @Test
        void ofTwoReloadsTheOneThatBeganLastHolds() {
            ReloadableRouter place = new ReloadableRouter(Shop.router(model).build());
            boolean outer = place.exchange(router -> {
                assertThat(place.reload(List.of(Shop.refund(), Shop.parcel()))).isTrue();
                return router.withRoutes(List.of(Shop.invoice()));
            });
            assertThat(outer).isFalse();
            assertThat(place.get().intents()).containsExactly("billing/refund", "parcel");
        }

        @Test
        @DisplayName("An embedding model of another dimension is refused, naming both")
        void otherDimension() {
            IntentRouter router = Shop.router(model).build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> router.withModel(new WordModel(16, "small"), "small"))
                    .withMessage(
                            "the router was built with the embedding model 'words' of 128 dimensions and cannot go on"
                                    + " with 'small' of 16; build a router of its own for that model");
            WordModel same = new WordModel(128, "words-2");
            IntentRouter other = router.withModel(same, "words-2");
            assertThat(same.embedded).hasSize(72);
            assertThat(other.identity()).isNotEqualTo(router.identity());
        }
    }

    @Nested
    final class Audit {

        @Test
        @DisplayName("Intents that are taken for each other and thin routes are named")
        void confusions() {
            IntentRouter router = IntentRouter.builder(model)
                    .route(Shop.parcel())
                    .route(IntentRoute.builder("bill", Shop.INVOICE)
                            .examples(bills(0))
                            .build())
                    .route(IntentRoute.builder("bill-again", Shop.INVOICE)
                            .examples(bills(1))
                            .build())
                    .route(IntentRoute.builder("rare", new Route.Main())
                            .examples("opening hours", "when open")
                            .build())
                    .build();
            RoutingAudit audit = router.audit();
            assertThat(audit.judged()).isEqualTo(58);
            assertThat(audit.accuracy()).isBetween(0.3, 0.95);
            RoutingAudit.Confusion worst = audit.confusions().get(0);
            assertThat(worst.first()).isEqualTo("bill");
            assertThat(worst.second()).isEqualTo("bill-again");
            assertThat(worst.rate()).isEqualTo((worst.firstAsSecond() + worst.secondAsFirst()) / 32.0);
            assertThat(worst.interval().contains(worst.rate())).isTrue();
            assertThat(audit.thin()).containsExactly(new RoutingAudit.ThinRoute("rare", 2));
        }

        private List<String> bills(int from) {
            return IntStream.range(0, 16)
                    .mapToObj(i -> "see the bill number" + (2 * i + from))
                    .toList();
        }

        @Test
        @DisplayName("Questions that fell out of scope are grouped and named by their words")
        void discovers() {
            IntentRouter router = Shop.router(model).build();
            List<String> fell = new ArrayList<>(Shop.texts("gift voucher balance"));
            fell.addAll(Shop.texts("careers job vacancy").subList(0, 4));
            fell.add("quantum chromodynamics lattice");
            fell.add(" ");

            List<NewIntent> found = router.discover(fell);

            assertThat(found).extracting(NewIntent::size).containsExactly(8, 4);
            assertThat(found.get(0).name()).isEqualTo("balance-gift-voucher");
            assertThat(found.get(1).name()).contains("careers").contains("vacancy");
            assertThat(found.get(0).cohesion()).isGreaterThan(0.7);
            assertThat(router.discover(fell)).isEqualTo(found);
            assertThat(router.discover(List.of())).isEmpty();
        }

        @Test
        void discoveryIsBounded() {
            IntentRouter router = Shop.router(model).build();
            List<String> many =
                    IntStream.range(0, 3_001).mapToObj(Integer::toString).toList();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> router.discover(many))
                    .withMessageContaining("takes at most 3000 but got 3001");
            assertThatIllegalArgumentException().isThrownBy(() -> router.discover(List.of("a"), 1, 3));
            assertThatIllegalArgumentException().isThrownBy(() -> router.discover(List.of("a"), 0.5, 1));
        }
    }

    @Nested
    final class LangChain4j {

        private final ContentRetriever bills = query -> List.of();
        private final ContentRetriever parcels = query -> List.of();

        @Test
        @DisplayName("A query goes to the retrievers of its intent, its group, or of both intents in doubt")
        void queryRouter() {
            Map<String, List<ContentRetriever>> retrievers =
                    Map.of("billing", List.of(bills), "parcel", List.of(parcels));
            QueryRouter router = Shop.router(model).build().asQueryRouter(retrievers);
            assertThat(router.route(Query.from("please get refund"))).containsExactly(bills);
            assertThat(router.route(Query.from("track parcel"))).containsExactly(parcels);
            assertThat(router.route(Query.from("quantum chromodynamics lattice")))
                    .isEmpty();
            assertThat(Shop.router(model)
                            .clarifyWithin(0.9999)
                            .build()
                            .asQueryRouter(retrievers)
                            .route(Query.from("please parcel invoice")))
                    .containsExactlyInAnyOrder(bills, parcels);
            assertThat(Shop.router(model)
                            .severalIntents(true)
                            .build()
                            .asQueryRouter(retrievers)
                            .route(Query.from("please get refund. Hello track parcel delivery")))
                    .containsExactly(bills, parcels);
        }

        @Test
        void unknownIntentIsRefused() {
            IntentRouter router = Shop.router(model).build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> router.asQueryRouter(Map.of("shipping", List.of(parcels))))
                    .withMessage("there are retrievers for the intents [shipping] that the router does not know; name"
                            + " intents or groups of [billing/invoice, billing/refund, parcel]");
        }

        @Test
        void followsReloads() {
            ReloadableRouter place = new ReloadableRouter(Shop.router(model).build());
            QueryRouter router = place.asQueryRouter(Map.of("parcel", List.of(parcels)));
            place.reload(List.of(Shop.refund(), Shop.invoice()));
            assertThat(router.route(Query.from("track parcel"))).isEmpty();
        }
    }

    @Nested
    final class WrongInput {

        @Test
        void blankQuestionIsRefusedByTheQuestion() {
            assertThatIllegalArgumentException().isThrownBy(() -> Question.of(" "));
            assertThat(Shop.router(model)
                            .build()
                            .asQueryRouter(Map.of("parcel", List.of()))
                            .route(Query.from("​ ")))
                    .isEmpty();
        }

        @Test
        @DisplayName("Of a question of 100,000 characters a bounded part is embedded, and rules see all of it")
        void longQuestion() {
            IntentRouter router = Shop.router(model)
                    .severalIntents(true)
                    .route(IntentRoute.builder("end", new Route.Main())
                            .pattern("the very end$")
                            .build())
                    .build();
            model.embedded.clear();
            String text = "track parcel 📦. ".repeat(6_250);
            assertThat(text.length()).isGreaterThanOrEqualTo(100_000);
            assertThat(ask(router, text).intent()).contains("parcel");
            assertThat(model.embedded).allMatch(each -> each.length() <= 2_000);
            assertThat(ask(router, text + "the very end").layer()).isEqualTo(RoutingLayer.PATTERN);
        }

        @Test
        void otherScriptsAndSymbolsAreJustStrange() {
            IntentRouter router = Shop.router(model).severalIntents(true).build();
            for (String text :
                    List.of("你好吗？我想退款。", "أين طردي؟", "Где моя посылка?", "🙂🙃", "?!", "\ud83d", "\u0000")) {
                assertThat(router.decide(Question.of(text)).route()).isNotNull();
            }
        }

        @Test
        void routeWithoutExamplesOrRules() {
            IntentRouter.Builder builder = Shop.router(model)
                    .route(IntentRoute.builder("nothing", new Route.Main()).build());
            assertThatIllegalArgumentException()
                    .isThrownBy(builder::build)
                    .withMessage(
                            "the route 'nothing' has neither examples nor rules nor intents under it, so no question"
                                    + " can take it; give it one of them or leave it out");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> IntentRouter.builder(model).build())
                    .withMessage("an intent router needs at least one route; add one");
        }

        @Test
        @DisplayName("The same example in two routes is refused by place, whatever its capitals")
        void sameExampleTwice() {
            IntentRouter.Builder builder = IntentRouter.builder(model)
                    .route(IntentRoute.builder("a", new Route.Main())
                            .examples("one", "Where is it?")
                            .build())
                    .route(IntentRoute.builder("b", new Route.Main())
                            .examples("where  IS it")
                            .build());
            assertThatIllegalArgumentException()
                    .isThrownBy(builder::build)
                    .withMessage(
                            "example 1 of the route 'b' is the same as example 2 of the route 'a' but for capitals,"
                                    + " white space or punctuation; keep it in one of them");
            IntentRouter.Builder phrases = IntentRouter.builder(model)
                    .route(IntentRoute.builder("a", new Route.Main())
                            .phrases("hi")
                            .build())
                    .route(IntentRoute.builder("b", new Route.Main())
                            .phrases("Hi!")
                            .build());
            assertThatIllegalArgumentException()
                    .isThrownBy(phrases::build)
                    .withMessage("the phrase 'hi' stands in the routes 'a' and 'b'; keep it in one");
        }

        @Test
        void sameIntentTwice() {
            IntentRouter.Builder builder = Shop.router(model);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.route(Shop.parcel()))
                    .withMessage("there are two routes for the intent 'parcel'; make them one");
        }

        @Test
        void embeddingModelWithoutAName() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Shop.router(new WordModel(8, "unknown")).build())
                    .withMessageContaining("give it with modelName(...)");
        }

        @Test
        void routeOfWrongParts() {
            for (String name : List.of(" ", "/a", "a/", "a//b")) {
                assertThatIllegalArgumentException().isThrownBy(() -> IntentRoute.builder(name, new Route.Main()));
            }
            IntentRoute.Builder route = IntentRoute.builder("a", new Route.Main());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> route.examples("fine", " "))
                    .withMessageStartingWith("example 2 of the route 'a' has 1 characters");
            assertThatIllegalArgumentException().isThrownBy(() -> route.examples("x".repeat(2_001)));
            assertThatIllegalArgumentException().isThrownBy(() -> route.phrases(" "));
            assertThatIllegalArgumentException().isThrownBy(() -> route.title(" "));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> route.pattern("(?=a)"))
                    .withMessageContaining("of the route 'a' is not one of RE2");
            route.whenTenant("t");
            assertThatIllegalArgumentException().isThrownBy(() -> route.whenTenant("t"));
        }

        @Test
        void settingsOutOfRange() {
            IntentRouter.Builder builder = Shop.router(model);
            assertThatIllegalArgumentException().isThrownBy(() -> builder.falseRefusals(0));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.falseRefusals(Double.NaN));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.clarifyWithin(1));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.clarification("{first}?"));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.maxCharacters(0));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(Duration.ZERO));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.outOfScopeExamples(List.of("one")))
                    .withMessageContaining("20 different ones at least, or none");
        }

        @Test
        @DisplayName("An embedding model that throws is a failure that is named, or takes the route for that")
        void failingModel() {
            Breakable breakable = new Breakable();
            IntentRouter router = shop(breakable).build();
            IntentRouter prepared =
                    shop(breakable).whenUnavailable(new Route.Main()).build();
            breakable.breakWith(() -> {
                throw new IllegalStateException("down");
            });
            assertThatThrownBy(() -> router.route(Question.of("track parcel")))
                    .isInstanceOf(LifecycleException.class)
                    .hasMessage(
                            "Embedding a question by 'breakable' failed with java.lang.IllegalStateException; check the"
                                    + " model behind it")
                    .hasRootCauseMessage("down");
            RoutedIntent said = ask(prepared, "track parcel");
            assertThat(said.route()).isEqualTo(new Route.Main());
            assertThat(said.layer()).isEqualTo(RoutingLayer.UNAVAILABLE);
            assertThatThrownBy(() -> shop(breakable).build())
                    .isInstanceOf(LifecycleException.class)
                    .hasMessage("Embedding 72 examples by 'breakable' failed; check the embedding model");
        }

        @Test
        void hangingModel() {
            CountDownLatch never = new CountDownLatch(1);
            Breakable breakable = new Breakable();
            IntentRouter router = shop(breakable)
                    .executor(executor)
                    .timeout(Duration.ofMillis(150))
                    .build();
            breakable.breakWith(() -> await(never));
            assertThatThrownBy(() -> router.route(Question.of("track parcel")))
                    .isInstanceOf(LifecycleException.class)
                    .hasMessage(
                            "Embedding a question by 'breakable' was not done within 150 ms; check the model or allow"
                                    + " more time");
        }

        @Test
        void deadlineThatHasPassed() {
            Instant now = Instant.parse("2026-01-01T00:00:00Z");
            IntentRouter router =
                    Shop.router(model).clock(Clock.fixed(now, ZoneOffset.UTC)).build();
            Question late = Question.of("track parcel").withDeadline(now);
            assertThatThrownBy(() -> router.route(late))
                    .isInstanceOf(LifecycleException.class)
                    .hasMessage(
                            "Embedding a question by 'words' was not begun, since the deadline has passed; allow more"
                                    + " time");
        }

        @Test
        void vectorsThatAreNone() {
            Breakable breakable = new Breakable();
            IntentRouter router = shop(breakable).build();
            breakable.vector = new float[3];
            assertThatThrownBy(() -> router.route(Question.of("track parcel")))
                    .isInstanceOf(LifecycleException.class)
                    .hasStackTraceContaining("gave 3 numbers where the model says 128");
            breakable.vector = new float[128];
            breakable.vector[0] = Float.NaN;
            assertThatThrownBy(() -> router.route(Question.of("track parcel")))
                    .isInstanceOf(LifecycleException.class)
                    .hasStackTraceContaining("gave a vector that is not finite");
            breakable.vector = new float[128];
            assertThat(router.route(Question.of("track parcel"))).isInstanceOf(Route.OutOfScope.class);
        }

        private IntentRouter.Builder shop(EmbeddingModel breakable) {
            return IntentRouter.builder(breakable)
                    .modelName("breakable")
                    .route(Shop.refund())
                    .route(Shop.invoice())
                    .route(Shop.parcel());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ChatModel chat(String answer) {
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return ChatResponse.builder().aiMessage(AiMessage.from(answer)).build();
            }
        };
    }

    /** A model that works until it is broken. */
    private static final class Breakable implements EmbeddingModel {

        private final WordModel words = new WordModel();
        private Optional<Runnable> broken = Optional.empty();
        private float[] vector = new float[0];

        void breakWith(Runnable action) {
            broken = Optional.of(action);
        }

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            broken.ifPresent(Runnable::run);
            return vector.length == 0
                    ? words.embedAll(segments)
                    : Response.from(segments.stream()
                            .map(segment -> Embedding.from(vector))
                            .toList());
        }

        @Override
        public int dimension() {
            return 128;
        }
    }

    /** Knows the intents by one word each. */
    private static final class SignHead implements TextClassifier {

        private static final Map<String, String> SIGNS =
                Map.of("billing/refund", "money", "billing/invoice", "invoice", "parcel", "parcel");

        private final Runnable before;

        SignHead() {
            this(() -> {});
        }

        SignHead(Runnable before) {
            this.before = before;
        }

        @Override
        public Classification predict(String text) {
            before.run();
            double sum = SIGNS.values().stream()
                    .mapToDouble(sign -> text.contains(sign) ? 10 : 1)
                    .sum();
            List<LabelProbability> ranking = SIGNS.entrySet().stream()
                    .map(sign -> new LabelProbability(sign.getKey(), (text.contains(sign.getValue()) ? 10 : 1) / sum))
                    .sorted((a, b) -> a.probability() == b.probability()
                            ? a.label().compareTo(b.label())
                            : Double.compare(b.probability(), a.probability()))
                    .toList();
            return new Classification(ranking, List.of(), List.of(), 0, false);
        }

        @Override
        public Explanation explain(String text) {
            return new Explanation("parcel", List.of(), List.of());
        }

        @Override
        public List<String> labels() {
            return SIGNS.keySet().stream().sorted().toList();
        }

        @Override
        public Identity identity() {
            return Identity.of("signs", "1");
        }
    }
}
