package dev.llmlifecycle.api.contract;

import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.app.AnswerCache;
import dev.llmlifecycle.api.app.AnswerCache.Kept;
import dev.llmlifecycle.api.app.AnswerCache.Request;
import dev.llmlifecycle.api.identity.Hash;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every {@link AnswerCache} must hold to.
 *
 * <p>Extend it in a test of your own and supply {@link #create}. Nothing that was just put in may expire within a
 * minute.
 */
public abstract class AnswerCacheContract {

    private static final Hash RELEASE = Hash.ofUtf8("release");
    private static final Hash CONTEXT = Hash.ofUtf8("context");
    private static final String QUESTION = "How long does a refund take?";
    private static final AnswerCache.Key KEY =
            new AnswerCache.Key(QUESTION, RELEASE, "answer", CONTEXT, Optional.empty());

    /**
     * Returns a new cache without content.
     *
     * @return the cache under test
     */
    protected abstract AnswerCache create();

    @Test
    public final void findsWhatWasPutForTheSameKey() {
        AnswerCache cache = create();
        Request first = request(KEY, "i1");
        assertThat(cache.find(first).answer()).isEmpty();
        cache.put(first, new Kept("14 days [1].", List.of("refunds#1")));

        assertThat(cache.find(request(KEY, "i2")).answer()).contains("14 days [1].");
    }

    @Test
    public final void findsNothingWhereAnythingButTheQuestionDiffers() {
        AnswerCache cache = create();
        cache.put(request(KEY, "i1"), new Kept("14 days [1].", List.of()));
        Hash other = Hash.ofUtf8("other");
        int number = 2;
        for (AnswerCache.Key key : List.of(
                new AnswerCache.Key(QUESTION, other, "answer", CONTEXT, Optional.empty()),
                new AnswerCache.Key(QUESTION, RELEASE, "other", CONTEXT, Optional.empty()),
                new AnswerCache.Key(QUESTION, RELEASE, "answer", other, Optional.empty()),
                new AnswerCache.Key(QUESTION, RELEASE, "answer", CONTEXT, Optional.of("acme")),
                new AnswerCache.Key(QUESTION, RELEASE, "answer", CONTEXT, Optional.of("")))) {
            Request request = request(key, "i" + number++);
            assertThat(cache.find(request).answer()).as("%s", key).isEmpty();
            cache.abandon(request);
        }
    }

    @Test
    public final void findsNothingForAnotherQuestion() {
        AnswerCache cache = create();
        cache.put(request(KEY, "i1"), new Kept("14 days [1].", List.of()));
        AnswerCache.Key other =
                new AnswerCache.Key("Where is the showroom?", RELEASE, "answer", CONTEXT, Optional.empty());

        assertThat(cache.find(request(other, "i2")).answer()).isEmpty();
    }

    @Test
    public final void whoAbandonsLeavesNothing() {
        AnswerCache cache = create();
        Request first = request(KEY, "i1");
        cache.find(first);
        cache.abandon(first);
        cache.abandon(first);

        assertThat(cache.find(request(KEY, "i2")).answer()).isEmpty();
    }

    @Test
    public final void theLatestAnswerHolds() {
        AnswerCache cache = create();
        cache.put(request(KEY, "i1"), new Kept("14 days.", List.of()));
        cache.put(request(KEY, "i2"), new Kept("15 days.", List.of()));

        assertThat(cache.find(request(KEY, "i3")).answer()).contains("15 days.");
    }

    private static Request request(AnswerCache.Key key, String interactionId) {
        return new Request(key, interactionId, Optional.empty());
    }
}
