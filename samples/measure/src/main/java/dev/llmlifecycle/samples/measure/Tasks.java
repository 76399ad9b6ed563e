package dev.llmlifecycle.samples.measure;

import java.util.List;

import dev.llmlifecycle.samples.measure.bias.BiasTask;
import dev.llmlifecycle.samples.measure.business.BusinessRulesTask;
import dev.llmlifecycle.samples.measure.cache.SemanticCacheTask;
import dev.llmlifecycle.samples.measure.chunking.ChunkingTask;
import dev.llmlifecycle.samples.measure.classifier.ClassifierTask;
import dev.llmlifecycle.samples.measure.classifier.ExamplesTask;
import dev.llmlifecycle.samples.measure.classifier.RoutingTask;
import dev.llmlifecycle.samples.measure.classifier.SafetyTask;
import dev.llmlifecycle.samples.measure.classifier.ShippedTask;
import dev.llmlifecycle.samples.measure.content.ContentTask;
import dev.llmlifecycle.samples.measure.content.FormatTask;
import dev.llmlifecycle.samples.measure.embedding.EmbeddingTask;
import dev.llmlifecycle.samples.measure.embedding.MemoryTask;
import dev.llmlifecycle.samples.measure.groundedness.GroundednessTask;
import dev.llmlifecycle.samples.measure.hybrid.HybridTask;
import dev.llmlifecycle.samples.measure.legal.LegalTask;
import dev.llmlifecycle.samples.measure.privacy.PersonalDataTask;
import dev.llmlifecycle.samples.measure.prompts.BbhPromptsTask;
import dev.llmlifecycle.samples.measure.qa.XquadTask;
import dev.llmlifecycle.samples.measure.reasoning.BbhAnswersTask;
import dev.llmlifecycle.samples.measure.reasoning.Gsm8kStepsTask;
import dev.llmlifecycle.samples.measure.reasoning.MistakeStepsTask;
import dev.llmlifecycle.samples.measure.reasoning.SelfConsistencyTask;
import dev.llmlifecycle.samples.measure.task.MeasureTask;
import dev.llmlifecycle.samples.measure.verdict.BbhVerdictTask;
import dev.llmlifecycle.samples.measure.verdict.Gsm8kVerdictTask;
import dev.llmlifecycle.samples.measure.verdict.RefusalTask;
import dev.llmlifecycle.samples.measure.verdict.RoutedGsm8kVerdictTask;
import dev.llmlifecycle.samples.measure.verdict.RoutedMmluVerdictTask;
import dev.llmlifecycle.samples.measure.verdict.XstestVerdictTask;

/** All tasks; a new one is a class and a line here. */
final class Tasks {

    private Tasks() {}

    static List<MeasureTask> all() {
        return List.of(
                // In the order of their names.
                new BbhAnswersTask(),
                new BbhPromptsTask(),
                new BiasTask(),
                new BusinessRulesTask(),
                new ChunkingTask(),
                new ClassifierTask(),
                new ContentTask(),
                new EmbeddingTask(),
                new ExamplesTask(),
                new FormatTask(),
                new GroundednessTask(),
                new HybridTask(),
                new LegalTask(),
                new MemoryTask(),
                new PersonalDataTask(),
                new RefusalTask(),
                new RoutingTask(),
                new SafetyTask(),
                new SelfConsistencyTask(),
                new SemanticCacheTask(),
                new ShippedTask(),
                new Gsm8kStepsTask(),
                new MistakeStepsTask(),
                new BbhVerdictTask(),
                new Gsm8kVerdictTask(),
                new RoutedGsm8kVerdictTask(),
                new RoutedMmluVerdictTask(),
                new XstestVerdictTask(),
                new XquadTask());
    }
}
