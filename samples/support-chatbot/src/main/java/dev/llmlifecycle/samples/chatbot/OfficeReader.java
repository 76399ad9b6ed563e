package dev.llmlifecycle.samples.chatbot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentParser;
import dev.llmlifecycle.retrieval.ingest.HtmlDocumentParser;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.sax.ToHTMLContentHandler;
import org.apache.tika.sax.WriteOutContentHandler;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * Reads PDF and Office files with Apache Tika: as HTML, which the library turns into Markdown, so that headings and
 * tables stay what they are as far as the format knows them. A PDF has paragraphs only.
 */
final class OfficeReader implements DocumentParser {

    /** Longer text is no document for a chat; a small file can unfold to it. */
    private static final int LONGEST_HTML = 50_000_000;

    private static final String[] EXTENSIONS = {"pdf", "doc", "docx", "ppt", "pptx", "xls", "xlsx", "rtf"};

    private final AutoDetectParser parser = new AutoDetectParser();
    private final DocumentParser html = new HtmlDocumentParser();

    static String[] extensions() {
        return EXTENSIONS.clone();
    }

    @Override
    public Document parse(InputStream file) {
        ContentHandler page = new ToHTMLContentHandler();
        ParseContext context = new ParseContext();
        context.set(EmbeddedDocumentExtractor.class, new NoEmbeddedDocuments());
        try {
            parser.parse(file, new WriteOutContentHandler(page, LONGEST_HTML), new Metadata(), context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SAXException | TikaException e) {
            throw new IllegalStateException(e);
        }
        return html.parse(new ByteArrayInputStream(page.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** Pictures and attachments inside a document are left out. */
    private static final class NoEmbeddedDocuments implements EmbeddedDocumentExtractor {

        @Override
        public boolean shouldParseEmbedded(Metadata metadata) {
            return false;
        }

        @Override
        public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml) {
            // Nothing is asked for.
        }
    }
}
