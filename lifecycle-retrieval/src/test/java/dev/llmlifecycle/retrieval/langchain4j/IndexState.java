package dev.llmlifecycle.retrieval.langchain4j;

import org.jspecify.annotations.NullMarked;

/** What an index consists of. */
@NullMarked
enum IndexState {
    /** Rows that are read through. */
    EXACT,
    /** Graphs. */
    GRAPH,
    /** Graphs and rows that are read through. */
    MIXED,
    /** Files, opened before each search. */
    REOPENED
}
