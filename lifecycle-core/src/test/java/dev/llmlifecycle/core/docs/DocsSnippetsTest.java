package dev.llmlifecycle.core.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Holds the snippets of the pages to the tests that run them.
 *
 * <p>A page marks a fenced block by {@code <!-- snippet: path/to/SomeTest.java#NAME -->} on the line before it; the
 * test marks the region by {@code // docs:begin NAME} and {@code // docs:end NAME}. Both must be equal, without the
 * common indentation.
 */
final class DocsSnippetsTest {

    private static final Pattern MARKER = Pattern.compile("<!-- snippet: (\\S+)#(\\S+) -->");

    @TestFactory
    Stream<DynamicTest> everyMarkedBlockEqualsTheRegionOfItsTest() throws IOException {
        Path root = root();
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages(root)) {
            List<String> lines = Files.readAllLines(page);
            for (int i = 0; i < lines.size(); i++) {
                Matcher marker = MARKER.matcher(lines.get(i).strip());
                if (marker.matches()) {
                    List<String> block = block(page, lines, i + 1);
                    Path source = root.resolve(marker.group(1));
                    String region = marker.group(2);
                    tests.add(DynamicTest.dynamicTest(
                            root.relativize(page) + ", line " + (i + 1) + ", " + region,
                            () -> assertThat(String.join("\n", block))
                                    .as("a block of %s against region %s of %s", page, region, source)
                                    .isEqualTo(region(Files.readAllLines(source), region))));
                }
            }
        }
        assertThat(tests).as("marked blocks in docs and README").isNotEmpty();
        return tests.stream();
    }

    @Test
    void dedentsARegionAndKeepsItsShape() {
        List<String> source = List.of(
                "        // docs:begin one",
                "        a {",
                "",
                "            b",
                "        }",
                "        // docs:end one");

        assertThat(region(source, "one")).isEqualTo("a {\n\n    b\n}");
    }

    @Test
    void saysWhichRegionIsMissing() {
        assertThatIllegalStateException()
                .isThrownBy(() -> region(List.of("// docs:begin one"), "one"))
                .withMessage("the region 'one' is not marked by '// docs:begin one' and '// docs:end one'");
        assertThatIllegalStateException().isThrownBy(() -> region(List.of(), "one"));
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("docs"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("no folder above " + Path.of("").toAbsolutePath() + " holds 'docs'");
        }
        return folder;
    }

    private static List<Path> pages(Path root) throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            docs.filter(path -> path.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        if (Files.exists(root.resolve("README.md"))) {
            pages.add(root.resolve("README.md"));
        }
        return pages;
    }

    private static List<String> block(Path page, List<String> lines, int fence) {
        if (fence >= lines.size() || !lines.get(fence).startsWith("```")) {
            throw new IllegalStateException("no fenced block follows line " + fence + " of " + page);
        }
        List<String> block = new ArrayList<>();
        for (int i = fence + 1; i < lines.size() && !lines.get(i).startsWith("```"); i++) {
            block.add(lines.get(i));
        }
        return block;
    }

    private static String region(List<String> source, String name) {
        int begin = indexOf(source, "// docs:begin " + name);
        int end = indexOf(source, "// docs:end " + name);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException("the region '" + name + "' is not marked by '// docs:begin " + name
                    + "' and '// docs:end " + name + "'");
        }
        return String.join("\n", source.subList(begin + 1, end)).stripIndent();
    }

    private static int indexOf(List<String> source, String line) {
        for (int i = 0; i < source.size(); i++) {
            if (source.get(i).strip().equals(line)) {
                return i;
            }
        }
        return -1;
    }
}
