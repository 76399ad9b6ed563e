package dev.llmlifecycle.eval.replay;

import java.nio.file.Path;

import dev.llmlifecycle.api.identity.Hash;

/** Where the locks of cassettes are: in the folder for temporary files, as cassettes stand in folders under git. */
final class LockFiles {

    private LockFiles() {}

    static Path of(Path cassette) {
        Path folder = Path.of(
                System.getProperty("java.io.tmpdir"), "llm-lifecycle-" + System.getProperty("user.name", "locks"));
        String name = cassette.toAbsolutePath().normalize().toString();
        return folder.resolve("cassette-" + Hash.ofUtf8(name).hex() + ".lock");
    }
}
