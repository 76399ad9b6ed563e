package dev.llmlifecycle.eval.junit;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dev.llmlifecycle.eval.replay.ReplayMode;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Makes a test case of each example, for as long as the outcome of the whole is open. */
final class PromptTestExtension implements TestTemplateInvocationContextProvider, ExecutionCondition {

    PromptTestExtension() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean off = TestSettings.runMode(context) == ReplayMode.REPLAY
                && context.getTags().contains(PromptTest.LIVE);
        return off
                ? ConditionEvaluationResult.disabled(
                        "it asks the model itself; run it with -D" + PromptTest.MODE + "=live")
                : ConditionEvaluationResult.enabled("its model may be asked, or is replayed");
    }

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestMethod(), PromptTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        PromptTestRun run = PromptTestRun.start(context);
        RunStore.atEnd(context, () -> run.end(context));
        // JUnit takes a case from the stream, runs it, and takes the next, so the stream can end early. Where cases run
        // in parallel it takes them all, and those that are not needed any more end themselves.
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(new Cases(run), Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    private static final class Cases implements Iterator<TestTemplateInvocationContext> {

        private final PromptTestRun run;
        private int next;

        Cases(PromptTestRun run) {
            this.run = run;
        }

        @Override
        public boolean hasNext() {
            // JUnit wants one case at least; where the outcome is settled before it, that case ends itself.
            return next < run.size() && (next == 0 || run.isOpen());
        }

        @Override
        public TestTemplateInvocationContext next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return new PromptTestCase(run, next++);
        }
    }
}
