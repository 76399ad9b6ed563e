package dev.llmlifecycle.retrieval.ingest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import dev.langchain4j.data.document.BlankDocumentException;
import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentParser;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.ingest.SkippedFile.Reason;
import org.jsoup.Jsoup;

/**
 * Reads the main content of an HTML page as Markdown: headings, paragraphs, lists, tables and code.
 *
 * <p>The main content is {@code main}, a single {@code article}, or the body without its header. Navigation, footers,
 * asides, scripts, forms' controls and banners about cookies are left out. A table becomes rows with a header; a cell
 * that spans rows is repeated in each, and a table that only lays out a page is none. The page is UTF-8, or what its
 * byte order mark or declaration says. Its title becomes metadata {@link dev.llmlifecycle.api.retrieval.Passage#TITLE
 * title}.
 *
 * <p>{@link DocumentFolder} reads HTML so by itself; this is for pages from elsewhere, and for readers of other formats
 * that can write HTML.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class HtmlDocumentParser implements DocumentParser {

    /** Creates a parser. */
    public HtmlDocumentParser() {}

    /**
     * Reads a page.
     *
     * @param page its bytes, left open
     * @return its text as Markdown, with its title where it has one
     * @throws BlankDocumentException when it has no text
     * @throws LifecycleException when the bytes cannot be read or are no text
     */
    @Override
    public Document parse(InputStream page) {
        ReadText read;
        try {
            read = read(page.readAllBytes(), Optional.empty());
        } catch (IOException e) {
            throw new LifecycleException("Reading an HTML page failed; check where it comes from", e);
        }
        String text = read.text()
                .orElseThrow(() -> new LifecycleException("Reading an HTML page failed: it " + read.detail()));
        if (!TextDecoder.hasText(text)) {
            throw new BlankDocumentException();
        }
        return Document.from(text, read.metadata());
    }

    static ReadText read(byte[] bytes, Optional<Charset> fallback) {
        TextDecoder.Decoded decoded = TextDecoder.decode(bytes, Optional.empty());
        org.jsoup.nodes.Document page;
        if (decoded.text().isPresent()) {
            page = Jsoup.parse(decoded.text().get());
        } else {
            // Not UTF-8: believe the page when it declares another charset.
            try {
                page = Jsoup.parse(new ByteArrayInputStream(bytes), null, "");
            } catch (IOException | RuntimeException e) {
                return ReadText.problem(Reason.NOT_TEXT, "cannot be parsed: " + e + "; save it as UTF-8");
            }
            if (page.charset().equals(StandardCharsets.UTF_8)) {
                TextDecoder.Decoded other = TextDecoder.decode(bytes, fallback);
                if (other.text().isEmpty()) {
                    return ReadText.problem(Reason.NOT_TEXT, other.problem());
                }
                page = Jsoup.parse(other.text().get());
            }
        }
        Optional<String> title = HtmlReader.title(page);
        return ReadText.of(TextDecoder.normalise(HtmlReader.markdown(page)), title);
    }
}
