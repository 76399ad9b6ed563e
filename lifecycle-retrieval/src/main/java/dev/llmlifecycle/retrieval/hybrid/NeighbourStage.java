package dev.llmlifecycle.retrieval.hybrid;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.retrieval.ingest.Chunkers;
import org.jspecify.annotations.Nullable;

/** Makes one passage of pieces of a document that follow each other or overlap. */
final class NeighbourStage implements RetrievalStage {

    private final int maximumGap;
    private final int maximumCharacters;
    private final Identity identity;

    NeighbourStage(int maximumGap, int maximumCharacters) {
        if (maximumGap < 0 || maximumCharacters < 1) {
            throw new IllegalArgumentException("merging neighbours was given a gap of " + maximumGap + " and "
                    + maximumCharacters
                    + " characters; the gap must be at least 0, the characters at least 1");
        }
        this.maximumGap = maximumGap;
        this.maximumCharacters = maximumCharacters;
        this.identity = Identity.of(
                "merge-neighbours", "1", Map.of("maximumGap", maximumGap, "maximumCharacters", maximumCharacters));
    }

    /**
     * A piece of a document.
     *
     * @param passage the passage, with the best score of those it was made from
     * @param repeated how many characters at its beginning are from elsewhere in the document
     * @param from what it was made from, best first
     */
    private record Piece(Passage passage, String source, int start, int end, int repeated, List<Passage> from) {

        static Optional<Piece> of(Passage passage) {
            Metadata metadata = passage.segment().metadata();
            @Nullable String source = metadata.getString(Passage.SOURCE);
            @Nullable Integer start = offset(metadata, Chunkers.START);
            @Nullable Integer end = offset(metadata, Chunkers.END);
            @Nullable Integer repeated = offset(metadata, Chunkers.REPEATED);
            int before = repeated == null ? 0 : repeated;
            if (source == null
                    || start == null
                    || end == null
                    || before < 0
                    || passage.text().length() != before + end - start) {
                return Optional.empty();
            }
            return Optional.of(new Piece(passage, source, start, end, before, List.of(passage)));
        }

        /** An index may give integers back as long. */
        private static @Nullable Integer offset(Metadata metadata, String key) {
            return metadata.toMap().get(key) instanceof Number number ? (Integer) number.intValue() : null;
        }

        boolean isBefore(Piece next, int maximumGap) {
            return source.equals(next.source) && next.start - end <= maximumGap;
        }

        /** Returns both as one; the next one starts no earlier than this one. */
        Piece with(Piece next) {
            List<Passage> all = new ArrayList<>(from);
            all.addAll(next.from);
            all.sort(Scaling.BEST_FIRST);
            Passage best = all.get(0);
            if (next.end <= end) {
                return new Piece(
                        new Passage(passage.id(), passage.segment(), best.score()), source, start, end, repeated, all);
            }
            int gap = next.start - end;
            String own = next.passage.text().substring(next.repeated);
            String between = gap == 1 ? " " : "\n".repeat(Math.max(0, gap));
            String text = passage.text() + between + own.substring(Math.max(0, -gap));
            Metadata metadata = passage.segment()
                    .metadata()
                    .copy()
                    .remove(Chunkers.PARENT_TEXT)
                    .remove(Chunkers.PARENT_START)
                    .remove(Chunkers.PARENT_END)
                    .put(Chunkers.END, next.end);
            if (!passage.heading().equals(next.passage.heading())) {
                metadata.remove(Passage.HEADING);
                commonHeading(passage, next.passage).ifPresent(heading -> metadata.put(Passage.HEADING, heading));
            }
            return new Piece(
                    new Passage(source + "#" + start + "-" + next.end, TextSegment.from(text, metadata), best.score()),
                    source,
                    start,
                    next.end,
                    repeated,
                    all);
        }

        private static Optional<String> commonHeading(Passage a, Passage b) {
            String one = a.heading().orElse("") + " > ";
            String other = b.heading().orElse("") + " > ";
            int common = 0;
            for (int i = 0; i < Math.min(one.length(), other.length()) && one.charAt(i) == other.charAt(i); i++) {
                if (one.startsWith(" > ", i) && other.startsWith(" > ", i)) {
                    common = i;
                }
            }
            return common == 0 ? Optional.empty() : Optional.of(one.substring(0, common));
        }
    }

    @Override
    public Outcome apply(RetrievalRequest request, List<Passage> passages) {
        List<Kept> kept = new ArrayList<>();
        Map<String, List<Piece>> bySource = new LinkedHashMap<>();
        for (Passage passage : passages) {
            Optional<Piece> piece = Piece.of(passage);
            if (piece.isPresent()) {
                bySource.computeIfAbsent(piece.get().source(), source -> new ArrayList<>())
                        .add(piece.get());
            } else {
                kept.add(Kept.unchanged(passage, "it has no place in a document"));
            }
        }
        bySource.values().forEach(pieces -> merge(pieces).forEach(piece -> kept.add(kept(piece))));
        kept.sort(Comparator.comparing(Kept::passage, Scaling.BEST_FIRST));
        return new Outcome(kept, List.of());
    }

    private List<Piece> merge(List<Piece> pieces) {
        pieces.sort(Comparator.comparingInt(Piece::start)
                .thenComparingInt(Piece::end)
                .thenComparing(piece -> piece.passage().id()));
        List<Piece> merged = new ArrayList<>();
        Piece last = pieces.get(0);
        for (Piece next : pieces.subList(1, pieces.size())) {
            if (last.isBefore(next, maximumGap)
                    && Math.max(last.end(), next.end()) - last.start() <= maximumCharacters) {
                last = last.with(next);
            } else {
                merged.add(last);
                last = next;
            }
        }
        merged.add(last);
        return merged;
    }

    private static Kept kept(Piece piece) {
        List<String> from = piece.from().stream().map(Passage::id).toList();
        return new Kept(
                piece.passage(),
                from,
                from.size() == 1
                        ? "no neighbour was found"
                        : "made of " + from.size() + " neighbours, with the best of their scores");
    }

    @Override
    public Identity identity() {
        return identity;
    }
}
