package dev.llmlifecycle.samples.chatbot;

import java.nio.file.Path;

/** A folder of documents, and what stands before the paths of its files when they are cited. */
record CorpusRoot(String prefix, Path folder) {}
