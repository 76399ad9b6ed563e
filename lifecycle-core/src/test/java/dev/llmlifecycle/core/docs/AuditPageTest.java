package dev.llmlifecycle.core.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Set;

import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.PromotionRefusedException;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.prompt.FilePromptRegistry;
import dev.llmlifecycle.core.release.Candidate;
import dev.llmlifecycle.core.release.Deployments;
import dev.llmlifecycle.core.release.FileReleaseStore;
import dev.llmlifecycle.core.release.JournalHead;
import dev.llmlifecycle.core.release.JournalKeys;
import dev.llmlifecycle.core.release.JournalVerification;
import dev.llmlifecycle.core.release.JournalVerifier;
import dev.llmlifecycle.core.release.JournalledPromptRegistry;
import dev.llmlifecycle.core.release.PromotionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The snippets of docs/audit.md and of the approvals in docs/releases.md. */
final class AuditPageTest {

    @TempDir
    private Path directory;

    @Test
    void proposesApprovesAndVerifies() throws IOException, GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path privatePem = pem("journal.pem", "PRIVATE KEY", pair.getPrivate());
        Path publicPem = pem("journal.pub.pem", "PUBLIC KEY", pair.getPublic());
        ReleaseStore store =
                FileReleaseStore.builder(directory.resolve("deployments")).build();
        PromptRegistry files =
                FilePromptRegistry.builder(directory.resolve("prompts")).build();

        // docs:begin prompts
        PromptRegistry prompts = JournalledPromptRegistry.builder(files, store, "support-service")
                .signedBy("2026-01", JournalKeys.readPrivateKey(privatePem))
                .build();
        // docs:end prompts

        // docs:begin signed
        Deployments deployments = Deployments.builder(store)
                .prompts(prompts)
                .protect("production", PromotionPolicy.builder().approvals(1).build())
                .signedBy("2026-01", JournalKeys.readPrivateKey(privatePem))
                .trust("2026-01", JournalKeys.readPublicKey(publicPem))
                .build();
        // docs:end signed

        PromptVersion one = prompts.register(template("Answer."), "ada", "first");
        Release first = Release.builder(Identity.of("model", "1"), one.pin()).build();
        deployments.approve("production", first, "bob", "read it");
        deployments.promote("production", first, "ada", "first release");

        // docs:begin propose
        PromptVersion shorter = prompts.register(template("Answer in one sentence."), "ada", "shorter answers");
        Candidate candidate = deployments.propose("production", shorter, "ada", "shorter answers");
        candidate.changes(); // prompt answer: version 1 to 2, COMPATIBLE, PATCH
        candidate.missing(); // it has 0 of 1 approvals …

        deployments.approve("production", candidate.release(), "bob", "read it, and ten answers");
        deployments.promote("production", candidate.release(), "ada", "approved");
        // docs:end propose
        assertThat(candidate.changes()).containsExactly("prompt answer: version 1 to 2, COMPATIBLE, PATCH");
        assertThat(candidate.missing()).hasSize(1);

        // docs:begin override
        deployments.override("production", first, "ada", "version 2 names internal systems to customers");
        List<JournalEntry> overrides = deployments.overrides("production");
        // docs:end override
        assertThat(overrides).hasSize(1);

        // docs:begin refused
        try {
            deployments.promote("production", candidate.release(), "ada", "again");
        } catch (PromotionRefusedException e) {
            e.failures().forEach(failed -> report(failed.rule(), failed.problem(), failed.remedy()));
        }
        // docs:end refused
        assertThatExceptionOfType(PromotionRefusedException.class)
                .isThrownBy(() -> deployments.promote("production", candidate.release(), "ada", "again"));

        // docs:begin head
        String head = JournalHead.of(store).orElseThrow().toJson();
        // docs:end head

        // docs:begin verify
        JournalVerification found = JournalVerifier.builder()
                .trust("2026-01", JournalKeys.readPublicKey(publicPem))
                .expecting(JournalHead.parse(head))
                .build()
                .verify(directory.resolve("deployments").resolve("deployments.jsonl"));

        if (found instanceof JournalVerification.Broken broken) {
            alarm(broken.line(), broken.damage(), broken.problem());
        }
        // docs:end verify
        assertThat(found)
                .isInstanceOfSatisfying(
                        JournalVerification.Intact.class,
                        intact -> assertThat(intact.signed())
                                .isEqualTo(intact.entries())
                                .isEqualTo(8));
    }

    @Test
    void namesTheDatasetAndTheApprovers() {
        Hash helpCentre = Hash.ofUtf8("dataset");
        // docs:begin policy
        PromotionPolicy policy = PromotionPolicy.builder()
                .verdict(VerdictPolicy.builder().metric("correct", 0.05).build())
                .dataset(helpCentre)
                .approvals(1)
                .approvers(Set.of("bob", "carol"))
                .build();
        // docs:end policy
        assertThat(policy.datasets()).containsExactly(helpCentre);
    }

    private static void report(Object rule, String problem, String remedy) {
        assertThat(rule + problem + remedy).isNotBlank();
    }

    private static void alarm(long line, Object damage, String problem) {
        throw new AssertionError(line + " " + damage + " " + problem);
    }

    private static ChatPromptTemplate template(String text) {
        return ChatPromptTemplate.builder("answer").system(text).build();
    }

    private Path pem(String file, String label, Key key) throws IOException {
        return Files.writeString(
                directory.resolve(file),
                "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                        + "\n-----END " + label + "-----\n");
    }
}
