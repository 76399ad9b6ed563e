package dev.llmlifecycle.eval.junit;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.core.app.LlmApp;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.opentest4j.TestAbortedException;

/** One example as a test case: resolves what the test method asks for, and hands its result to the run. */
final class PromptTestCase implements TestTemplateInvocationContext, ParameterResolver, InvocationInterceptor {

    private static final int LONGEST_NAME = 60;

    private final PromptTestRun run;
    private final int position;
    private final Example example;

    PromptTestCase(PromptTestRun run, int position) {
        this.run = run;
        this.position = position;
        this.example = run.example(position);
    }

    @Override
    public String getDisplayName(int invocationIndex) {
        String question = example.input().replaceAll("\\s+", " ").strip();
        return example.id() + ": "
                + (question.length() <= LONGEST_NAME ? question : question.substring(0, LONGEST_NAME) + "…");
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
        return List.of(this);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Example.class
                || type == Dataset.class
                || type == LlmApp.class
                || type == TestModels.class
                || type == Budget.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == Example.class) {
            return example;
        }
        if (type == Dataset.class) {
            return run.dataset();
        }
        if (type == Budget.class) {
            return run.budget();
        }
        if (type == TestModels.class) {
            return models(context);
        }
        return RunStore.shared(
                context, LlmApp.class, LlmApp.class, () -> AppSource.of(context).open(context));
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        Optional<String> closed = run.closed();
        if (closed.isPresent()) {
            invocation.skip();
            throw new TestAbortedException(closed.get());
        }
        try {
            invocation.proceed();
            run.add(position, CaseStatus.PASSED, Optional.empty());
        } catch (TestAbortedException e) {
            run.add(position, CaseStatus.SKIPPED, Optional.ofNullable(e.getMessage()));
            throw e;
        } catch (AssertionError e) {
            if (Brokenness.isBehind(e)) {
                run.add(position, CaseStatus.BROKEN, Optional.ofNullable(e.getMessage()));
                throw e;
            }
            run.add(position, CaseStatus.FAILED, Optional.ofNullable(e.getMessage()));
            if (run.isDecidedAsAWhole()) {
                throw new TestAbortedException("did not pass, which the whole run decides on: " + e.getMessage(), e);
            }
            throw e;
        } catch (Exception e) {
            run.add(position, CaseStatus.BROKEN, Optional.of(e.toString()));
            throw e;
        }
    }

    private TestModels models(ExtensionContext context) {
        return RunStore.shared(context, TestModels.class, TestModels.class, run::newModels);
    }
}
