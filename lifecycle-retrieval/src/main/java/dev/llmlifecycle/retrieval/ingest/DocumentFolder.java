package dev.llmlifecycle.retrieval.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentParser;
import dev.langchain4j.data.document.Metadata;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.retrieval.ingest.SkippedFile.Reason;

/**
 * A folder of Markdown, plain text and HTML files, read as documents; other types with a reader of the host's.
 *
 * <p>Read are files that end in {@code .md}, {@code .markdown}, {@code .txt}, {@code .html} or {@code .htm}, and what
 * {@linkplain Builder#reader readers} were given for, in all sub folders, ordered by path. Text is UTF-8, UTF-16, or
 * what its byte order mark or HTML declaration says; line ends become line feeds. Of an HTML page the main content is
 * kept, as {@link HtmlDocumentParser} reads it. Each document has the metadata {@link Passage#SOURCE source} (the path
 * relative to the root, with {@code /}) and {@link Passage#TITLE title}.
 *
 * <p>Hidden files and folders are left out. A link is followed when it leads to a file inside the root, never out of it
 * and never to a folder. A file that changes while it is read is read again. What cannot be read is left out and named
 * in {@link FolderContent#skipped()}: one file never ends the reading of the others.
 *
 * <p>Immutable and thread-safe.
 *
 * <pre>{@code
 * FolderContent content = DocumentFolder.open(Path.of("docs")).read();
 * }</pre>
 *
 * @since 0.1
 */
public final class DocumentFolder {

    private static final Set<String> MARKDOWN = Set.of("md", "markdown");
    private static final Set<String> HTML = Set.of("html", "htm");
    private static final Set<String> PLAIN = Set.of("txt");
    private static final Pattern FRONT_MATTER = Pattern.compile("\\A---\\n((?:(?!---\\n).*\\n){0,200})---(?:\\n|\\z)");
    private static final Pattern FRONT_MATTER_TITLE = Pattern.compile("(?m)^title:[ \\t]*(.+)$");

    private final Path root;
    private final long maximumFileBytes;
    private final Map<String, DocumentParser> readers;
    private final Duration readerTimeout;
    private final Optional<Charset> fallbackCharset;
    private final StableFile.Opener opener;

    private DocumentFolder(Builder builder) {
        this.root = builder.root;
        this.maximumFileBytes = builder.maximumFileBytes;
        this.readers = new TreeMap<>(builder.readers);
        this.readerTimeout = builder.readerTimeout;
        this.fallbackCharset = builder.fallbackCharset;
        this.opener = builder.opener;
    }

    /**
     * Opens a folder with the default limits.
     *
     * @param root the folder
     * @return the folder, not read yet
     * @throws LifecycleException when it is missing or is not a folder
     */
    public static DocumentFolder open(Path root) {
        return builder(root).build();
    }

    /**
     * Starts a folder with other limits.
     *
     * @param root the folder
     * @return a builder
     */
    public static Builder builder(Path root) {
        return new Builder(root);
    }

    /**
     * Returns the folder.
     *
     * @return the path as it was given
     */
    public Path root() {
        return root;
    }

    /**
     * Reads all documents.
     *
     * @return the documents and what was left out
     * @throws LifecycleException when the folder is missing, cannot be listed, or holds no document that can be read,
     *     or the thread is interrupted
     */
    public FolderContent read() {
        requireFolder(root);
        Map<String, Path> files = new TreeMap<>();
        List<SkippedFile> skipped = new ArrayList<>();
        Path realRoot;
        try {
            realRoot = root.toRealPath();
            Files.walkFileTree(realRoot, new Lister(realRoot, files, skipped));
        } catch (IOException | UncheckedIOException e) {
            throw new LifecycleException(
                    "Listing the document folder " + root + " failed: " + reason(e) + "; check its permissions", e);
        }
        List<Document> documents = new ArrayList<>();
        try (TimedReader timed = new TimedReader(readerTimeout)) {
            files.forEach((source, file) -> read(realRoot, source, file, timed, documents, skipped));
        }
        skipped.sort(Comparator.comparing(SkippedFile::path));
        if (documents.isEmpty()) {
            throw new LifecycleException("Reading the document folder " + root + " found no document"
                    + (skipped.isEmpty() ? "" : " but left out " + skipped.size() + ", such as " + skipped.get(0))
                    + "; put " + types() + " files into it");
        }
        return new FolderContent(documents, skipped);
    }

    private void read(
            Path realRoot,
            String source,
            Path file,
            TimedReader timed,
            List<Document> documents,
            List<SkippedFile> skipped) {
        if (Thread.currentThread().isInterrupted()) {
            throw TimedReader.interrupted(null);
        }
        StableFile.Content content;
        try {
            Path real = file.toRealPath();
            if (!real.startsWith(realRoot) || Files.isDirectory(real)) {
                skipped.add(link(source));
                return;
            }
            content = StableFile.read(real, maximumFileBytes, opener);
        } catch (IOException e) {
            skipped.add(new SkippedFile(
                    source, Reason.UNREADABLE, "cannot be read: " + reason(e) + "; check its permissions"));
            return;
        }
        if (content.tooLarge()) {
            skipped.add(tooLarge(source));
        } else if (content.bytes().isEmpty()) {
            skipped.add(new SkippedFile(
                    source, Reason.CHANGING, "changed each time it was read; ingest again when it is written"));
        } else {
            add(source, text(source, content.bytes().get(), timed), documents, skipped);
        }
    }

    private void add(String source, ReadText read, List<Document> documents, List<SkippedFile> skipped) {
        if (read.text().isEmpty()) {
            skipped.add(new SkippedFile(source, read.reason(), read.detail()));
        } else if (!TextDecoder.hasText(read.text().get())) {
            skipped.add(new SkippedFile(source, Reason.EMPTY, "has no text; fill or remove it"));
        } else if (read.text().get().length() > maximumFileBytes) {
            skipped.add(tooLarge(source));
        } else {
            Metadata metadata = read.metadata().copy().put(Passage.SOURCE, source);
            if (!metadata.containsKey(Passage.TITLE)) {
                metadata.put(Passage.TITLE, fileName(source));
            }
            documents.add(Document.from(read.text().get(), metadata));
        }
    }

    private ReadText text(String source, byte[] bytes, TimedReader timed) {
        String extension = extension(source);
        Optional<DocumentParser> reader = Optional.ofNullable(readers.get(extension));
        if (reader.isPresent()) {
            return withTitle(timed.read(reader.get(), bytes));
        }
        if (HTML.contains(extension)) {
            return HtmlDocumentParser.read(bytes, fallbackCharset);
        }
        TextDecoder.Decoded decoded = TextDecoder.decode(bytes, fallbackCharset);
        if (decoded.text().isEmpty()) {
            return ReadText.problem(Reason.NOT_TEXT, decoded.problem());
        }
        String text = decoded.text().get();
        if (!MARKDOWN.contains(extension)) {
            return ReadText.of(text, Optional.empty());
        }
        Optional<String> title = Optional.empty();
        Matcher frontMatter = FRONT_MATTER.matcher(text);
        if (frontMatter.find()) {
            Matcher line = FRONT_MATTER_TITLE.matcher(frontMatter.group(1));
            title = line.find() ? Optional.of(line.group(1).strip().replaceAll("^[\"']|[\"']$", "")) : Optional.empty();
            text = text.substring(frontMatter.end());
        }
        return ReadText.of(text, title.filter(found -> !found.isBlank()).or(firstHeading(text)));
    }

    /** What a reader gives is Markdown, and its first heading a title where the reader names none. */
    private static ReadText withTitle(ReadText read) {
        if (read.text().isEmpty() || read.metadata().containsKey(Passage.TITLE)) {
            return read;
        }
        Metadata metadata = read.metadata().copy();
        firstHeading(read.text().get()).get().ifPresent(title -> metadata.put(Passage.TITLE, title));
        return ReadText.of(read.text().get(), metadata);
    }

    private static Supplier<Optional<String>> firstHeading(String text) {
        return () -> MarkdownBlocks.parse(text).stream()
                .filter(block -> block.kind() == MarkdownBlocks.Kind.HEADING)
                .map(MarkdownBlocks.Block::heading)
                .findFirst();
    }

    private static void requireFolder(Path root) {
        if (!Files.exists(root)) {
            throw new LifecycleException(
                    "Opening the document folder " + root + " failed: it does not exist; create it or name another");
        }
        if (!Files.isDirectory(root)) {
            throw new LifecycleException("Opening the document folder " + root
                    + " failed: it is a file, not a folder; name the folder that holds it");
        }
    }

    private SkippedFile tooLarge(String source) {
        return new SkippedFile(
                source, Reason.TOO_LARGE, "is over " + maximumFileBytes + " bytes; split it or raise maximumFileBytes");
    }

    /** Names the types that are read, such as {@code .md, .txt, .html or .pdf}. */
    private String types() {
        List<String> types = new ArrayList<>(List.of(".md", ".txt", ".html"));
        readers.keySet().stream()
                .map(extension -> "." + extension)
                .filter(type -> !types.contains(type))
                .forEach(types::add);
        return String.join(", ", types.subList(0, types.size() - 1)) + " or " + types.get(types.size() - 1);
    }

    private boolean supports(String extension) {
        return readers.containsKey(extension)
                || MARKDOWN.contains(extension)
                || HTML.contains(extension)
                || PLAIN.contains(extension);
    }

    private static SkippedFile link(String source) {
        return new SkippedFile(
                source, Reason.LINK, "is a link out of the folder or to a folder; put the files themselves there");
    }

    private static String extension(String source) {
        int dot = source.lastIndexOf('.');
        return dot <= source.lastIndexOf('/') ? "" : source.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static String fileName(String source) {
        String name = source.substring(source.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    static String reason(Throwable e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + e.getMessage());
    }

    /** Collects the files of a folder by their relative path. */
    private final class Lister extends SimpleFileVisitor<Path> {

        private final Path folder;
        private final Map<String, Path> files;
        private final List<SkippedFile> skipped;

        Lister(Path folder, Map<String, Path> files, List<SkippedFile> skipped) {
            this.folder = folder;
            this.files = files;
            this.skipped = skipped;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
            return !inner.equals(folder) && hidden(inner) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (hidden(file)) {
                return FileVisitResult.CONTINUE;
            }
            String source = source(file);
            if (attributes.isSymbolicLink() && Files.isDirectory(file)) {
                skipped.add(link(source));
            } else if (supports(extension(source))) {
                if (attributes.isOther()) {
                    skipped.add(new SkippedFile(source, Reason.NOT_TEXT, "is no regular file; leave it out"));
                } else {
                    files.put(source, file);
                }
            } else {
                skipped.add(new SkippedFile(
                        source, Reason.UNSUPPORTED_TYPE, "is no " + types() + " file; convert it to one of them"));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (file.equals(folder)) {
                throw failure;
            }
            skipped.add(new SkippedFile(
                    source(file), Reason.UNREADABLE, "cannot be read: " + reason(failure) + "; check its permissions"));
            return FileVisitResult.CONTINUE;
        }

        private String source(Path file) {
            return folder.relativize(file)
                    .toString()
                    .replace(file.getFileSystem().getSeparator(), "/");
        }

        private static boolean hidden(Path file) {
            return file.getFileName().toString().startsWith(".");
        }
    }

    /**
     * Builds a {@link DocumentFolder}.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {

        private final Path root;
        private final Map<String, DocumentParser> readers = new HashMap<>();
        private long maximumFileBytes = 10_000_000;
        private Duration readerTimeout = Duration.ofMinutes(1);
        private Optional<Charset> fallbackCharset = Optional.empty();
        private StableFile.Opener opener = Files::newInputStream;

        private Builder(Path root) {
            this.root = Objects.requireNonNull(root, "root");
        }

        /**
         * Adds a reader for files of some types, such as LangChain4j's {@code ApacheTikaDocumentParser} for {@code pdf}
         * and {@code docx}.
         *
         * <p>Its text is split as Markdown, so a reader that keeps headings and tables as Markdown keeps them for
         * retrieval; {@link HtmlDocumentParser} turns HTML into that. Its metadata stays, {@link Passage#TITLE} names
         * the document. A file that it fails on, with an exception or an error, or has not read
         * {@linkplain #readerTimeout in time}, is left out and named.
         *
         * @param reader safe for use by many threads, since one that was given up may still be running
         * @param extensions the ends of the names of the files, without the dot, in any case; one that is read anyway,
         *     such as {@code html}, goes to the reader from now on
         * @return this builder
         */
        public Builder reader(DocumentParser reader, String... extensions) {
            Objects.requireNonNull(reader, "reader");
            if (extensions.length == 0) {
                throw new IllegalArgumentException("a reader was given no extensions; name some, such as \"pdf\"");
            }
            for (String extension : extensions) {
                if (!extension.matches("[\\p{L}\\p{N}_-]+")) {
                    throw new IllegalArgumentException("a reader was given the extension '" + extension
                            + "'; name it without dot or star, such as \"pdf\"");
                }
                readers.put(extension.toLowerCase(Locale.ROOT), reader);
            }
            return this;
        }

        /**
         * Sets how long a {@linkplain #reader reader} may take for one file.
         *
         * <p>One that takes longer is interrupted and waited for no more; it keeps its thread until it notices.
         *
         * @param timeout positive; default one minute
         * @return this builder
         */
        public Builder readerTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException(
                        "readerTimeout must be positive but was " + timeout + "; give the longest time for one file");
            }
            this.readerTimeout = timeout;
            return this;
        }

        /**
         * Sets how text is read that is neither Unicode nor says what it is.
         *
         * @param charset such as windows-1252; default none, which leaves such a file out
         * @return this builder
         */
        public Builder fallbackCharset(Charset charset) {
            this.fallbackCharset = Optional.of(charset);
            return this;
        }

        Builder opener(StableFile.Opener opener) {
            this.opener = opener;
            return this;
        }

        /**
         * Sets the size above which a file is left out, and the length above which the text that a reader made of it
         * is.
         *
         * @param bytes at least 1; default 10,000,000
         * @return this builder
         */
        public Builder maximumFileBytes(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException(
                        "maximumFileBytes must be at least 1 but was " + bytes + "; give the largest size to read");
            }
            this.maximumFileBytes = bytes;
            return this;
        }

        /**
         * Opens the folder.
         *
         * @return the folder, not read yet
         * @throws LifecycleException when it is missing or is not a folder
         */
        public DocumentFolder build() {
            requireFolder(root);
            return new DocumentFolder(this);
        }
    }
}
