package dev.llmlifecycle.core.reasoning;

import dev.langchain4j.agent.tool.ToolExecutionRequest;

/**
 * Runs a tool; {@code request -> executor.execute(request, memoryId)} runs a LangChain4j {@code ToolExecutor}.
 *
 * <p>Called after the arguments fitted the schema. Implementations must be thread-safe; one that throws tells the model
 * that the tool failed, and no more.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ToolFunction {

    /**
     * Runs the tool.
     *
     * @param request its name and arguments
     * @return what it came to, as text
     */
    String call(ToolExecutionRequest request);
}
