package dev.llmlifecycle.api.contract;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.junit.jupiter.api.Test;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every {@link Retriever} must hold to.
 *
 * <p>Extend it in a test of your own and supply {@link #create}, with a retriever that returns between two and forty
 * passages of English text. What a retriever holds open is yours to close, after each test.
 */
public abstract class RetrieverContract {

    private static final String LANGUAGE = "language";

    private static final List<TextSegment> HELP = List.of(
            segment("returns.md", "Refunds are paid to the card within five days after the return."),
            segment("shipping.md", "Parcels are shipped from Hamburg every weekday at noon."),
            segment("account.md", "A forgotten password is reset by a link in an e-mail."),
            segment("warranty.md", "The warranty of a bicycle covers the frame for ten years."));

    private static final List<String> QUESTIONS = List.of(
            "When are refunds paid to the card?",
            "Which weekday are parcels shipped from Hamburg?",
            "How is a forgotten password reset?",
            "What does the warranty of a bicycle cover?");

    private static final Comparator<Passage> BEST_FIRST =
            Comparator.comparingDouble(Passage::score).reversed().thenComparing(Passage::id);

    /**
     * Returns a retriever over the segments, each of them one passage, with the same configuration every time.
     *
     * @param segments the whole content, possibly none; their texts and metadata must come back unchanged
     * @return the retriever under test
     */
    protected abstract Retriever create(List<TextSegment> segments);

    @Test
    public final void findsWhatAQuestionIsAbout() {
        Retriever retriever = create(HELP);

        for (int i = 0; i < QUESTIONS.size(); i++) {
            Passage best = retrieve(retriever, QUESTIONS.get(i)).passages().get(0);

            assertThat(best.text()).isEqualTo(HELP.get(i).text());
            assertThat(best.source())
                    .isEqualTo(HELP.get(i).metadata().getString(Passage.SOURCE))
                    .isNotNull();
        }
    }

    @Test
    public final void ordersBestFirstAndTiesById() {
        List<TextSegment> segments = new ArrayList<>(HELP);
        for (int copy = 4; copy >= 1; copy--) {
            segments.add(segment("copy-" + copy + ".md", HELP.get(0).text()));
        }
        Retriever retriever = create(segments);

        List<Passage> passages = retrieve(retriever, HELP.get(0).text()).passages();

        assertThat(passages).isSortedAccordingTo(BEST_FIRST);
        assertThat(passages.get(0).score())
                .as("equal texts are equally good")
                .isEqualTo(passages.get(1).score());
    }

    @Test
    public final void givesEachPassageAnIdOfItsOwnThatStays() {
        Retriever retriever = create(HELP);
        List<String> ids = ids(retrieve(retriever, QUESTIONS.get(0)));

        assertThat(ids).doesNotHaveDuplicates();
        assertThat(ids(retrieve(create(HELP), QUESTIONS.get(0)))).isEqualTo(ids);
    }

    @Test
    public final void findsNothingInNothing() {
        Retriever retriever = create(List.of());

        assertThat(retrieve(retriever, QUESTIONS.get(0)).passages()).isEmpty();
        assertThat(retriever.snapshotId()).isNotBlank();
    }

    @Test
    public final void answersTheSameRequestTheSameWay() {
        Retriever retriever = create(HELP);
        Retrieval first = retrieve(retriever, QUESTIONS.get(1));

        assertThat(retrieve(retriever, QUESTIONS.get(1))).isEqualTo(first);
    }

    @Test
    public final void keepsTheSnapshotIdUntilTheContentChanges() {
        Retriever retriever = create(HELP);
        String snapshot = retriever.snapshotId();

        assertThat(snapshot).isNotBlank();
        assertThat(retrieve(retriever, QUESTIONS.get(0)).snapshotId()).isEqualTo(snapshot);
        assertThat(retriever.snapshotId()).isEqualTo(snapshot);
        assertThat(create(HELP.subList(0, 3)).snapshotId()).isNotEqualTo(snapshot);
    }

    @Test
    public final void namesConfigurationAndCorpusWhateverTheContent() {
        Retriever retriever = create(HELP);
        Retriever other = create(HELP.subList(0, 1));

        assertThat(retriever.corpusId()).isNotBlank().isEqualTo(retriever.corpusId());
        assertThat(retriever.identity()).isEqualTo(retriever.identity()).isEqualTo(other.identity());
    }

    @Test
    public final void returnsOnlyWhatTheFilterAllows() {
        Retriever retriever = create(HELP);
        Filter shipping = metadataKey(Passage.SOURCE).isEqualTo("shipping.md");

        assertThat(retrieve(retriever, "When are refunds paid and parcels shipped?", shipping)
                        .passages())
                .extracting(Passage::source)
                .containsExactly("shipping.md");
        assertThat(retrieve(
                                retriever,
                                QUESTIONS.get(0),
                                metadataKey(Passage.SOURCE).isEqualTo("none.md"))
                        .passages())
                .isEmpty();
    }

    @Test
    public final void findsTheOneAllowedPassageBehindManyBetterOnes() {
        List<TextSegment> segments = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            segments.add(segment("returns-" + i + ".md", HELP.get(0).text()));
        }
        segments.add(TextSegment.from(
                "Refunds of gift cards are paid as another gift card.",
                Metadata.from(Passage.SOURCE, "gift-cards.md").put(LANGUAGE, "en-GB")));
        Retriever retriever = create(segments);

        assertThat(retrieve(retriever, HELP.get(0).text(), metadataKey(LANGUAGE).isEqualTo("en-GB"))
                        .passages())
                .extracting(Passage::source)
                .containsExactly("gift-cards.md");
    }

    @Test
    public final void takesAnyTextAsAQuestion() {
        Retriever retriever = create(HELP);

        for (String question : HostileTexts.upTo(20_000)) {
            assertThat(retrieve(retriever, question).passages())
                    .as("question that starts with '%s'", question.substring(0, Math.min(20, question.length())))
                    .isSortedAccordingTo(BEST_FIRST);
        }
    }

    @Test
    public final void servesManyThreads() {
        Retriever retriever = create(HELP);
        List<Retrieval> expected = QUESTIONS.stream()
                .map(question -> retrieve(retriever, question))
                .toList();

        Threads.together(thread -> {
            for (int i = 0; i < 2 * QUESTIONS.size(); i++) {
                int question = (thread + i) % QUESTIONS.size();
                assertThat(retrieve(retriever, QUESTIONS.get(question))).isEqualTo(expected.get(question));
            }
            return thread;
        });
    }

    private static List<String> ids(Retrieval retrieval) {
        return retrieval.passages().stream().map(Passage::id).toList();
    }

    private static Retrieval retrieve(Retriever retriever, String question) {
        return retriever.retrieve(RetrievalRequest.of(question));
    }

    private static Retrieval retrieve(Retriever retriever, String question, Filter filter) {
        return retriever.retrieve(
                new RetrievalRequest(question, Optional.of(filter), Optional.empty(), Optional.empty()));
    }

    private static TextSegment segment(String source, String text) {
        return TextSegment.from(text, Metadata.from(Passage.SOURCE, source).put(LANGUAGE, "en"));
    }
}
