package dev.llmlifecycle.eval.junit;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import dev.llmlifecycle.api.DamagedDataException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@NullMarked
final class TestResourcesTest {

    private static final String LINE = "{\"id\": \"a\", \"input\": \"How long?\"}\n";

    @TempDir
    Path folder = Path.of("");

    @Test
    void findsWhatIsInTheFolderThenOnTheClassPath() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes/sets"));
        Files.writeString(classes.resolve("refunds.v2.jsonl"), LINE);
        Files.writeString(classes.resolve("refunds.cassette.json"), "{}");
        try (URLClassLoader loader = loader(folder.resolve("classes/"))) {
            TestResources resources = new TestResources(folder.resolve("none"), typeOf(loader));

            assertThat(resources.dataset("sets/refunds.v2.jsonl").name()).isEqualTo("refunds");
            assertThat(resources.file("sets/refunds.cassette.json"))
                    .isEqualTo(classes.resolve("refunds.cassette.json"));
            assertThat(resources.file("sets/new.cassette.json"))
                    .isEqualTo(folder.resolve("none/sets/new.cassette.json"));
            TestResources files = new TestResources(folder.resolve("classes"), typeOf(loader));
            assertThat(files.dataset("sets/refunds.v2.jsonl").size()).isEqualTo(1);
        }
    }

    @Test
    void readsADatasetOutOfAJar() throws IOException {
        Path jar = folder.resolve("sets.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            entries.putNextEntry(new JarEntry("sets/refunds.jsonl"));
            entries.write(LINE.getBytes(StandardCharsets.UTF_8));
            entries.putNextEntry(new JarEntry("sets/broken.jsonl"));
            entries.write((LINE + LINE).getBytes(StandardCharsets.UTF_8));
        }
        try (URLClassLoader loader = loader(jar)) {
            TestResources resources = new TestResources(folder, typeOf(loader));

            assertThat(resources.dataset("sets/refunds.jsonl").size()).isEqualTo(1);
            assertThatExceptionOfType(DamagedDataException.class)
                    .isThrownBy(() -> resources.dataset("sets/broken.jsonl"))
                    .withMessageContaining("/sets/broken.jsonl, line 2: the id 'a' is on line 1 already");
        }
    }

    private static URLClassLoader loader(Path path) throws IOException {
        return new URLClassLoader(new URL[] {path.toUri().toURL()}, TestResourcesTest.class.getClassLoader());
    }

    /** Returns a class of the loader. */
    private static Class<?> typeOf(ClassLoader loader) {
        return Proxy.newProxyInstance(loader, new Class<?>[] {Runnable.class}, (proxy, method, arguments) -> null)
                .getClass();
    }
}
