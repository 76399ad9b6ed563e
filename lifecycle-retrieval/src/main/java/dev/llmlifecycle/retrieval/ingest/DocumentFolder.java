package dev.llmlifecycle.retrieval.ingest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
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
import dev.langchain4j.data.document.Metadata;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.retrieval.ingest.SkippedFile.Reason;
import org.jsoup.Jsoup;

/**
 * A folder of Markdown, plain text and HTML files, read as documents.
 *
 * <p>Read are files that end in {@code .md}, {@code .markdown}, {@code .txt}, {@code .html} or {@code .htm}, in all sub
 * folders, ordered by path. Text is UTF-8, or what its byte order mark or HTML declaration says; line ends become line
 * feeds. Of an HTML page the main content is kept, as Markdown. Each document has the metadata {@link Passage#SOURCE
 * source} (the path relative to the root, with {@code /}) and {@link Passage#TITLE title}.
 *
 * <p>Hidden files and folders are left out. A link is followed when it leads to a file inside the root, never out of it
 * and never to a folder. What cannot be read is left out and named in {@link FolderContent#skipped()}.
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

    private DocumentFolder(Builder builder) {
        this.root = builder.root;
        this.maximumFileBytes = builder.maximumFileBytes;
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
     * @throws LifecycleException when the folder is missing, cannot be listed, or holds no document that can be read
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
        files.forEach((source, file) -> read(realRoot, source, file, documents, skipped));
        skipped.sort(Comparator.comparing(SkippedFile::path));
        if (documents.isEmpty()) {
            throw new LifecycleException("Reading the document folder " + root + " found no document"
                    + (skipped.isEmpty() ? "" : " but left out " + skipped.size() + ", such as " + skipped.get(0))
                    + "; put .md, .txt or .html files into it");
        }
        return new FolderContent(documents, skipped);
    }

    private void read(Path realRoot, String source, Path file, List<Document> documents, List<SkippedFile> skipped) {
        byte[] bytes;
        try {
            Path real = file.toRealPath();
            if (!real.startsWith(realRoot) || Files.isDirectory(real)) {
                skipped.add(link(source));
                return;
            }
            try (InputStream in = Files.newInputStream(real)) {
                bytes = in.readNBytes((int) Math.min(maximumFileBytes + 1, Integer.MAX_VALUE - 8));
            }
        } catch (IOException e) {
            skipped.add(new SkippedFile(
                    source, Reason.UNREADABLE, "cannot be read: " + reason(e) + "; check its permissions"));
            return;
        }
        if (bytes.length > maximumFileBytes) {
            skipped.add(new SkippedFile(
                    source,
                    Reason.TOO_LARGE,
                    "is over " + maximumFileBytes + " bytes; split it or raise maximumFileBytes"));
            return;
        }
        Content content = HTML.contains(extension(source)) ? html(bytes) : text(bytes, source);
        if (content.text().isEmpty()) {
            skipped.add(new SkippedFile(source, Reason.NOT_TEXT, content.detail()));
        } else if (!TextDecoder.hasText(content.text().get())) {
            skipped.add(new SkippedFile(source, Reason.EMPTY, "has no text; fill or remove it"));
        } else {
            Metadata metadata = new Metadata()
                    .put(Passage.SOURCE, source)
                    .put(Passage.TITLE, content.title().orElseGet(() -> fileName(source)));
            documents.add(Document.from(content.text().get(), metadata));
        }
    }

    /** A text with its title, or no text and the reason. */
    private record Content(Optional<String> text, Optional<String> title, String detail) {

        static Content of(String text, Optional<String> title) {
            return new Content(Optional.of(text), title, "");
        }

        static Content problem(String detail) {
            return new Content(Optional.empty(), Optional.empty(), detail);
        }
    }

    private static Content text(byte[] bytes, String source) {
        TextDecoder.Decoded decoded = TextDecoder.decode(bytes);
        if (decoded.text().isEmpty()) {
            return Content.problem(decoded.problem());
        }
        String text = decoded.text().get();
        if (!MARKDOWN.contains(extension(source))) {
            return Content.of(text, Optional.empty());
        }
        Optional<String> title = Optional.empty();
        Matcher frontMatter = FRONT_MATTER.matcher(text);
        if (frontMatter.find()) {
            Matcher line = FRONT_MATTER_TITLE.matcher(frontMatter.group(1));
            title = line.find() ? Optional.of(line.group(1).strip().replaceAll("^[\"']|[\"']$", "")) : Optional.empty();
            text = text.substring(frontMatter.end());
        }
        return Content.of(text, title.filter(found -> !found.isBlank()).or(firstHeading(text)));
    }

    private static Supplier<Optional<String>> firstHeading(String text) {
        return () -> MarkdownBlocks.parse(text).stream()
                .filter(block -> block.kind() == MarkdownBlocks.Kind.HEADING)
                .map(MarkdownBlocks.Block::heading)
                .findFirst();
    }

    private static Content html(byte[] bytes) {
        TextDecoder.Decoded decoded = TextDecoder.decode(bytes);
        org.jsoup.nodes.Document page;
        if (decoded.text().isPresent()) {
            page = Jsoup.parse(decoded.text().get());
        } else {
            // Not UTF-8: believe the page when it declares another charset.
            try {
                page = Jsoup.parse(new ByteArrayInputStream(bytes), null, "");
            } catch (IOException e) {
                return Content.problem("cannot be parsed: " + reason(e) + "; save it as UTF-8");
            }
            Charset declared = page.charset();
            if (declared.equals(StandardCharsets.UTF_8)) {
                return Content.problem(decoded.problem());
            }
        }
        Optional<String> title = HtmlReader.title(page);
        return Content.of(TextDecoder.normalise(HtmlReader.markdown(page)), title);
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

    private static String reason(Exception e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + e.getMessage());
    }

    /** Collects the files of a folder by their relative path. */
    private static final class Lister extends SimpleFileVisitor<Path> {

        private final Path root;
        private final Map<String, Path> files;
        private final List<SkippedFile> skipped;

        Lister(Path root, Map<String, Path> files, List<SkippedFile> skipped) {
            this.root = root;
            this.files = files;
            this.skipped = skipped;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return !folder.equals(root) && hidden(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (hidden(file)) {
                return FileVisitResult.CONTINUE;
            }
            String source = source(file);
            String extension = extension(source);
            if (attributes.isSymbolicLink() && Files.isDirectory(file)) {
                skipped.add(link(source));
            } else if (MARKDOWN.contains(extension) || HTML.contains(extension) || PLAIN.contains(extension)) {
                if (attributes.isOther()) {
                    skipped.add(new SkippedFile(source, Reason.NOT_TEXT, "is no regular file; leave it out"));
                } else {
                    files.put(source, file);
                }
            } else {
                skipped.add(new SkippedFile(
                        source, Reason.UNSUPPORTED_TYPE, "is no .md, .txt or .html file; convert it to one of them"));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (file.equals(root)) {
                throw failure;
            }
            skipped.add(new SkippedFile(
                    source(file), Reason.UNREADABLE, "cannot be read: " + reason(failure) + "; check its permissions"));
            return FileVisitResult.CONTINUE;
        }

        private String source(Path file) {
            return root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
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
        private long maximumFileBytes = 10_000_000;

        private Builder(Path root) {
            this.root = Objects.requireNonNull(root, "root");
        }

        /**
         * Sets the size above which a file is left out.
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
