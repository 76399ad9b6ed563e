package dev.llmlifecycle.retrieval.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.TokenCountEstimator;
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
 * together up to the {@linkplain Builder maximum}. What is longer is split: a paragraph between sentences, a list
 * between items (the line that introduces it stays with the first), a table between rows (each part repeats the
 * header), code only when it is twice as long, between lines. Passages do not overlap.
 *
 * <p>The text of a passage is a piece of the document, unchanged: the one that {@link Chunkers#START} and
 * {@link Chunkers#END} name. Only a later part of a split table has the header in front, whose length is
 * {@link Chunkers#REPEATED}. Other metadata is the document's own.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class PassageSplitter implements DocumentSplitter {

    private static final Pattern TABLE_RULE = Pattern.compile("[ \\t]*\\|[ \\t:|-]*-[ \\t:|-]*");

    private final TextSize size;
    private final int maximum;

    private PassageSplitter(Builder builder) {
        this.size = builder.size;
        this.maximum = builder.maximum;
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
        private final List<Block> blocks;
        private final Chunks passages;
        private int start = -1;
        private int end = -1;

        Packing(Document document) {
            this.text = document.text();
            this.blocks = MarkdownBlocks.parse(text);
            this.passages = new Chunks(document, blocks);
        }

        List<TextSegment> run() {
            for (Block block : blocks) {
                if (block.kind() == Kind.HEADING || block.kind() == Kind.SEPARATOR) {
                    flush();
                } else {
                    pack(block);
                }
            }
            flush();
            return passages.toList();
        }

        private void pack(Block block) {
            int longest = block.kind() == Kind.CODE ? 2 * maximum : maximum;
            if (start >= 0 && size.of(text, start, block.end()) <= maximum) {
                end = block.end();
            } else if (size.of(text, block.start(), block.end()) <= longest) {
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
                if (start >= 0 && size.of(text, start, unit.end()) <= maximum) {
                    end = unit.end();
                } else if (size.of(text, unit.start(), unit.end()) <= maximum) {
                    flush();
                    start = unit.start();
                    end = unit.end();
                } else {
                    flush();
                    packUnits(
                            sentencesInside
                                    ? sentences(unit.start(), unit.end())
                                    : size.pieces(text, unit.start(), unit.end(), maximum),
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
            int headerSize = size.of(header, 0, header.length());
            if (headerSize > maximum / 2) {
                packUnits(rows, false);
                flush();
                return;
            }
            List<TextSpan> body = rows.subList(ruled ? 2 : 1, rows.size());
            boolean first = true;
            for (TextSpan row : body) {
                if (start >= 0 && headerSize + size.of(text, start, row.end()) > maximum) {
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
            } else {
                flush(header);
            }
        }

        private void flush() {
            flush("");
        }

        private void flush(String repeated) {
            if (start >= 0) {
                passages.add(repeated, start, end);
            }
            start = -1;
            end = -1;
        }

        private List<TextSpan> sentences(int from, int to) {
            return Sentences.split(text.substring(from, to)).stream()
                    .map(span -> new TextSpan(from + span.start(), from + span.end()))
                    .toList();
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

        private static final int LEAST_CHARACTERS = 100;
        private static final int LEAST_TOKENS = 20;

        private TextSize size = TextSize.characters();
        private int maximum = 900;

        private Builder() {}

        /**
         * Sets the length that a passage does not exceed, but for code that is kept whole and table headers.
         *
         * @param characters at least 100; default 900, about what small embedding models read
         * @return this builder
         */
        public Builder maximumCharacters(int characters) {
            return maximum("maximumCharacters", characters, LEAST_CHARACTERS, TextSize.characters());
        }

        /**
         * Sets the number of tokens that a passage does not exceed, but for code that is kept whole and table headers.
         *
         * @param tokens at least 20
         * @param estimator what counts tokens; its counts must not be capped at the limit of a model
         * @return this builder
         */
        public Builder maximumTokens(int tokens, TokenCountEstimator estimator) {
            Objects.requireNonNull(estimator, "estimator");
            return maximum("maximumTokens", tokens, LEAST_TOKENS, TextSize.tokens(estimator));
        }

        private Builder maximum(String name, int maximum, int least, TextSize size) {
            if (maximum < least) {
                throw new IllegalArgumentException(name + " must be at least " + least + " but was " + maximum
                        + "; shorter passages lose their meaning");
            }
            this.maximum = maximum;
            this.size = size;
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
