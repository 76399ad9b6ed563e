package dev.llmlifecycle.retrieval.vector.internal;

import java.nio.file.Path;

import dev.llmlifecycle.api.LifecycleException;

/** Refuses what a later library wrote. */
final class FormatVersions {

    private FormatVersions() {}

    static void check(Path file, int found, int newest) {
        if (found < 1 || found > newest) {
            throw new LifecycleException("Opening " + file + " failed: its format version is " + found
                    + " and this library reads up to " + newest
                    + "; use the library that wrote it, or a later one");
        }
    }
}
