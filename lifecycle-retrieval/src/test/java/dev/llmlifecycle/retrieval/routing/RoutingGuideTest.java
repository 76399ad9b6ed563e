package dev.llmlifecycle.retrieval.routing;

import java.util.List;
import java.util.Map;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.rag.query.router.QueryRouter;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Route;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The code of docs/routing.md. */
@NullMarked
final class RoutingGuideTest {

    private final EmbeddingModel model = new WordModel();
    private final List<String> refunds = Shop.refund().examples();
    private final List<String> invoices = Shop.invoice().examples();

    @Test
    void routes() {
        // docs:begin route
        IntentRouter router = IntentRouter.builder(model)
                .modelName("all-MiniLM-L6-v2-q")
                .route(IntentRoute.builder("billing/refund", new Route.ToPrompt("refund"))
                        .examples(refunds)
                        .build())
                .route(IntentRoute.builder("billing/invoice", new Route.ToRetriever("invoices"))
                        .examples(invoices)
                        .build())
                .route(IntentRoute.builder(
                                "billing", new Route.ToPrompt("billing")) // where the two cannot be told apart
                        .build())
                .route(IntentRoute.builder("person", new Route.HandOver("support", "A colleague takes over."))
                        .whenAttribute("plan", "gold")
                        .phrases("talk to a human")
                        .pattern("(?i)\\bcomplain")
                        .build())
                .outOfScope(new Route.OutOfScope("I can help with bills and refunds."))
                .falseRefusals(0.05) // of questions like the examples
                .build();

        Route route = router.route(Question.of("please get refund money back"));
        // docs:end route
        assertThat(route).isEqualTo(new Route.ToPrompt("refund"));

        // docs:begin explain
        RoutedIntent why = router.decide(Question.of("please download invoice")).whole();
        RoutingLayer layer = why.layer(); // EXAMPLES
        double sure = why.probability(); // calibrated
        double ahead = why.margin(); // of the second intent
        List<String> possible = why.labelSet(); // the right one is among them in 95 of 100
        List<NearestExample> alike = why.nearest(); // with their cosines
        boolean strange = why.strangeness() > why.threshold(); // then it is out of scope
        // docs:end explain
        assertThat(layer).isEqualTo(RoutingLayer.EXAMPLES);
        assertThat(sure).isGreaterThan(0.5);
        assertThat(ahead).isPositive();
        assertThat(possible).containsExactly("billing/invoice");
        assertThat(alike).isNotEmpty();
        assertThat(strange).isFalse();

        List<String> unanswered = Shop.texts("gift voucher balance");
        // docs:begin care
        for (RoutingAudit.Confusion each : router.audit().confusions()) {
            review(each.first(), each.second(), each.rate());
        }
        for (NewIntent each : router.discover(unanswered)) {
            propose(each.name(), each.size(), each.questions()); // balance-gift-voucher, 8
        }

        ReloadableRouter place = new ReloadableRouter(router);
        boolean changed = place.reload(List.of(Shop.refund(), Shop.parcel())); // embeds only what is new
        // docs:end care
        assertThat(changed).isTrue();

        ContentRetriever bills = query -> List.of();
        // docs:begin langchain4j
        QueryRouter queries = router.asQueryRouter(Map.of("billing", List.of(bills)));
        // docs:end langchain4j
        assertThat(queries.route(Query.from("please get refund"))).containsExactly(bills);
    }

    private static void review(String first, String second, double rate) {
        assertThat(first).isLessThan(second);
        assertThat(rate).isPositive();
    }

    private static void propose(String name, int size, List<String> questions) {
        assertThat(name).isEqualTo("balance-gift-voucher");
        assertThat(questions).hasSize(size);
    }
}
