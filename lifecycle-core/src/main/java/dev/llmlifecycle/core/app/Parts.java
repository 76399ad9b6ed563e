package dev.llmlifecycle.core.app;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.QuestionRewriter;
import dev.llmlifecycle.api.app.QuestionTool;
import dev.llmlifecycle.api.app.ReasoningStrategy;
import dev.llmlifecycle.api.app.Router;
import dev.llmlifecycle.api.data.ExampleSelector;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.prompt.PromptBudget;

/** The parts that an application was given, by identity: what a release can be put together from. */
record Parts(
        Map<Identity, ModelBinding> models,
        List<Retriever> retrievers,
        List<NamedPart<Retriever>> namedRetrievers,
        List<NamedPart<ModelBinding>> tiers,
        List<NamedPart<QuestionTool>> tools,
        List<Router> routers,
        List<QuestionRewriter> rewriters,
        List<ExampleSelector> exampleSelectors,
        List<ReasoningStrategy> reasoning,
        List<PromptBudget> budgets,
        List<Validator> inputValidators,
        List<Validator> passageValidators,
        List<Validator> outputValidators,
        Abstention abstention,
        Identity attempts) {

    private static final String RETRIEVER = "retriever";
    private static final String NAMED_RETRIEVER = "retriever:";
    private static final String TIER = "model:";
    private static final String TOOL = "tool:";
    private static final String ROUTER = "router";
    private static final String REWRITER = "rewriter";
    private static final String EXAMPLES = "examples";
    private static final String REASONING = "reasoning";
    private static final String BUDGET = "budget";
    private static final String PASSAGE_VALIDATOR = "passage-validator";
    private static final String ABSTENTION = "abstention";
    private static final String ATTEMPTS = "attempts";
    private static final Set<String> ROLES =
            Set.of(RETRIEVER, ROUTER, REWRITER, EXAMPLES, REASONING, BUDGET, PASSAGE_VALIDATOR, ABSTENTION, ATTEMPTS);

    Parts {
        models = Map.copyOf(models);
        retrievers = List.copyOf(retrievers);
        namedRetrievers = List.copyOf(namedRetrievers);
        tiers = List.copyOf(tiers);
        tools = List.copyOf(tools);
        routers = List.copyOf(routers);
        rewriters = List.copyOf(rewriters);
        exampleSelectors = List.copyOf(exampleSelectors);
        reasoning = List.copyOf(reasoning);
        budgets = List.copyOf(budgets);
        inputValidators = List.copyOf(inputValidators);
        passageValidators = List.copyOf(passageValidators);
        outputValidators = List.copyOf(outputValidators);
    }

    /** Describes all parts, of which there is at most one in each role, as a release. */
    Release describe(List<PromptVersion> prompts) {
        Release.Builder release = Release.builder(
                only("model", mainModels(), Function.identity()).orElseThrow(),
                prompts.get(0).pin());
        prompts.forEach(prompt -> release.prompt(prompt.pin()));
        only(RETRIEVER, retrievers, Retriever::identity)
                .ifPresent(identity -> release.part(RETRIEVER, identity)
                        .corpusId(retrievers.get(0).corpusId()));
        only(ROUTER, routers, Router::identity).ifPresent(identity -> release.part(ROUTER, identity));
        only(REWRITER, rewriters, QuestionRewriter::identity).ifPresent(identity -> release.part(REWRITER, identity));
        only(EXAMPLES, exampleSelectors, ExampleSelector::identity)
                .ifPresent(identity -> release.part(EXAMPLES, identity));
        only(REASONING, reasoning, ReasoningStrategy::identity)
                .ifPresent(identity -> release.part(REASONING, identity));
        only(BUDGET, budgets, PromptBudget::identity).ifPresent(identity -> release.part(BUDGET, identity));
        describe(NAMED_RETRIEVER, namedRetrievers, release);
        describe(TIER, tiers, release);
        describe(TOOL, tools, release);
        only(PASSAGE_VALIDATOR, passageValidators, Validator::identity)
                .ifPresent(identity -> release.part(PASSAGE_VALIDATOR, identity));
        release.part(ABSTENTION, abstention.identity());
        release.part(ATTEMPTS, attempts);
        inputValidators.forEach(validator -> release.inputValidator(validator.identity()));
        outputValidators.forEach(validator -> release.outputValidator(validator.identity()));
        return release.build();
    }

    /** Returns the models that are no tier, of which one answers where no route says otherwise. */
    private List<Identity> mainModels() {
        Set<Identity> named = tiers.stream().map(NamedPart::identity).collect(Collectors.toSet());
        return models.keySet().stream()
                .filter(identity -> !named.contains(identity))
                .toList();
    }

    private static <T> void describe(String role, List<NamedPart<T>> given, Release.Builder release) {
        given.stream()
                .collect(Collectors.groupingBy(NamedPart::name))
                .forEach((name, parts) -> only(role + name, parts, NamedPart::identity)
                        .ifPresent(identity -> release.part(role + name, identity)));
    }

    /** Puts the release together from these parts, or says which one is missing. */
    ActiveRelease assemble(Release release, Function<PinnedPrompt, PromptVersion> prompts) {
        requireKnownRoles(release);
        Map<String, PromptVersion> versions = new HashMap<>();
        release.prompts().forEach((name, pinned) -> versions.put(name, prompts.apply(pinned)));
        ModelBinding model = models.get(release.model());
        if (model == null) {
            throw missing(release, "model", release.model(), models.keySet());
        }
        Optional<Retriever> retriever = find(release, RETRIEVER, retrievers);
        requireSameCorpus(release, retriever);
        requireSame(release, ABSTENTION, abstention.identity());
        requireSame(release, ATTEMPTS, attempts);
        return new ActiveRelease(
                release,
                release.hash(),
                versions,
                model,
                retriever,
                new RouteTargets(
                        named(release, NAMED_RETRIEVER, namedRetrievers),
                        named(release, TIER, tiers),
                        named(release, TOOL, tools)),
                find(release, ROUTER, routers),
                find(release, REWRITER, rewriters),
                find(release, EXAMPLES, exampleSelectors),
                find(release, REASONING, reasoning).orElseGet(DirectReasoning::new),
                find(release, BUDGET, budgets),
                release.inputValidators().stream()
                        .map(identity -> require(release, "input validator", identity, inputValidators))
                        .toList(),
                find(release, PASSAGE_VALIDATOR, passageValidators),
                release.outputValidators().stream()
                        .map(identity -> require(release, "output validator", identity, outputValidators))
                        .toList(),
                abstention);
    }

    private static void requireKnownRoles(Release release) {
        TreeSet<String> unknown = new TreeSet<>(release.parts().keySet());
        unknown.removeAll(ROLES);
        unknown.removeIf(role -> Stream.of(NAMED_RETRIEVER, TIER, TOOL).anyMatch(role::startsWith));
        if (!unknown.isEmpty()) {
            throw new LifecycleException("Release " + release.hash().shortForm() + " has parts in the roles " + unknown
                    + " but this application knows only " + new TreeSet<>(ROLES)
                    + "; deploy a release without them or upgrade the library");
        }
    }

    private static void requireSameCorpus(Release release, Optional<Retriever> retriever) {
        Optional<String> corpusId = retriever.map(Retriever::corpusId);
        if (!corpusId.equals(release.corpusId())) {
            throw new LifecycleException("Release " + release.hash().shortForm() + " searches the corpus "
                    + release.corpusId().orElse("(none)") + " but this application has " + corpusId.orElse("(none)")
                    + "; open that corpus or deploy another release");
        }
    }

    private static void requireSame(Release release, String role, Identity own) {
        Identity wanted = release.parts().get(role);
        if (wanted != null && !wanted.equals(own)) {
            throw missing(release, role, wanted, List.of(own));
        }
    }

    private static <T extends Identified> Optional<T> find(Release release, String role, List<T> candidates) {
        Identity wanted = release.parts().get(role);
        return wanted == null ? Optional.empty() : Optional.of(require(release, role, wanted, candidates));
    }

    /** Returns the parts that a release has under a kind of role, by their names. */
    private static <T> Map<String, T> named(Release release, String role, List<NamedPart<T>> candidates) {
        Map<String, T> found = new HashMap<>();
        release.parts().forEach((key, wanted) -> {
            if (key.startsWith(role)) {
                String name = key.substring(role.length());
                List<NamedPart<T>> same = candidates.stream()
                        .filter(candidate -> candidate.name().equals(name))
                        .toList();
                found.put(
                        name,
                        same.stream()
                                .filter(candidate -> candidate.identity().equals(wanted))
                                .findFirst()
                                .orElseThrow(() -> missing(
                                        release,
                                        key,
                                        wanted,
                                        same.stream().map(NamedPart::identity).toList()))
                                .part());
            }
        });
        return found;
    }

    private static <T extends Identified> T require(Release release, String role, Identity wanted, List<T> candidates) {
        return candidates.stream()
                .filter(candidate -> candidate.identity().equals(wanted))
                .findFirst()
                .orElseThrow(() -> missing(
                        release,
                        role,
                        wanted,
                        candidates.stream().map(Identified::identity).toList()));
    }

    private static <T> Optional<Identity> only(String role, List<T> given, Function<T, Identity> identity) {
        if (given.size() > 1) {
            throw new IllegalStateException("an application without a deployment runs one release but was given "
                    + given.size() + " parts for the role '" + role
                    + "'; keep one, or choose between them with deployment(...)");
        }
        return given.stream().findFirst().map(identity);
    }

    private static LifecycleException missing(
            Release release, String role, Identity wanted, Iterable<Identity> available) {
        TreeSet<String> names = new TreeSet<>();
        available.forEach(identity -> names.add(identity.toString()));
        return new LifecycleException("Release " + release.hash().shortForm() + " wants the " + role + " " + wanted
                + " but this application has " + names + "; give it that part or deploy another release");
    }
}
