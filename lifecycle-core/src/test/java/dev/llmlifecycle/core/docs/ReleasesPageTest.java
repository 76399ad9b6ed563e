package dev.llmlifecycle.core.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.experiment.PairedRow;
import dev.llmlifecycle.api.experiment.PairedRows;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.PromotionRefusedException;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.release.Deployments;
import dev.llmlifecycle.core.release.FileReleaseStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The snippets of docs/releases.md. */
final class ReleasesPageTest {

    private final PinnedPrompt firstPrompt = new PinnedPrompt("support-answer", 1, Hash.ofUtf8("1"));
    private final PinnedPrompt secondPrompt = new PinnedPrompt("support-answer", 2, Hash.ofUtf8("2"));
    private final Dataset dataset = Dataset.builder("refunds").build();

    @TempDir
    private Path directory;

    @Test
    void movesALabelOnEvidenceAndBack() {
        // docs:begin setup
        Identity model = Identity.of("gpt-4o-mini", "2024-07-18");
        Release first = Release.builder(model, firstPrompt).build();
        Release second = Release.builder(model, secondPrompt).build();

        ReleaseStore store =
                FileReleaseStore.builder(directory.resolve("deployments")).build();
        VerdictPolicy policy = VerdictPolicy.builder().metric("correct", 0.05).build();
        Deployments deployments =
                Deployments.builder(store).protect("production", policy).build();

        deployments.promote("production", first, "ada", "first release");
        // docs:end setup

        List<PairedRow> scored = scored();
        // docs:begin promote
        PairedRows rows = new PairedRows(second.hash(), first.hash(), dataset.hash(), scored);
        Verdict verdict = Verdict.compute(policy, rows);

        deployments.promote("production", second, "ada", "cites its sources", verdict, rows);
        // docs:end promote
        assertThat(store.deployment("production").orElseThrow().release()).isEqualTo(second.hash());

        // docs:begin rollback
        deployments.rollback("production", "ada", "complaints about length");
        List<JournalEntry> moves = deployments.history("production");
        // docs:end rollback
        assertThat(store.deployment("production").orElseThrow().release()).isEqualTo(first.hash());
        assertThat(moves).hasSize(3);

        assertThatExceptionOfType(PromotionRefusedException.class)
                .isThrownBy(() -> deployments.promote("production", second, "ada", "again"));
    }

    private static List<PairedRow> scored() {
        List<PairedRow> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rows.add(new PairedRow("e" + i, "correct", i < 10, true));
        }
        return rows;
    }
}
