package dev.llmlifecycle.samples.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class VectorFileTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void vectorsOfThePackageAreConverted() throws IOException {
        Path tar = directory.resolve("words.tgz");
        Path vectors = directory.resolve("words.fvecs");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(tar))) {
            entry(out, "package/package.json", "{\"name\":\"words\"}");
            entry(
                    out,
                    "package/words.json",
                    "{\"dimensions\":2,\"words\":[\"a\",\"b\"],\"vectors\":{\"a\":[1,2.5,2.7,0],\"b\":[-3,0.25,3,1]},\"unkVector\":[0,0,0,-1]}");
            out.write(new byte[1024]);
        }

        VectorFile.main(new String[] {tar.toString(), vectors.toString()});

        assertThat(VectorFile.read(vectors, 2)).containsExactly(new float[] {1, 2.5f}, new float[] {-3, 0.25f});
        assertThatIOException()
                .isThrownBy(() -> VectorFile.read(vectors, 3))
                .withMessage(vectors + " has only 2 of 3 vectors; ask for fewer");
    }

    @Test
    void anotherPackageIsRefused() throws IOException {
        Path tar = directory.resolve("other.tgz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(tar))) {
            entry(out, "package/package.json", "{}");
            out.write(new byte[1024]);
        }

        assertThatIOException()
                .isThrownBy(() -> VectorFile.main(new String[] {tar.toString(), "out"}))
                .withMessageContaining("is it the right package?");
        assertThatIllegalArgumentException().isThrownBy(() -> VectorFile.main(new String[] {"one"}));
    }

    private static void entry(OutputStream out, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        byte[] header = new byte[512];
        byte[] named = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(named, 0, header, 0, named.length);
        byte[] size = String.format(Locale.ROOT, "%011o", bytes.length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, header, 124, size.length);
        out.write(header);
        out.write(Arrays.copyOf(bytes, (bytes.length + 511) / 512 * 512));
    }
}
