package dev.llmlifecycle.api.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class RetrieverContractTest extends RetrieverContract {

    @Override
    protected Retriever create(List<TextSegment> segments) {
        return new WordOverlap(segments);
    }

    @Test
    void noticesWhenTiesAreLeftToChance() {
        assertThat(failures(segments -> new WordOverlap(segments) {
                    @Override
                    Comparator<Passage> order() {
                        return Comparator.comparingDouble(Passage::score)
                                .reversed()
                                .thenComparing(Passage::id, Comparator.reverseOrder());
                    }
                }))
                .contains("ordersBestFirstAndTiesById");
    }

    @Test
    void noticesAFilterThatIsIgnored() {
        assertThat(failures(segments -> new WordOverlap(segments) {
                    @Override
                    boolean isAllowed(TextSegment segment, RetrievalRequest request) {
                        return true;
                    }
                }))
                .containsExactly("findsTheOneAllowedPassageBehindManyBetterOnes", "returnsOnlyWhatTheFilterAllows");
    }

    @Test
    void noticesASnapshotThatNeverChanges() {
        assertThat(failures(segments -> new WordOverlap(segments) {
                    @Override
                    public String snapshotId() {
                        return "always";
                    }
                }))
                .containsExactly("keepsTheSnapshotIdUntilTheContentChanges");
    }

    @Test
    void noticesAnIdentityThatCoversTheContent() {
        assertThat(failures(segments -> new WordOverlap(segments) {
                    @Override
                    public Identity identity() {
                        return Identity.of("word-overlap", snapshotId());
                    }
                }))
                .containsExactly("namesConfigurationAndCorpusWhateverTheContent");
    }

    private static List<String> failures(Function<List<TextSegment>, Retriever> broken) {
        return Failures.of(RetrieverContract.class, () -> new RetrieverContract() {
            @Override
            protected Retriever create(List<TextSegment> segments) {
                return broken.apply(segments);
            }
        });
    }

    /** Ranks by the share of common words. */
    private static class WordOverlap implements Retriever {

        private static final int TOP_K = 5;

        private final List<TextSegment> segments;

        WordOverlap(List<TextSegment> segments) {
            this.segments = List.copyOf(segments);
        }

        @Override
        public Retrieval retrieve(RetrievalRequest request) {
            Set<String> asked = words(request.text());
            List<Passage> passages = new ArrayList<>();
            for (TextSegment segment : segments) {
                Set<String> common = words(segment.text());
                int all = common.size();
                common.retainAll(asked);
                if (isAllowed(segment, request) && !common.isEmpty()) {
                    passages.add(new Passage(
                            segment.metadata().getString(Passage.SOURCE) + "#1",
                            segment,
                            common.size() / (double) (all + 1)));
                }
            }
            return new Retrieval(passages.stream().sorted(order()).limit(TOP_K).toList(), snapshotId());
        }

        boolean isAllowed(TextSegment segment, RetrievalRequest request) {
            return request.filter()
                    .map(filter -> filter.test(segment.metadata()))
                    .orElse(true);
        }

        Comparator<Passage> order() {
            return Comparator.comparingDouble(Passage::score).reversed().thenComparing(Passage::id);
        }

        private static Set<String> words(String text) {
            return new HashSet<>(Arrays.asList(text.toLowerCase(Locale.ROOT).split("\\W+")));
        }

        @Override
        public String corpusId() {
            return "help";
        }

        @Override
        public String snapshotId() {
            return "size-" + segments.size();
        }

        @Override
        public Identity identity() {
            return Identity.of("word-overlap", "1");
        }
    }
}
