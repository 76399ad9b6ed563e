package dev.llmlifecycle.retrieval.vector;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.langchain4j.data.document.Metadata;
import dev.llmlifecycle.retrieval.vector.internal.Bits;
import dev.llmlifecycle.retrieval.vector.internal.HeapSegment;
import dev.llmlifecycle.retrieval.vector.internal.Metric;
import dev.llmlifecycle.retrieval.vector.internal.ScanningMetadataIndexing;
import dev.llmlifecycle.retrieval.vector.internal.SegmentSearcher;
import dev.llmlifecycle.retrieval.vector.internal.VectorItem;
import dev.llmlifecycle.retrieval.vector.internal.VectorMath;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class MergePolicyTest {

    private final MergePolicy policy = new MergePolicy(10, 100);

    private static LiveSegment segment(int size, int deleted) {
        List<VectorItem> items = IntStream.range(0, size)
                .mapToObj(i -> new VectorItem("id-" + i, new float[] {i}, null, new Metadata()))
                .toList();
        HeapSegment content = new HeapSegment(1, items, Optional.empty(), new ScanningMetadataIndexing());
        long[] words = new long[(size + 63) / 64];
        for (int i = 0; i < deleted; i++) {
            words[i / 64] |= 1L << i;
        }
        return new LiveSegment(
                size,
                content,
                SegmentSearcher.of(content, Metric.INNER_PRODUCT, VectorMath.best()),
                Bits.ofWords(words, size));
    }

    @Test
    void aTierThatIsNotFullStays() {
        List<LiveSegment> sealed = List.of(segment(10, 0), segment(10, 3), segment(39, 0), segment(40, 0));

        assertThat(policy.due(sealed, List.of())).isEmpty();
    }

    @Test
    void aFullTierBecomesOneSegment() {
        List<LiveSegment> small =
                IntStream.range(0, 4).mapToObj(i -> segment(10 + i, 0)).toList();

        assertThat(policy.due(small, List.of())).isEqualTo(small);
    }

    @Test
    void aSegmentOfWhichMuchIsDeletedIsMadeAnew() {
        LiveSegment worn = segment(20, 7);

        assertThat(policy.due(List.of(segment(20, 6), worn), List.of())).containsExactly(worn);
    }

    @Test
    void whatIsFrozenIsSealedInItsOrderAsFarAsItFits() {
        LiveSegment first = segment(60, 0);
        LiveSegment second = segment(40, 0);
        LiveSegment third = segment(1, 0);

        assertThat(policy.due(List.of(), List.of(first, second, third))).containsExactly(first, second);
        assertThat(policy.due(List.of(), List.of(segment(500, 0)))).hasSize(1);
    }

    @Test
    void segmentsTooLargeForOneStayAsTheyAre() {
        List<LiveSegment> large =
                IntStream.range(0, 6).mapToObj(i -> segment(26, 0)).toList();

        assertThat(policy.due(large, List.of())).isEmpty();
    }

    @Test
    void allBecomesOneAndOneWithoutDeletionsStays() {
        LiveSegment small = segment(5, 0);
        LiveSegment large = segment(50, 1);

        assertThat(policy.all(List.of(large, small), List.of())).containsExactly(small, large);
        assertThat(policy.all(List.of(large), List.of())).containsExactly(large);
        assertThat(policy.all(List.of(small), List.of())).isEmpty();
    }
}
