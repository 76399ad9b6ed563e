package dev.llmlifecycle.retrieval.vector;

import java.util.ArrayList;
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

    private final MergePolicy policy = new MergePolicy(100);

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
    void segmentsEachLargerThanAllBelowThemStay() {
        List<LiveSegment> sealed = List.of(segment(40, 0), segment(10, 0), segment(20, 6), segment(29, 0));

        assertThat(policy.due(sealed.subList(0, 3), List.of())).isEmpty();
        assertThat(policy.due(List.of(), List.of())).isEmpty();
    }

    @Test
    void aSegmentNoLargerThanAllBelowItBecomesOneWithThem() {
        LiveSegment large = segment(50, 0);
        LiveSegment middle = segment(20, 0);
        LiveSegment small = segment(9, 0);
        LiveSegment other = segment(11, 0);

        assertThat(policy.due(List.of(large, middle, small, other), List.of())).containsExactly(small, other, middle);
    }

    @Test
    void whatIsFrozenTakesInWhatIsNoLarger() {
        LiveSegment frozen = segment(20, 0);
        LiveSegment same = segment(30, 10);
        LiveSegment twice = segment(40, 0);

        assertThat(policy.due(List.of(twice, same), List.of(frozen))).containsExactly(frozen, same, twice);
        assertThat(policy.due(List.of(twice), List.of(frozen))).containsExactly(frozen);
    }

    @Test
    void whatIsFrozenComesBeforeWhatIsWorn() {
        LiveSegment worn = segment(80, 30);
        LiveSegment frozen = segment(10, 0);

        assertThat(policy.due(List.of(worn), List.of(frozen))).containsExactly(frozen);
        assertThat(policy.due(List.of(worn), List.of())).containsExactly(worn);
    }

    @Test
    void anEntryIsBuiltIntoFewGraphsAndFewSegmentsAreLeft() {
        MergePolicy wide = new MergePolicy(1_000_000);
        List<LiveSegment> sealed = new ArrayList<>();
        long built = 0;
        for (int i = 0; i < 64; i++) {
            List<LiveSegment> due = wide.due(sealed, List.of(segment(10, 0)));
            sealed.removeAll(due);
            int size = due.stream().mapToInt(LiveSegment::size).sum();
            built += size;
            sealed.add(segment(size, 0));
        }

        assertThat(sealed).hasSize(1);
        assertThat(built).isLessThanOrEqualTo(640 * 7);
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
                IntStream.range(0, 6).mapToObj(i -> segment(51, 0)).toList();

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
