package dev.llmlifecycle.core.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.app.Router;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;

/** Parts of an application, made for its tests. */
@NullMarked
final class Given {

    static final Passage REFUNDS = passage("refunds#1", "Refunds are paid within 14 days.");
    static final Passage RETURNS = passage("returns#1", "Returns are free of charge.");

    private Given() {}

    static LlmApp.Builder app(ChatModel model) {
        return LlmApp.builder().model(ScriptedModel.IDENTITY, model);
    }

    static Passage passage(String id, String text) {
        String source = id.replaceAll("#.*", ".md");
        return new Passage(id, TextSegment.from(text, Metadata.from(Map.of(Passage.SOURCE, source))), 0.5);
    }

    static FakeRetriever retriever(Passage... passages) {
        return new FakeRetriever("fake", request -> List.of(passages));
    }

    static Validator validator(String name, Validator.Scope scope, Function<String, ValidationOutcome> check) {
        return validator(name, scope, (text, context) -> check.apply(text));
    }

    static Validator validator(
            String name, Validator.Scope scope, BiFunction<String, ValidationContext, ValidationOutcome> check) {
        return new Validator() {
            @Override
            public ValidationOutcome validate(String text, ValidationContext context) {
                return check.apply(text, context);
            }

            @Override
            public Scope scope() {
                return scope;
            }

            @Override
            public Identity identity() {
                return Identity.of(name, "1");
            }
        };
    }

    /** Rewrites each text; an unchanged one passes. */
    static Validator rewriting(String name, Validator.Scope scope, UnaryOperator<String> change) {
        return validator(name, scope, text -> {
            String changed = change.apply(text);
            return changed.equals(text)
                    ? ValidationOutcome.pass()
                    : new ValidationOutcome.Rewrite(changed, List.of(finding(name)));
        });
    }

    static Finding finding(String validator) {
        return new Finding(validator, "noticed", Finding.Severity.WARNING, "Noticed something", Optional.empty());
    }

    static ValidationOutcome block(String validator, String reason) {
        return new ValidationOutcome.Block(reason, List.of(finding(validator)));
    }

    static ValidationOutcome retry(String validator, String instruction) {
        return new ValidationOutcome.Retry(instruction, List.of(finding(validator)));
    }

    static Router router(Function<Question, Route> routes) {
        return new Router() {
            @Override
            public Route route(Question question) {
                return routes.apply(question);
            }

            @Override
            public Identity identity() {
                return Identity.of("router", "1");
            }
        };
    }

    /** Answers from a function and keeps the requests. */
    record FakeRetriever(String name, Function<RetrievalRequest, List<Passage>> search, List<RetrievalRequest> requests)
            implements Retriever {

        FakeRetriever(String name, Function<RetrievalRequest, List<Passage>> search) {
            this(name, search, new CopyOnWriteArrayList<>());
        }

        @Override
        public Retrieval retrieve(RetrievalRequest request) {
            requests.add(request);
            return new Retrieval(new ArrayList<>(search.apply(request)), snapshotId());
        }

        @Override
        public String corpusId() {
            return "help-centre";
        }

        @Override
        public String snapshotId() {
            return "snapshot-1";
        }

        @Override
        public Identity identity() {
            return Identity.of(name, "1");
        }
    }
}
