/** Which way a question takes: rules, examples, a trained head, a threshold for what is out of scope, a model last. */
@NullMarked
package dev.llmlifecycle.retrieval.routing;

import org.jspecify.annotations.NullMarked;
