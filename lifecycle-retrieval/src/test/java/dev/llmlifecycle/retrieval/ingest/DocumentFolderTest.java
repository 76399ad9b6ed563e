package dev.llmlifecycle.retrieval.ingest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.langchain4j.data.document.Document;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.ingest.SkippedFile.Reason;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

@NullMarked
class DocumentFolderTest {

    @TempDir
    Path root;

    @Test
    void readsMarkdownTextAndHtmlInTheOrderOfTheirPaths() throws IOException {
        write("b.md", "# Refunds\n\nFive days.");
        write("a/z.txt", "Plain words.");
        write("a/page.HTML", "<title>A page</title><p>Words.</p>");

        List<Document> documents = DocumentFolder.open(root).read().documents();

        assertThat(documents)
                .extracting(document -> document.metadata().getString("source"))
                .containsExactly("a/page.HTML", "a/z.txt", "b.md");
        assertThat(documents)
                .extracting(document -> document.metadata().getString("title"))
                .containsExactly("A page", "z", "Refunds");
        assertThat(documents.get(2).text()).isEqualTo("# Refunds\n\nFive days.");
    }

    @Test
    void normalisesLineEndsAndByteOrderMarks() throws IOException {
        write("crlf.txt", "\uFEFFone\r\ntwo\rthree");
        Files.write(root.resolve("utf16.txt"), "\uFEFFÜber".getBytes(StandardCharsets.UTF_16LE));
        Files.write(root.resolve("utf16be.txt"), "\uFEFFÄrger".getBytes(StandardCharsets.UTF_16BE));

        assertThat(DocumentFolder.open(root).read().documents())
                .extracting(Document::text)
                .containsExactly("one\ntwo\nthree", "Über", "Ärger");
    }

    @Test
    void takesTheTitleFromFrontMatterAndLeavesTheRestOfItOut() throws IOException {
        write("a.md", "---\ntitle: \"Shipping abroad\"\ntags: x\n---\n# Heading\n\nText.");
        write("b.md", "---\ntags: x\n---\nNo heading.");

        List<Document> documents = DocumentFolder.open(root).read().documents();

        assertThat(documents.get(0).metadata().getString("title")).isEqualTo("Shipping abroad");
        assertThat(documents.get(0).text()).isEqualTo("# Heading\n\nText.");
        assertThat(documents.get(1).metadata().getString("title")).isEqualTo("b");
    }

    @Test
    void namesEachSkippedFileWithTheReason() throws IOException {
        write("good.md", "Words.");
        write("empty.md", " \u0001\n");
        write("big.txt", "x".repeat(101));
        write("image.png", "x");
        Files.write(root.resolve("nul.md"), new byte[] {'a', 0, 'b'});
        Files.write(root.resolve("latin.txt"), "Gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1));
        Files.createSymbolicLink(root.resolve("dangling.md"), root.resolve("nowhere"));
        write(".hidden.md", "secret");
        write(".git/config.md", "secret");

        FolderContent content =
                DocumentFolder.builder(root).maximumFileBytes(100).build().read();

        assertThat(content.documents()).hasSize(1);
        assertThat(content.skipped())
                .extracting(SkippedFile::path, SkippedFile::reason)
                .containsExactly(
                        tuple("big.txt", Reason.TOO_LARGE),
                        tuple("dangling.md", Reason.UNREADABLE),
                        tuple("empty.md", Reason.EMPTY),
                        tuple("image.png", Reason.UNSUPPORTED_TYPE),
                        tuple("latin.txt", Reason.NOT_TEXT),
                        tuple("nul.md", Reason.NOT_TEXT));
        assertThat(content.skipped().get(4))
                .hasToString("latin.txt (is not valid UTF-8 at byte 2; save it as UTF-8 or set fallbackCharset)");
        assertThat(content.skipped().get(5).detail())
                .isEqualTo("is binary, it has a NUL at byte 1; leave it out or convert it");
    }

    @Test
    void followsLinksInsideTheRootOnly(@TempDir Path outside) throws IOException {
        Files.writeString(outside.resolve("secret.md"), "secret");
        write("real/a.md", "Words.");
        Files.createSymbolicLink(root.resolve("inside.md"), Path.of("real/a.md"));
        Files.createSymbolicLink(root.resolve("escape.md"), outside.resolve("secret.md"));
        Files.createSymbolicLink(root.resolve("loop"), root);
        Files.createSymbolicLink(root.resolve("folder.md"), root.resolve("real"));

        FolderContent content = DocumentFolder.open(root).read();

        assertThat(content.documents())
                .extracting(document -> document.metadata().getString("source"))
                .containsExactly("inside.md", "real/a.md");
        assertThat(content.skipped())
                .extracting(SkippedFile::path, SkippedFile::reason)
                .containsExactly(
                        tuple("escape.md", Reason.LINK), tuple("folder.md", Reason.LINK), tuple("loop", Reason.LINK));
    }

    @Test
    void refusesWhatIsNoFolderOfDocuments() throws IOException {
        write("file.md", "Words.");
        Path missing = root.resolve("missing");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> DocumentFolder.open(missing))
                .withMessage("Opening the document folder " + missing
                        + " failed: it does not exist; create it or name another");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> DocumentFolder.open(root.resolve("file.md")))
                .withMessageContaining("it is a file, not a folder");
        Path empty = Files.createDirectory(root.resolve("empty"));
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> DocumentFolder.open(empty).read())
                .withMessageContaining("found no document; put .md, .txt or .html files into it");
        Files.writeString(empty.resolve("x.bin"), "x");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> DocumentFolder.open(empty).read())
                .withMessageContaining("left out 1, such as x.bin");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DocumentFolder.builder(root).maximumFileBytes(0));
    }

    @Test
    void keepsTheMainContentOfAPageAsMarkdown() throws IOException {
        write("page.html", """
                <html><head><title>Returns</title><style>p{}</style></head><body>
                <header><h1>Shop</h1></header><nav><a href="/">Home</a></nav>
                <main><h1>Returns</h1>
                <p>You may return it
                   within <b>30 days</b>.<br>Really.</p><aside>Advert</aside>
                <ul><li>Unopened</li><li>With <code>receipt</code><ul><li>or a copy</li></ul></li></ul>
                <ol><li>Pack</li><li>Send</li></ol>
                <table><thead><tr><th>Country</th><th>Days</th></tr></thead>
                <tbody><tr><td>France</td><td>3|4</td></tr><tr></tr></tbody></table>
                <pre>line 1
                  line 2</pre><h2></h2><script>alert(1)</script></main>
                <footer>Legal</footer></body></html>""");

        Document page = DocumentFolder.open(root).read().documents().get(0);

        assertThat(page.text()).isEqualTo("""
                # Returns

                You may return it within 30 days.
                Really.

                - Unopened
                - With `receipt`
                  - or a copy

                1. Pack
                2. Send

                | Country | Days |
                | --- | --- |
                | France | 3\\|4 |

                ```
                line 1
                  line 2
                ```""");
        assertThat(page.metadata().getString("title")).isEqualTo("Returns");
    }

    @Test
    void findsTheContentOfAPageWithoutMain() throws IOException {
        write("a.html", "<body><header>Site</header><div>Text <p>more</p></div><footer>x</footer></body>");
        write("b.html", "<body>menu<article><header><h1>Head</h1></header><p>Story</p></article></body>");
        Files.write(
                root.resolve("c.html"),
                "<meta charset=iso-8859-1><p>Gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1));
        Files.write(root.resolve("d.html"), "<p>Gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1));
        write("e.html", "<div>".repeat(20_000) + "deep");

        FolderContent content = DocumentFolder.open(root).read();

        assertThat(content.documents())
                .extracting(Document::text)
                .containsExactly("Text\n\nmore", "# Head\n\nStory", "Gr\u00fc\u00dfe", "deep");
        assertThat(content.documents().get(1).metadata().getString("title")).isEqualTo("Head");
        assertThat(content.skipped()).extracting(SkippedFile::path).containsExactly("d.html");
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
