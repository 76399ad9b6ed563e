package dev.llmlifecycle.core.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.core.release.JournalVerification.Broken;
import dev.llmlifecycle.core.release.JournalVerification.Intact;
import dev.llmlifecycle.core.release.internal.JournalLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Every attack at every place of a journal, signed and unsigned. */
final class JournalVerifierTest {

    private static final int LENGTH = 30;
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final KeyPair OLD = keys();
    private static final KeyPair NEW = keys();
    private static final KeyPair FOREIGN = keys();

    private static final List<JournalEntry> UNSIGNED = written(false);
    private static final List<JournalEntry> SIGNED = written(true);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsAWholeJournalIntact(boolean signed) throws IOException {
        List<String> lines = lines(journal(signed));

        assertThat(verify(signed, lines))
                .isEqualTo(new Intact(LENGTH, signed ? LENGTH : 0, Optional.of(head(signed, LENGTH))));
        assertThat(verify(signed, List.of())).isEqualTo(new Intact(0, 0, Optional.empty()));
        assertThat(verifier(signed).build().verify(directory.resolve("missing")))
                .isEqualTo(new Intact(0, 0, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void namesEachEditedLine(boolean signed) throws IOException {
        List<String> lines = lines(journal(signed));
        for (int i = 0; i < LENGTH; i++) {
            for (String[] edit : List.of(
                            new String[] {"\"actor\":\"ada\"", "\"actor\":\"eve\""},
                            new String[] {"\"reason\":\"", "\"reason\":\"not "},
                            new String[] {"12:00:", "12:01:"},
                            new String[] {"\"format\"", "\"foreign\":1,\"format\""})
                    .subList(0, signed ? 1 : 4)) {
                List<String> edited = new ArrayList<>(lines);
                edited.set(i, lines.get(i).replace(edit[0], edit[1]));
                assertBroken(verify(signed, edited), i + 1, i + 1, JournalDamage.EDITED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void namesEachLineThatIsNoEntryAnyMore(boolean signed) throws IOException {
        List<String> lines = lines(journal(signed));
        for (int i = 0; i < LENGTH; i++) {
            for (String garbage : List.of(lines.get(i).substring(0, 40), "", "{}", "x", "{\"format\":3}")
                    .subList(0, signed ? 1 : 5)) {
                List<String> edited = new ArrayList<>(lines);
                edited.set(i, garbage);
                assertBroken(verify(signed, edited), i + 1, i + 1, JournalDamage.UNREADABLE);
            }
        }
        byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        bytes[10] = (byte) 0xFF;
        Path file = Files.write(directory.resolve("bytes.jsonl"), bytes);
        assertBroken(verifier(signed).build().verify(file), 1, 1, JournalDamage.UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void namesEachDeletedEntryButTheLast(boolean signed) throws IOException {
        List<String> lines = lines(journal(signed));
        for (int i = 0; i < LENGTH - 1; i++) {
            List<String> shorter = new ArrayList<>(lines);
            shorter.remove(i);
            assertBroken(verify(signed, shorter), i + 1, i + 1, JournalDamage.DELETED);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void namesTheFirstOfEachTwoEntriesThatChangedPlaces(boolean signed) throws IOException {
        List<String> lines = lines(journal(signed));
        for (int i = 0; i < LENGTH; i++) {
            for (int j = i + 1; j < LENGTH; j += signed ? 9 : 1) {
                List<String> other = new ArrayList<>(lines);
                other.set(i, lines.get(j));
                other.set(j, lines.get(i));
                assertBroken(verify(signed, other), i + 1, i + 1, JournalDamage.REORDERED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void namesEachInsertedEntry(boolean signed) throws IOException {
        List<JournalEntry> journal = journal(signed);
        for (int i = 0; i <= LENGTH; i++) {
            // A copy of another line.
            if (i > 0) {
                List<String> doubled = lines(journal);
                doubled.add(i, JournalLines.write(journal.get(i - 1)));
                assertBroken(verify(signed, doubled), i, i + 1, JournalDamage.INSERTED);
            }
            // An entry made for this place, while the rest stays.
            List<String> forged = lines(journal);
            Optional<JournalEntry> last = i == 0 ? Optional.empty() : Optional.of(journal.get(i - 1));
            forged.add(
                    i,
                    JournalLines.write(JournalEntry.after(last, START.plusSeconds(i), "eve", "an intruder", event(i))));
            JournalVerification found = verify(signed, forged);
            if (signed) {
                assertBroken(found, i + 1, i + 1, JournalDamage.UNSIGNED);
            } else if (i == LENGTH) {
                assertThat(found).as("appended by who can write the file").isInstanceOf(Intact.class);
            } else if (i == LENGTH - 1) {
                assertBroken(found, i + 1, i + 2, JournalDamage.INSERTED);
            } else {
                assertBroken(found, i + 1, i + 1, JournalDamage.INSERTED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void namesAnEntryThatWasEditedWithItsHash(boolean signed) throws IOException {
        List<JournalEntry> journal = journal(signed);
        for (int i = 0; i < LENGTH - 1; i++) {
            List<JournalEntry> edited = new ArrayList<>(journal);
            edited.set(i, byEve(journal.get(i), journal.get(i).previous()));
            assertBroken(
                    verify(signed, lines(edited)),
                    i + 1,
                    i + 1,
                    signed ? JournalDamage.WRONG_SIGNATURE : JournalDamage.EDITED);
        }
    }

    @Test
    void namesAnEntryThatIsDatedEarlierThanTheOneBefore() throws IOException {
        List<JournalEntry> journal = journal(false).subList(0, 3);
        JournalEntry last = journal.get(2);
        JournalEntry backdated = JournalEntry.after(
                Optional.of(last), last.at().minusSeconds(1), "eve", "as if it were earlier", last.event());

        List<JournalEntry> longer = new ArrayList<>(journal);
        longer.add(backdated);

        assertBroken(verify(false, lines(longer)), 4, 4, JournalDamage.BACKDATED);
    }

    @Test
    void namesAnEntryThatGoesOnFromAnother() throws IOException {
        List<JournalEntry> journal = journal(true);
        for (int i = 1; i < LENGTH; i++) {
            List<JournalEntry> edited = new ArrayList<>(journal);
            edited.set(i, byEve(journal.get(i), Optional.of(Hash.ofUtf8("another"))));
            assertBroken(verify(true, lines(edited)), i + 1, i + 1, JournalDamage.OTHER_PREVIOUS);
        }
        assertBroken(
                verify(false, lines(List.of(byEve(journal.get(0), Optional.of(Hash.ofUtf8("another")))))),
                1,
                1,
                JournalDamage.OTHER_PREVIOUS);
    }

    @Test
    void anAttackerWhoComputesAllHashesAnewIsStoppedBySignaturesAndHeads() throws IOException {
        for (int i = 0; i < LENGTH; i++) {
            assertBroken(verify(true, lines(rewritten(true, i))), i + 1, i + 1, JournalDamage.WRONG_SIGNATURE);

            List<String> unsigned = lines(rewritten(false, i));
            assertThat(verify(false, unsigned)).as("chain alone").isInstanceOf(Intact.class);
            JournalVerification found =
                    verify(verifier(false).expecting(head(false, LENGTH)).expecting(head(false, 10)), unsigned);
            assertBroken(found, i < 10 ? 10 : LENGTH, i < 10 ? 10 : LENGTH, JournalDamage.REWRITTEN);
            assertThat(((Broken) found).problem())
                    .contains("an entry from revision " + (i < 10 ? "1 to 10" : "11 to 30") + " was changed");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTailThatIsCutShowsAgainstAHeadAlone(boolean signed) throws IOException {
        List<String> lines = lines(journal(signed));
        for (int length = 0; length < LENGTH; length++) {
            List<String> shorter = lines.subList(0, length);
            assertThat(verify(signed, shorter)).isInstanceOf(Intact.class);
            assertBroken(
                    verify(verifier(signed).expecting(head(signed, LENGTH)), shorter),
                    length + 1,
                    length + 1,
                    JournalDamage.TRUNCATED);
        }
        assertThat(verify(verifier(signed).expecting(head(signed, 12)), lines)).isInstanceOf(Intact.class);
    }

    @Test
    void signaturesThatAreTakenAwayOrOfOtherKeysShow() throws IOException {
        List<JournalEntry> journal = journal(true);
        for (int i = 0; i < LENGTH; i++) {
            JournalEntry entry = journal.get(i);
            JournalEntry bare = unsigned(entry);
            assertBroken(verify(true, with(journal, i, bare)), i + 1, i + 1, JournalDamage.UNSIGNED);
            assertBroken(
                    verify(true, with(journal, i, new JournalSigner("foreign", FOREIGN.getPrivate()).sign(bare))),
                    i + 1,
                    i + 1,
                    JournalDamage.UNKNOWN_KEY);
            assertBroken(
                    verify(true, with(journal, i, new JournalSigner("new", FOREIGN.getPrivate()).sign(bare))),
                    i + 1,
                    i + 1,
                    JournalDamage.WRONG_SIGNATURE);
            JournalSigner old = new JournalSigner("old", OLD.getPrivate());
            JournalVerification replaced = verify(true, with(journal, i, old.sign(bare)));
            if (i < LENGTH / 2) {
                assertThat(replaced).isInstanceOf(Intact.class);
            } else {
                assertBroken(replaced, i + 1, i + 1, JournalDamage.UNKNOWN_KEY);
            }
        }
    }

    @Test
    void entriesBeforeTheFirstSignedOneNeedNoSignatureOnlyWhereTheVerifierSaysSo() throws IOException {
        List<JournalEntry> journal = journal(true);
        List<JournalEntry> begun = new ArrayList<>(journal);
        for (int i = 0; i < 5; i++) {
            begun.set(i, unsigned(journal.get(i)));
        }
        assertBroken(verify(true, lines(begun)), 1, 1, JournalDamage.UNSIGNED);
        assertThat(verify(verifier(true).signedFrom(6), lines(begun)))
                .isInstanceOfSatisfying(
                        Intact.class, intact -> assertThat(intact.signed()).isEqualTo(25));
        assertBroken(verify(verifier(true).signedFrom(5), lines(begun)), 5, 5, JournalDamage.UNSIGNED);
        assertThatIllegalArgumentException().isThrownBy(() -> verifier(true).signedFrom(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> verifier(true).trust("old", NEW.getPublic()))
                .withMessageContaining("'old' is trusted twice");
    }

    @Test
    void leavesOutALastLineThatACrashCutShort() throws IOException {
        List<String> lines = lines(journal(false));
        String last = lines.get(LENGTH - 1);
        String before = String.join("\n", lines.subList(0, LENGTH - 1)) + "\n";
        Path file = directory.resolve("torn.jsonl");
        for (int cut = 0;
                cut <= last.length();
                cut += cut == last.length() - 1 ? 1 : Math.min(7, Math.max(1, last.length() - 1 - cut))) {
            Files.writeString(file, before + last.substring(0, cut));
            long entries = cut == last.length() ? LENGTH : LENGTH - 1;
            assertThat(verifier(false).build().verify(file))
                    .isInstanceOfSatisfying(
                            Intact.class, intact -> assertThat(intact.entries()).isEqualTo(entries));
        }
    }

    @Test
    void verifiesStoresAndJournalsOfFormat1() {
        InMemoryReleaseStore store = new InMemoryReleaseStore();
        Deployments.builder(store)
                .signedBy("new", NEW.getPrivate())
                .build()
                .promote("canary", Releases.release("1"), "ada", "first");
        assertThat(JournalVerifier.builder()
                        .trust("new", NEW.getPublic())
                        .build()
                        .verify(store))
                .isEqualTo(new Intact(1, 1, JournalHead.of(store)));

        FileReleaseStore old = FileReleaseStore.builder(
                        Path.of("src/test/resources/dev/llmlifecycle/core/release/format-1"))
                .build();
        assertThat(JournalVerifier.builder().build().verify(old)).isEqualTo(new Intact(4, 0, JournalHead.of(old)));
    }

    @Test
    void aHeadIsATextThatIsReadBack() {
        for (boolean signed : new boolean[] {false, true}) {
            JournalHead head = head(signed, 7);
            assertThat(JournalHead.parse(head.toJson())).isEqualTo(head);
            assertThat(JournalHead.parse(head.toJson() + "\n")).isEqualTo(head);
        }
        for (String other : List.of(
                "", "{}", "{\"type\":\"release\"}", head(false, 7).toJson().replace("\"at\"", "\"bt\""))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JournalHead.parse(other))
                    .withMessageStartingWith("reading the head of a journal failed: ")
                    .withMessageEndingWith("; pass the text of JournalHead.toJson()");
        }
    }

    private JournalVerification verify(boolean signed, List<String> lines) throws IOException {
        return verify(verifier(signed), lines);
    }

    private JournalVerification verify(JournalVerifier.Builder verifier, List<String> lines) throws IOException {
        return verifier.build().verify(Files.write(directory.resolve("journal.jsonl"), lines));
    }

    private static void assertBroken(JournalVerification found, long revision, long line, JournalDamage damage) {
        assertThat(found).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.damage()).as("%s", broken).isEqualTo(damage);
            assertThat(broken.revision()).as("%s", broken).isEqualTo(revision);
            assertThat(broken.line()).as("%s", broken).isEqualTo(line);
        });
    }

    private static JournalVerifier.Builder verifier(boolean signed) {
        JournalVerifier.Builder verifier = JournalVerifier.builder();
        return signed ? verifier.trust("old", OLD.getPublic(), LENGTH / 2).trust("new", NEW.getPublic()) : verifier;
    }

    private static JournalHead head(boolean signed, int revision) {
        return JournalHead.of(journal(signed).get(revision - 1));
    }

    /** Thirty entries of every kind; the second half is signed with another key. */
    private static List<JournalEntry> journal(boolean signed) {
        return new ArrayList<>(signed ? SIGNED : UNSIGNED);
    }

    private static List<JournalEntry> written(boolean signed) {
        List<JournalEntry> journal = new ArrayList<>();
        Optional<JournalEntry> last = Optional.empty();
        for (int i = 0; i < LENGTH; i++) {
            JournalEntry entry = JournalEntry.after(last, START.plusSeconds(i), "ada", "reason " + i, event(i));
            journal.add(signed ? sign(entry) : entry);
            last = Optional.of(journal.get(i));
        }
        return journal;
    }

    private static JournalEntry sign(JournalEntry entry) {
        return entry.revision() <= LENGTH / 2
                ? new JournalSigner("old", OLD.getPrivate()).sign(entry)
                : new JournalSigner("new", NEW.getPrivate()).sign(entry);
    }

    private static JournalEvent event(int i) {
        Hash one = Hash.ofUtf8("one");
        Hash two = Hash.ofUtf8("two");
        PinnedPrompt prompt = new PinnedPrompt("answer", i + 1, Hash.ofUtf8("prompt " + i));
        return switch (i % 6) {
            case 0 -> new JournalEvent.PromptRegistered(prompt);
            case 1 -> new JournalEvent.PromptLabelled(prompt, "reviewed");
            case 2 -> new JournalEvent.Proposed("production", Optional.of(one), two, List.of("model"));
            case 3 -> new JournalEvent.Approved("production", Optional.of(one), two);
            case 4 ->
                new JournalEvent.Moved(
                        JournalEvent.Moved.Kind.PROMOTE, "production", Optional.of(one), two, Optional.empty());
            default ->
                new JournalEvent.Moved(
                        JournalEvent.Moved.Kind.ROLLBACK, "production", Optional.of(two), one, Optional.empty());
        };
    }

    /** The entry as another person's, with its signature as it was. */
    private static JournalEntry byEve(JournalEntry entry, Optional<Hash> previous) {
        return new JournalEntry(
                entry.revision(), entry.at(), "eve", entry.reason(), entry.event(), previous, entry.signature());
    }

    private static JournalEntry unsigned(JournalEntry entry) {
        return new JournalEntry(
                entry.revision(),
                entry.at(),
                entry.actor(),
                entry.reason(),
                entry.event(),
                entry.previous(),
                Optional.empty());
    }

    /** The journal with one entry changed, and every hash from there on computed anew. */
    private static List<JournalEntry> rewritten(boolean signed, int changed) {
        List<JournalEntry> journal = journal(signed);
        for (int i = changed; i < LENGTH; i++) {
            JournalEntry entry = journal.get(i);
            Optional<Hash> previous =
                    i == 0 ? Optional.empty() : Optional.of(journal.get(i - 1).hash());
            journal.set(
                    i,
                    i == changed
                            ? byEve(entry, previous)
                            : new JournalEntry(
                                    entry.revision(),
                                    entry.at(),
                                    entry.actor(),
                                    entry.reason(),
                                    entry.event(),
                                    previous,
                                    entry.signature()));
        }
        return journal;
    }

    private static List<String> with(List<JournalEntry> journal, int index, JournalEntry entry) {
        List<JournalEntry> other = new ArrayList<>(journal);
        other.set(index, entry);
        return lines(other);
    }

    private static List<String> lines(List<JournalEntry> journal) {
        return new ArrayList<>(journal.stream().map(JournalLines::write).toList());
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform since 15 offers Ed25519", e);
        }
    }
}
