package dev.llmlifecycle.retrieval.lexical;

import dev.llmlifecycle.api.LifecycleException;

/** The texts of an index were analysed otherwise than is asked for. */
final class OtherAnalysisException extends LifecycleException {

    private static final long serialVersionUID = 1L;

    OtherAnalysisException(String message) {
        super(message);
    }
}
