package dev.llmlifecycle.core.app;

import dev.llmlifecycle.api.identity.Identity;

/** A part to which a route leads by name, with the identity under which a release has it. */
record NamedPart<T>(String name, Identity identity, T part) {}
