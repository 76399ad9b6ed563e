package dev.llmlifecycle.api.release;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class JournalEntryTest {

    private static final Hash FIRST = Hash.ofUtf8("first");
    private static final Hash SECOND = Hash.ofUtf8("second");
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
    private static final Optional<Hash> NONE = Optional.empty();
    private static final JournalEvent MOVED = moved(JournalEvent.Moved.Kind.PROMOTE, "p", NONE, SECOND);
    private static final PinnedPrompt PROMPT = new PinnedPrompt("answer", 1, FIRST);

    @Test
    void saysWhereTheLabelPointsAfterAMove() {
        assertThat(new JournalEntry(4, TIME, "ada", "why", MOVED, NONE, Optional.empty()).deployment())
                .contains(new Deployment("p", SECOND, 4, TIME));
        assertThat(entry(new JournalEvent.Approved("p", NONE, SECOND)).deployment())
                .isEmpty();
    }

    @Test
    void hasAHashOverEverythingButTheSignature() {
        JournalEvent.Moved.Kind promote = JournalEvent.Moved.Kind.PROMOTE;
        Optional<Hash> other = Optional.of(FIRST);
        List<JournalEntry> different = Stream.concat(
                        Stream.of(
                                new JournalEntry(2, TIME, "a", "r", MOVED, NONE, Optional.empty()),
                                new JournalEntry(1, TIME.plusNanos(1), "a", "r", MOVED, NONE, Optional.empty()),
                                new JournalEntry(1, TIME, "b", "r", MOVED, NONE, Optional.empty()),
                                new JournalEntry(1, TIME, "a", "s", MOVED, NONE, Optional.empty()),
                                new JournalEntry(1, TIME, "a", "r", MOVED, other, Optional.empty())),
                        Stream.of(
                                        MOVED,
                                        moved(JournalEvent.Moved.Kind.ROLLBACK, "p", NONE, SECOND),
                                        moved(JournalEvent.Moved.Kind.OVERRIDE, "p", NONE, SECOND),
                                        moved(promote, "q", NONE, SECOND),
                                        moved(promote, "p", other, SECOND),
                                        moved(promote, "p", NONE, FIRST),
                                        evidence(FIRST, NONE, NONE),
                                        evidence(FIRST, other, other),
                                        evidence(FIRST, Optional.of(SECOND), other),
                                        evidence(FIRST, other, Optional.of(SECOND)),
                                        new JournalEvent.Proposed("p", NONE, SECOND, List.of()),
                                        new JournalEvent.Proposed("p", NONE, SECOND, List.of("model")),
                                        new JournalEvent.Approved("p", NONE, SECOND),
                                        new JournalEvent.PromptRegistered(PROMPT),
                                        new JournalEvent.PromptLabelled(PROMPT, "reviewed"),
                                        new JournalEvent.PromptLabelled(PROMPT, "draft"))
                                .map(JournalEntryTest::entry))
                .toList();

        assertThat(different.stream().map(JournalEntry::hash).distinct()).hasSize(different.size());
        assertThat(entry(MOVED).signed(JournalSignature.of("k", new byte[] {1})).hash())
                .isEqualTo(entry(MOVED).hash());
    }

    @Test
    void followsTheEntryThatItIsChainedTo() {
        JournalEntry first = JournalEntry.after(Optional.empty(), TIME, "ada", "why", MOVED);
        JournalEntry second = JournalEntry.after(Optional.of(first), TIME, "ada", "why", MOVED);

        assertThat(first.follows(Optional.empty())).isTrue();
        assertThat(second.follows(Optional.of(first))).isTrue();
        assertThat(second.follows(Optional.empty())).isFalse();
        assertThat(second.follows(Optional.of(second))).isFalse();
        assertThat(first.follows(Optional.of(first))).isFalse();
    }

    @Test
    void refusesRevisionsBelowOneAndBlankTexts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JournalEntry(0, TIME, "ada", "why", MOVED, NONE, Optional.empty()))
                .withMessage("revisions count from 1 but this one is 0; let the store count");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JournalEvent.Approved(" ", NONE, SECOND))
                .withMessage("the deployment label of a journal event is blank; name it, such as 'production'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JournalEvent.PromptLabelled(PROMPT, " "))
                .withMessage("the label put on prompt answer@1 is blank; name it, such as 'reviewed'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JournalEntry.after(Optional.empty(), TIME, "", "why", MOVED))
                .withMessage("the journal entry PROMOTE has a blank actor or reason; say who does it and why");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JournalEntry.after(Optional.empty(), TIME, "ada", " ", MOVED));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JournalEvent.Evidence(FIRST, Optional.of(SECOND), NONE))
                .withMessage("the evidence of a move names a dataset but no rows; name both, or neither for an entry of"
                        + " format 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Deployment("production", FIRST, 0, TIME))
                .withMessage("revisions count from 1 but this one is 0; take it from the move");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Deployment("", FIRST, 1, TIME))
                .withMessage("the label of a deployment is blank; name it, such as 'production'");
    }

    @Test
    void aSignatureIsBase64InItsOneForm() {
        JournalSignature signature = JournalSignature.of("2026-01", new byte[] {1, 2, 3, 4});

        assertThat(signature.value()).isEqualTo("AQIDBA==");
        assertThat(signature.bytes()).containsExactly(1, 2, 3, 4);
        for (String other : List.of("AQIDBB==", "AQIDBA", "AQID BA==", "", "!")) {
            assertThatIllegalArgumentException()
                    .as(other)
                    .isThrownBy(() -> new JournalSignature("2026-01", other))
                    .withMessage("the signature by key '2026-01' is not Base64 with padding; take it from"
                            + " JournalSignature.of(keyId, bytes)");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JournalSignature(" ", "AQIDBA=="))
                .withMessage("the key id of a signature is blank; name the key, such as '2026-01'");
    }

    @Test
    void aRefusalNamesTheLabelThatStaysAndEveryRule() {
        List<FailedRule> failures = List.of(
                new FailedRule(PromotionRule.VERDICT_GIVEN, "no verdict is given", "run an experiment"),
                new FailedRule(PromotionRule.APPROVED, "nobody approved it", "ask somebody"));
        PromotionRefusedException refused =
                new PromotionRefusedException("production", "Moving 'production'", failures);

        assertThat(refused.label()).isEqualTo("production");
        assertThat(refused.failures()).isEqualTo(failures);
        assertThat(refused)
                .hasMessage("Moving 'production' was refused: no verdict is given; run an experiment. Also: nobody"
                        + " approved it; ask somebody");
    }

    private static JournalEvent moved(JournalEvent.Moved.Kind kind, String label, Optional<Hash> from, Hash to) {
        return new JournalEvent.Moved(kind, label, from, to, Optional.empty());
    }

    private static JournalEvent evidence(Hash verdict, Optional<Hash> dataset, Optional<Hash> rows) {
        return new JournalEvent.Moved(
                JournalEvent.Moved.Kind.PROMOTE,
                "p",
                NONE,
                SECOND,
                Optional.of(new JournalEvent.Evidence(verdict, dataset, rows)));
    }

    private static JournalEntry entry(JournalEvent event) {
        return new JournalEntry(1, TIME, "a", "r", event, NONE, Optional.empty());
    }
}
