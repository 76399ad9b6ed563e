package dev.llmlifecycle.core.app;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.QuestionTool;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.app.Router;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Where a router can send a question inside an application. */
@NullMarked
final class LlmAppRouteTest {

    private static final Identity SMALL = Identity.of("small-model", "1");
    private static final QuestionTool CLOCK = QuestionTool.of(
            Identity.of("clock", "1"), question -> question.text().isEmpty() ? "" : "It is noon.");

    private final ScriptedModel large = ScriptedModel.saying("From the large model.");
    private final ScriptedModel small = ScriptedModel.saying("From the small model.");

    private LlmApp.Builder app(Route route) {
        return app(Given.router(question -> route));
    }

    private LlmApp.Builder app(Router router) {
        return Given.app(large)
                .modelTier("small", SMALL, small)
                .retriever(Given.retriever(Given.REFUNDS))
                .retriever("returns", Given.retriever(Given.RETURNS))
                .tool("clock", CLOCK)
                .router(router);
    }

    private static Answer ask(LlmApp.Builder builder) {
        try (LlmApp app = builder.build()) {
            return app.ask("What now?");
        }
    }

    @Test
    void aRouteLeadsToARetriever() {
        Answer named = ask(app(new Route.ToRetriever("returns")));
        Answer main = ask(app(new Route.Main()));

        assertThat(named.interaction().passages()).containsExactly(Given.RETURNS);
        assertThat(main.interaction().passages()).containsExactly(Given.REFUNDS);
    }

    @Test
    void aRouteLeadsToAModelTier() {
        assertThat(ask(app(new Route.ToModel("small"))).text()).isEqualTo("From the small model.");
        assertThat(large.requests).isEmpty();
        assertThat(ask(app(new Route.Main())).text()).isEqualTo("From the large model.");
    }

    @Test
    void aRouteLeadsToAToolWhoseAnswerIsGivenAsItIs() {
        Validator strict = Given.validator("strict", Validator.Scope.ANSWER, text -> Given.block("strict", "never"));

        Answer answer = ask(app(new Route.ToTool("clock")).outputValidator(strict));

        assertThat(answer.outcome()).isEqualTo(new Outcome.Answered("It is noon."));
        assertThat(answer.interaction().steps())
                .extracting(Step::type)
                .contains(Step.TOOL)
                .doesNotContain(Step.RETRIEVE, Step.MODEL);
        assertThat(large.requests).isEmpty();
    }

    @Test
    void aToolThatSaysNothingFails() {
        QuestionTool silent = QuestionTool.of(Identity.of("silent", "1"), question -> " ");

        Answer answer = ask(app(new Route.ToTool("silent")).tool("silent", silent));

        assertThat(answer.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.text())
                                .isEqualTo("The tool 'silent' answered without text; let it say what it found"));
    }

    @Test
    void aRouteAsksBack() {
        assertThat(ask(app(new Route.Clarify("Card or account?"))).outcome())
                .isEqualTo(new Outcome.AskedBack("Card or account?"));
        assertThat(large.requests).isEmpty();
    }

    @Test
    void aRouteToWhatIsNotThereIsNamed() {
        Map<String, Route> missing = Map.of(
                "retriever 'x'", new Route.ToRetriever("x"),
                "model tier 'x'", new Route.ToModel("x"),
                "tool 'x'", new Route.ToTool("x"));

        missing.forEach((what, route) -> assertThat(ask(app(route)).text())
                .startsWith("The router chose the " + what + " that release ")
                .endsWith("give the application a part of that name or change the router"));
    }

    @Test
    void anApplicationRefusesARouterThatSaysItLeadsElsewhere() {
        Router declaring = new Router() {
            @Override
            public Route route(Question question) {
                return new Route.Main();
            }

            @Override
            public List<Route> routes() {
                return List.of(new Route.Main(), new Route.ToTool("phone"));
            }

            @Override
            public Identity identity() {
                return Identity.of("declaring", "1");
            }
        };

        assertThatIllegalStateException()
                .isThrownBy(() -> app(declaring).build())
                .withMessageContaining("tool 'phone'");
    }

    @Test
    void whatRoutesLeadToIsPartOfTheRelease() {
        try (LlmApp without = Given.app(large).build();
                LlmApp with = app(new Route.Main()).build()) {
            assertThat(with.release().parts()).containsKeys("retriever:returns", "model:small", "tool:clock");
            assertThat(with.release().hash()).isNotEqualTo(without.release().hash());
        }
    }

    @Test
    void tiersWithoutAMainModelAreRefused() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> LlmApp.builder().modelTier("small", SMALL, small).build())
                .withMessageStartingWith("an application was given no model but the tiers [small]");
    }

    @Test
    void anAnswerOfOneTierIsNotKeptForAnother() {
        AtomicInteger turn = new AtomicInteger();
        MapAnswerCache cache = new MapAnswerCache();
        LlmApp.Builder builder = app(Given.router(
                        question -> turn.getAndIncrement() == 0 ? new Route.Main() : new Route.ToModel("small")))
                .answerCache(cache);
        try (LlmApp app = builder.build()) {
            assertThat(List.of(app.ask("What now?").text(), app.ask("What now?").text()))
                    .containsExactly("From the large model.", "From the small model.");
        }
    }
}
