package dev.llmlifecycle.core.classify;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.app.Router;
import dev.llmlifecycle.api.classify.Classification;
import dev.llmlifecycle.api.classify.Explanation;
import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code docs/classifier.md} shows. */
@NullMarked
final class ClassifierGuideTest {

    private final EmbeddingModel model = Intents.embeddings(64);

    @TempDir
    Path folder = Path.of("");

    @Test
    void trains() {
        Dataset dataset = dataset();
        // docs:begin train
        TextClassifierTrainer trainer = TextClassifierTrainer.builder("intents")
                .embeddings("all-MiniLM-L6-v2-q", model) // leave out to learn from words alone
                .build();
        Training training = trainer.train(dataset, "intent"); // the label of the examples that is learned
        TextClassifier intents = training.classifier();

        Classification said = intents.predict("I want my money back, please refund me");
        Optional<String> intent = said.label(); // billing/refund; empty where it abstains
        double sure = said.confidence(); // of those it is 0.9 sure of, it is right in nine of ten
        // docs:end train
        assertThat(intent).contains("billing/refund");
        assertThat(sure).isGreaterThan(0.5);

        // docs:begin read
        List<String> possible = said.conformalSet(); // the right one is among them in 95 of 100 texts
        double strange = said.outOfDistribution(); // 0 for a text of the training, near 1 for another world
        Optional<String> atLeast = said.label(0.99); // that label if it is sure enough, else its group: billing
        double billing = said.probability("billing"); // of a group: the sum of what is in it
        // docs:end read
        assertThat(possible).contains("billing/refund");
        assertThat(strange).isBetween(0.0, 0.9);
        assertThat(atLeast.orElse("billing")).startsWith("billing");
        assertThat(billing).isGreaterThanOrEqualTo(sure);

        // docs:begin explain
        Explanation why = intents.explain("please reset my password");
        List<Explanation.Contribution> parts = why.contributions(); // the embedding, password, reset my, …
        List<Explanation.Neighbour> alike = why.nearest(); // training examples that were kept
        // docs:end explain
        assertThat(parts).isNotEmpty();
        assertThat(alike).isNotEmpty();
    }

    @Test
    void looksAtTheData() {
        Dataset dataset = dataset();
        TextClassifierTrainer trainer = TextClassifierTrainer.builder("intents").build();
        // docs:begin data
        Training training = trainer.train(dataset, "intent");
        for (Training.SuspectedError each : training.suspectedErrors()) {
            review(each.row(), each.given(), each.suggested());
        }

        LearningCurve curve = trainer.learningCurve(LabelledText.of(dataset, "intent"));
        String advice = curve.advice(); // 135 texts give an accuracy of 0.9…, 270 would give about …
        // docs:end data
        assertThat(advice).contains("would give about");
    }

    @Test
    void keepsAFile() {
        TrainedTextClassifier classifier = TextClassifierTrainer.builder("intents")
                .embeddings("all-MiniLM-L6-v2-q", model)
                .build()
                .train(dataset(), "intent")
                .classifier();
        Path file = folder.resolve("intents.classifier");
        // docs:begin file
        classifier.save(file);
        ModelCard card = classifier.card(); // rows, labels, hash of the data, licences, accuracy, calibration error

        ReloadingClassifier intents = ReloadingClassifier.of(file, "all-MiniLM-L6-v2-q", model);
        boolean changed = intents.reload(); // after the file was replaced; the questions that are under way keep theirs
        // docs:end file
        assertThat(card.metrics()).containsKeys("accuracy", "calibrationError");
        assertThat(changed).isFalse();
        assertThat(intents.get().identity()).isEqualTo(classifier.identity());
    }

    @Test
    void routes() {
        TextClassifier intents = TextClassifierTrainer.builder("intents")
                .embeddings("all-MiniLM-L6-v2-q", model)
                .build()
                .train(dataset(), "intent")
                .classifier();
        Router router = new IntentRouter(intents, Set.of("billing"));
        assertThat(router.route(Question.of("please refund the money"))).isInstanceOf(Route.ToPrompt.class);
        assertThat(router.route(Question.of("Which planets have rings and which have none")))
                .isInstanceOf(Route.OutOfScope.class);
        assertThat(router.identity().configurationHash())
                .isNotEqualTo(new IntentRouter(intents, Set.of()).identity().configurationHash());
    }

    // docs:begin router
    record IntentRouter(TextClassifier intents, Set<String> prompts) implements Router {

        @Override
        public Route route(Question question) {
            Classification said = intents.predict(question.text());
            if (said.abstained()) {
                return new Route.OutOfScope("I can help with orders, bills and your account.");
            }
            return said.label(0.8)
                    .map(label -> label.split("/", 2)[0])
                    .filter(prompts::contains)
                    .<Route>map(Route.ToPrompt::new)
                    .orElseGet(Route.Main::new);
        }

        @Override
        public Identity identity() { // the classifier is part of the release
            return Identity.of(
                    "intent-router",
                    "1",
                    Map.of(
                            "classifier", intents.identity().toCanonical(),
                            "prompts", prompts.stream().sorted().toList()));
        }
    }
    // docs:end router

    @Test
    void givesSeveralLabels() {
        List<LabelledText> texts = Intents.texts(30, 1);
        // docs:begin several
        TextClassifierTrainer topics = TextClassifierTrainer.builder("topics")
                .multiLabel() // any number of labels for each text
                .balanced() // rare labels count as much as frequent ones
                .coverage(0.9) // of the conformal sets
                .rejects(0.02) // abstain on two of a hundred texts like those of the training
                .examplesPerLabel(0) // keep no training text in the file
                .build();
        List<String> labels = topics.train(texts)
                .classifier()
                .predict("a refund for my account")
                .labels();
        // docs:end several
        assertThat(labels).isSubsetOf("account", "billing/invoice", "billing/refund");
    }

    private static Dataset dataset() {
        Dataset.Builder dataset = Dataset.builder("requests");
        List<LabelledText> texts = Intents.texts(60, 1);
        for (int i = 0; i < texts.size(); i++) {
            dataset.add(Example.builder("r" + i, texts.get(i).text())
                    .label("intent", texts.get(i).labels().get(0))
                    .provenance(new Provenance("made up", "CC0-1.0"))
                    .build());
        }
        return dataset.build();
    }

    private static void review(int row, String given, String suggested) {
        assertThat(row).isNotNegative();
        assertThat(given).isNotEqualTo(suggested);
    }
}
