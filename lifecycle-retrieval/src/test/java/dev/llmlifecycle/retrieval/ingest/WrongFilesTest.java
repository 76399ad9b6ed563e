package dev.llmlifecycle.retrieval.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.langchain4j.data.document.BlankDocumentException;
import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentParser;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.retrieval.ingest.SkippedFile.Reason;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

/** What stands in folders and is no easy document: encodings, readers that fail, files that change or are huge. */
@NullMarked
class WrongFilesTest {

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    @TempDir
    Path root;

    @BeforeEach
    void writeAGoodOne() throws IOException {
        Files.writeString(root.resolve("good.md"), "# Good\n\nWords.");
    }

    @Test
    void readsUnicodeHoweverItIsWritten() throws IOException {
        write("16be.txt", "Refunds in \u00dcber five days".getBytes(StandardCharsets.UTF_16BE));
        write("16le.txt", "Refunds in \u00dcber five days".getBytes(StandardCharsets.UTF_16LE));
        write("32be.txt", "\uFEFFRefunds".getBytes(Charset.forName("UTF-32BE")));
        write("32le.txt", "\uFEFFRefunds".getBytes(Charset.forName("UTF-32LE")));

        assertThat(DocumentFolder.open(root).read().documents())
                .extracting(Document::text)
                .containsExactly(
                        "Refunds in \u00dcber five days",
                        "Refunds in \u00dcber five days",
                        "Refunds",
                        "Refunds",
                        "# Good\n\nWords.");
    }

    @Test
    void leavesOutWhatIsNoTextAndReadsOtherCharsetsWhenItIsToldWhich() throws IOException {
        write("binary.txt", new byte[] {'P', 0, 0, 'K', 3, 0, 4, 0});
        write("short.txt", new byte[] {1, 0, 2, 0, 3, 0, 4, 0});
        write("latin1.txt", "Gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1));
        write("page.html", "<p>Gr\u00fc\u00dfe".getBytes(WINDOWS_1252));
        write("quotes.md", "\u201cFive\u201d \u20ac".getBytes(WINDOWS_1252));
        write("undefined.txt", new byte[] {'a', (byte) 0x81, 'b'});
        write("none.txt", new byte[0]);

        assertThat(DocumentFolder.open(root).read().skipped())
                .extracting(SkippedFile::path, SkippedFile::reason)
                .containsExactly(
                        tuple("binary.txt", Reason.NOT_TEXT),
                        tuple("latin1.txt", Reason.NOT_TEXT),
                        tuple("none.txt", Reason.EMPTY),
                        tuple("page.html", Reason.NOT_TEXT),
                        tuple("quotes.md", Reason.NOT_TEXT),
                        tuple("short.txt", Reason.NOT_TEXT),
                        tuple("undefined.txt", Reason.NOT_TEXT));

        FolderContent told = DocumentFolder.builder(root)
                .fallbackCharset(WINDOWS_1252)
                .build()
                .read();
        assertThat(told.documents())
                .extracting(Document::text)
                .containsExactly("# Good\n\nWords.", "Gr\u00fc\u00dfe", "Gr\u00fc\u00dfe", "\u201cFive\u201d \u20ac");
        assertThat(told.skipped())
                .extracting(SkippedFile::path)
                .containsExactly("binary.txt", "none.txt", "short.txt", "undefined.txt");
    }

    @Test
    void readsOtherTypesThroughReadersOfTheHost() throws IOException {
        write("a.PDF", "x".getBytes(StandardCharsets.UTF_8));
        write("b.docx", "x".getBytes(StandardCharsets.UTF_8));
        write("c.xyz", "x".getBytes(StandardCharsets.UTF_8));

        FolderContent content = DocumentFolder.builder(root)
                .reader(in -> Document.from("# Terms\r\n\r\nTen years.", Metadata.from("pages", "3")), "pdf")
                .reader(in -> Document.from("Prices.", Metadata.from(Passage.TITLE, "Price list")), "docx", "xlsx")
                .build()
                .read();

        assertThat(content.documents()).extracting(Document::text).startsWith("# Terms\n\nTen years.", "Prices.");
        assertThat(content.documents().get(0).metadata().toMap())
                .isEqualTo(Map.of("source", "a.PDF", "title", "Terms", "pages", "3"));
        assertThat(content.documents().get(1).metadata().getString("title")).isEqualTo("Price list");
        assertThat(content.skipped().get(0).detail())
                .isEqualTo("is no .md, .txt, .html, .docx, .pdf or .xlsx file; convert it to one of them");
    }

    @Test
    void aReaderThatFailsOrHangsCostsItsFileOnly() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        Map<String, DocumentParser> readers = Map.of(
                "broken",
                        in -> {
                            throw new IllegalStateException("no\nheader " + "x".repeat(500));
                        },
                "memory",
                        in -> {
                            throw new OutOfMemoryError("Java heap space");
                        },
                "deep",
                        in -> {
                            throw new StackOverflowError();
                        },
                "hung",
                        in -> {
                            awaitForEver(never);
                            return Document.from("late");
                        },
                "blank",
                        in -> {
                            throw new BlankDocumentException();
                        },
                "long", in -> Document.from("x".repeat(2000)));
        DocumentFolder.Builder folder = DocumentFolder.builder(root)
                .readerTimeout(Duration.ofMillis(200))
                .maximumFileBytes(1000);
        for (Map.Entry<String, DocumentParser> reader : readers.entrySet()) {
            write("a." + reader.getKey(), "x".getBytes(StandardCharsets.UTF_8));
            folder.reader(reader.getValue(), reader.getKey());
        }

        FolderContent content = folder.build().read();

        never.countDown();
        assertThat(content.documents()).extracting(Document::text).containsExactly("# Good\n\nWords.");
        assertThat(content.skipped())
                .extracting(SkippedFile::path, SkippedFile::reason)
                .containsExactly(
                        tuple("a.blank", Reason.EMPTY),
                        tuple("a.broken", Reason.READER_FAILED),
                        tuple("a.deep", Reason.READER_FAILED),
                        tuple("a.hung", Reason.READER_FAILED),
                        tuple("a.long", Reason.TOO_LARGE),
                        tuple("a.memory", Reason.READER_FAILED));
        assertThat(content.skipped().get(1).detail())
                .startsWith("cannot be read: IllegalStateException no header xxx")
                .endsWith("…; open it in its own program and save it again")
                .hasSizeLessThan(300);
        assertThat(content.skipped().get(3).detail())
                .isEqualTo("was not read within 0.2 seconds; leave it out or raise readerTimeout");
    }

    /** Does not notice that it is interrupted, as some parsers do not. */
    private static void awaitForEver(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                latch.await();
                done = true;
            } catch (InterruptedException e) {
                done = false;
            }
        }
    }

    @Test
    void anInterruptEndsTheReading() throws IOException {
        write("a.pdf", "x".getBytes(StandardCharsets.UTF_8));
        DocumentFolder folder = DocumentFolder.builder(root)
                .reader(in -> Document.from("text"), "pdf")
                .build();
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(folder::read)
                .withMessage("Reading documents was interrupted; ingest again");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void refusesReadersItCannotUse() {
        DocumentFolder.Builder folder = DocumentFolder.builder(root);
        DocumentParser reader = in -> Document.from("text");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> folder.reader(reader))
                .withMessage("a reader was given no extensions; name some, such as \"pdf\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> folder.reader(reader, "*.pdf"))
                .withMessage(
                        "a reader was given the extension '*.pdf';" + " name it without dot or star, such as \"pdf\"");
        assertThatIllegalArgumentException().isThrownBy(() -> folder.readerTimeout(Duration.ZERO));
    }

    @Test
    void readsAFileAgainThatChangesMeanwhile() throws IOException {
        Path growing = root.resolve("growing.txt");
        Files.writeString(growing, "first");
        AtomicInteger reads = new AtomicInteger();
        StableFile.Opener opener = file -> {
            InputStream in = Files.newInputStream(file);
            if (file.endsWith("growing.txt") && reads.incrementAndGet() < 3) {
                in.close();
                in = InputStream.nullInputStream();
                Files.writeString(file, " more", StandardOpenOption.APPEND);
            }
            return in;
        };

        assertThat(DocumentFolder.builder(root).opener(opener).build().read().documents())
                .extracting(Document::text)
                .contains("first more more");
        assertThat(reads).hasValue(3);
    }

    @Test
    void namesAFileThatNeverStandsStill() throws IOException {
        Files.writeString(root.resolve("log.txt"), "first");
        StableFile.Opener opener = file -> {
            InputStream in = Files.newInputStream(file);
            if (file.endsWith("log.txt")) {
                Files.writeString(file, "\nanother line", StandardOpenOption.APPEND);
            }
            return in;
        };

        FolderContent content =
                DocumentFolder.builder(root).opener(opener).build().read();

        assertThat(content.documents()).hasSize(1);
        assertThat(content.skipped())
                .extracting(SkippedFile::toString)
                .containsExactly("log.txt (changed each time it was read; ingest again when it is written)");
    }

    @Test
    void leavesOutAFileOf50MegabytesUnreadAndCanReadItWhenAskedTo() throws IOException {
        Path large = root.resolve("large.txt");
        String text = "The refund of order 7 takes five days. ".repeat(20).strip();
        String paragraph = text + "\n\n";
        try (Writer out = Files.newBufferedWriter(large)) {
            for (int i = 0; i < 50_000_000 / paragraph.length(); i++) {
                out.write(paragraph);
            }
        }
        AtomicInteger opened = new AtomicInteger();
        FolderContent content = DocumentFolder.builder(root)
                .opener(file -> {
                    opened.incrementAndGet();
                    return Files.newInputStream(file);
                })
                .build()
                .read();
        assertThat(content.skipped())
                .extracting(SkippedFile::toString)
                .containsExactly("large.txt (is over 10000000 bytes; split it or raise maximumFileBytes)");
        assertThat(opened).hasValue(1);

        Document read = DocumentFolder.builder(root)
                .maximumFileBytes(60_000_000)
                .build()
                .read()
                .documents()
                .get(1);
        List<TextSegment> passages = Chunkers.byStructure(900).split(read);
        assertThat(passages.size()).isEqualTo(50_000_000 / paragraph.length());
        assertThat(passages.stream().allMatch(passage -> passage.text().equals(text)))
                .isTrue();
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(root.resolve(name), bytes);
    }
}
