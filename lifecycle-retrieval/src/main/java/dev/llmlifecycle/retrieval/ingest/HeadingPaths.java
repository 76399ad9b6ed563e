package dev.llmlifecycle.retrieval.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.llmlifecycle.retrieval.ingest.MarkdownBlocks.Block;
import dev.llmlifecycle.retrieval.ingest.MarkdownBlocks.Kind;

/** The headings above each place of a text, outermost first, joined by {@code " > "}. */
final class HeadingPaths {

    private static final String SEPARATOR = " > ";

    private final NavigableMap<Integer, String> paths = new TreeMap<>();

    HeadingPaths(List<Block> blocks) {
        List<Block> above = new ArrayList<>();
        for (Block block : blocks) {
            if (block.kind() == Kind.HEADING) {
                above.removeIf(heading -> heading.level() >= block.level());
                above.add(block);
                paths.put(
                        block.start(),
                        above.stream()
                                .map(Block::heading)
                                .filter(heading -> !heading.isEmpty())
                                .collect(Collectors.joining(SEPARATOR)));
            }
        }
    }

    /** Returns the path at an offset; a heading belongs to its own path. */
    Optional<String> at(int offset) {
        return Optional.ofNullable(paths.floorEntry(offset))
                .map(Map.Entry::getValue)
                .filter(path -> !path.isEmpty());
    }
}
