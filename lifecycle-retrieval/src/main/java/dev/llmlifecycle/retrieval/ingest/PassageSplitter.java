package dev.llmlifecycle.retrieval.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.retrieval.ingest.MarkdownBlocks.Block;
import dev.llmlifecycle.retrieval.ingest.MarkdownBlocks.Kind;

/**
 * Splits a document along its structure into passages that can be shown and quoted as they are.
 *
 * <p>A passage never crosses a heading; the headings above it are its metadata {@link Passage#HEADING heading}, joined
 * by {@code " > "}, and are not part of its text. Under one heading, paragraphs, lists, tables and code are packed
 * together up to the {@linkplain Builder#maximumCharacters maximum}. What is longer is split: a paragraph between
 * sentences, a list between items (the line that introduces it stays with the first), a table between rows (each part
 * repeats the header), code only when it is twice as long, between lines. Passages do not overlap.
 *
 * <p>The text of a passage is a piece of the document, unchanged: the one that {@link #START} and {@link #END} name.
 * Only a later part of a split table has the header in front. Other metadata is the document's own.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class PassageSplitter implements DocumentSplitter {

    /** Metadata key of the offset in the document's text where a passage starts, an integer. */
    public static final String START = "start";

    /** Metadata key of the offset in the document's text after a passage, an integer. */
    public static final String END = "end";

    private static final String HEADING_SEPARATOR = " > ";
    private static final Pattern TABLE_RULE = Pattern.compile("[ \\t]*\\|[ \\t:|-]*-[ \\t:|-]*");

    private final int maximum;

    private PassageSplitter(Builder builder) {
        this.maximum = builder.maximumCharacters;
    }

    /**
     * Starts a splitter.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Splits a document.
     *
     * @param document the document; its text uses line feeds
     * @return the passages in order, possibly none when there is nothing but headings
     */
    @Override
    public List<TextSegment> split(Document document) {
        return new Packing(document).run();
    }

    /** The work on one document. */
    private final class Packing {

        private final String text;
        private final Metadata metadata;
        private final List<TextSegment> passages = new ArrayList<>();
        private final List<Block> headings = new ArrayList<>();
        private int start = -1;
        private int end = -1;

        Packing(Document document) {
            this.text = document.text();
            this.metadata = document.metadata();
        }

        List<TextSegment> run() {
            for (Block block : MarkdownBlocks.parse(text)) {
                if (block.kind() == Kind.HEADING) {
                    flush();
                    headings.removeIf(above -> above.level() >= block.level());
                    headings.add(block);
                } else if (block.kind() == Kind.SEPARATOR) {
                    flush();
                } else {
                    pack(block);
                }
            }
            flush();
            return List.copyOf(passages);
        }

        private void pack(Block block) {
            int longest = block.kind() == Kind.CODE ? 2 * maximum : maximum;
            if (start >= 0 && block.end() - start <= maximum) {
                end = block.end();
            } else if (block.length() <= longest) {
                flush();
                start = block.start();
                end = block.end();
            } else if (block.kind() == Kind.TABLE) {
                flush();
                packRows(block);
            } else {
                flush();
                packUnits(units(block), block.kind() == Kind.LIST);
            }
        }

        private List<TextSpan> units(Block block) {
            return switch (block.kind()) {
                case LIST -> between(MarkdownBlocks.itemStarts(text, block), block.end());
                case CODE -> lines(block);
                default -> sentences(block.start(), block.end());
            };
        }

        private void packUnits(List<TextSpan> units, boolean sentencesInside) {
            for (TextSpan unit : units) {
                if (start >= 0 && unit.end() - start <= maximum) {
                    end = unit.end();
                } else if (unit.length() <= maximum) {
                    flush();
                    start = unit.start();
                    end = unit.end();
                } else {
                    flush();
                    packUnits(
                            sentencesInside ? sentences(unit.start(), unit.end()) : words(unit.start(), unit.end()),
                            false);
                }
            }
        }

        private void packRows(Block table) {
            List<TextSpan> rows = lines(table);
            boolean ruled =
                    rows.size() > 2 && TABLE_RULE.matcher(rows.get(1).of(text)).matches();
            int headerEnd = ruled ? rows.get(1).end() : rows.get(0).end();
            String header = text.substring(table.start(), headerEnd) + "\n";
            if (header.length() > maximum / 2) {
                packUnits(rows, false);
                flush();
                return;
            }
            List<TextSpan> body = rows.subList(ruled ? 2 : 1, rows.size());
            boolean first = true;
            for (TextSpan row : body) {
                if (start >= 0 && header.length() + row.end() - start > maximum) {
                    flushRows(table, header, first);
                    first = false;
                }
                start = start < 0 ? row.start() : start;
                end = row.end();
            }
            flushRows(table, header, first);
        }

        private void flushRows(Block table, String header, boolean first) {
            if (first) {
                start = table.start();
                flush();
            } else if (start >= 0) {
                add(header + text.substring(start, end));
            }
        }

        private void flush() {
            if (start >= 0) {
                add(text.substring(start, end));
            }
        }

        private void add(String passage) {
            if (TextDecoder.hasText(passage)) {
                Metadata own = metadata.copy().put(START, start).put(END, end);
                String path = headings.stream()
                        .map(Block::heading)
                        .filter(heading -> !heading.isEmpty())
                        .reduce((above, below) -> above + HEADING_SEPARATOR + below)
                        .orElse("");
                if (!path.isEmpty()) {
                    own.put(Passage.HEADING, path);
                }
                passages.add(TextSegment.from(passage, own));
            }
            start = -1;
            end = -1;
        }

        private List<TextSpan> sentences(int from, int to) {
            return Sentences.split(text.substring(from, to)).stream()
                    .map(span -> new TextSpan(from + span.start(), from + span.end()))
                    .toList();
        }

        /** Cuts what has no sentence end, at white space where there is some. */
        private List<TextSpan> words(int from, int to) {
            List<TextSpan> pieces = new ArrayList<>();
            int at = from;
            while (to - at > maximum) {
                int cut = at + maximum;
                while (cut > at + maximum / 2 && !Character.isWhitespace(text.charAt(cut))) {
                    cut--;
                }
                if (!Character.isWhitespace(text.charAt(cut))) {
                    cut = at + maximum;
                    cut = Character.isLowSurrogate(text.charAt(cut)) ? cut - 1 : cut;
                }
                pieces.add(new TextSpan(at, cut));
                at = cut;
                while (at < to && Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
            }
            if (at < to) {
                pieces.add(new TextSpan(at, to));
            }
            return pieces;
        }

        private List<TextSpan> lines(Block block) {
            List<Integer> starts = new ArrayList<>();
            for (int at = block.start(); at < block.end(); at = text.indexOf('\n', at) + 1) {
                starts.add(at);
                if (text.indexOf('\n', at) < 0) {
                    break;
                }
            }
            return between(starts, block.end());
        }

        /** Makes spans from their starts, without the white space at their ends. */
        private List<TextSpan> between(List<Integer> starts, int last) {
            List<TextSpan> spans = new ArrayList<>();
            for (int i = 0; i < starts.size(); i++) {
                int from = starts.get(i);
                int to = i + 1 < starts.size() ? starts.get(i + 1) : last;
                while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
                    to--;
                }
                if (to > from) {
                    spans.add(new TextSpan(from, to));
                }
            }
            return spans;
        }
    }

    /**
     * Builds a {@link PassageSplitter}.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {

        private static final int LEAST = 100;

        private int maximumCharacters = 900;

        private Builder() {}

        /**
         * Sets the length that a passage does not exceed, but for code that is kept whole and table headers.
         *
         * @param characters at least 100; default 900, about what small embedding models read
         * @return this builder
         */
        public Builder maximumCharacters(int characters) {
            if (characters < LEAST) {
                throw new IllegalArgumentException("maximumCharacters must be at least " + LEAST + " but was "
                        + characters + "; shorter passages lose their meaning");
            }
            this.maximumCharacters = characters;
            return this;
        }

        /**
         * Builds the splitter.
         *
         * @return a splitter
         */
        public PassageSplitter build() {
            return new PassageSplitter(this);
        }
    }
}
