/** A chatbot that answers from a folder of documents, with citations. */
@NullMarked
package dev.llmlifecycle.samples.chatbot;

import org.jspecify.annotations.NullMarked;
