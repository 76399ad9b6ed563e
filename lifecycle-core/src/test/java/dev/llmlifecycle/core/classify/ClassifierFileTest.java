package dev.llmlifecycle.core.classify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class ClassifierFileTest {

    private static final TrainedTextClassifier SMALL = TextClassifierTrainer.builder("small")
            .embeddings("chance-8", Intents.embeddings(8))
            .nGrams(64, 1, 0, 0)
            .build()
            .train(Intents.texts(8, 1))
            .classifier();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsWhatItWrote() {
        Path file = folder.resolve("models/small.classifier");
        SMALL.save(file);
        TrainedTextClassifier read = TrainedTextClassifier.load(file, "chance-8", Intents.embeddings(8));
        for (LabelledText text : Intents.texts(20, 2)) {
            assertThat(read.predict(text.text())).isEqualTo(SMALL.predict(text.text()));
            assertThat(read.explain(text.text())).isEqualTo(SMALL.explain(text.text()));
        }
        assertThat(read.identity()).isEqualTo(SMALL.identity());
        assertThat(read.card()).isEqualTo(SMALL.card());
        assertThat(read.toBytes()).isEqualTo(SMALL.toBytes());
    }

    @Test
    void limitsForAbstainingAreWrittenToo() {
        TrainedTextClassifier strict = SMALL.abstaining(0.01, 0.99);
        assertThat(strict.identity()).isNotEqualTo(SMALL.identity());
        assertThat(strict.predict("refund").abstained()).isTrue();
        assertThat(SMALL.abstaining(1, 0).predict("what else").abstained()).isFalse();
        NamedEmbeddings same = new NamedEmbeddings("chance-8", Intents.embeddings(8));
        assertThat(TrainedTextClassifier.read("memory", strict.toBytes(), same).strangeAbove())
                .isEqualTo(0.01);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SMALL.abstaining(2, 0))
                .withMessage(
                        "the out-of-distribution score above which a classifier abstains must be in [0, 1] but was "
                                + "2.0; take one of that range");
    }

    @Test
    void aFileThatEndsEarlyIsNamed() {
        byte[] bytes = SMALL.toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(DamagedDataException.class)
                    .as("cut to %d bytes", length)
                    .isThrownBy(() -> ClassifierFile.decode("small.classifier", cut))
                    .withMessageStartingWith("small.classifier, byte ");
        }
    }

    @Test
    void aBitThatTurnedIsNamedWhereverItIs() {
        byte[] bytes = SMALL.toBytes();
        for (int i = 0; i < bytes.length; i++) {
            byte[] turned = bytes.clone();
            turned[i] ^= (byte) (1 << (i % 8));
            assertThatExceptionOfType(DamagedDataException.class)
                    .as("byte %d turned", i)
                    .isThrownBy(() -> ClassifierFile.decode("small.classifier", turned))
                    .satisfies(e -> assertThat(Integer.parseInt(e.position().substring("byte ".length())))
                            .isBetween(0, bytes.length));
        }
    }

    @Test
    void damageSaysWhatToDo() throws IOException {
        Path file = folder.resolve("small.classifier");
        byte[] bytes = SMALL.toBytes();
        bytes[40] ^= 1;
        Files.write(file, bytes);
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> TrainedTextClassifier.load(file))
                .withMessage(file + ", byte 20: the checksum of block 1 of 7 does not fit; restore the file or train "
                        + "the classifier again");
        Files.writeString(file, "something else altogether");
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> TrainedTextClassifier.load(file))
                .withMessage(
                        file + ", byte 0: this is not the beginning of a classifier; restore the file or train the "
                                + "classifier again");
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> ClassifierFile.decode("longer", Arrays.copyOf(SMALL.toBytes(), bytes.length + 3)))
                .withMessage("longer, byte " + bytes.length + ": 3 bytes stand behind the last block; restore the file "
                        + "or train the classifier again");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> TrainedTextClassifier.load(folder.resolve("none")))
                .withMessage("Reading classifier " + folder.resolve("none")
                        + " failed (NoSuchFileException); check that it is there and its permissions");
    }

    @Test
    void blocksThatDoNotFitEachOtherAreNamed() {
        for (String name : List.of(
                Blocks.CARD,
                Blocks.SETTINGS,
                Blocks.MEAN,
                Blocks.IDF,
                Blocks.WEIGHTS,
                Blocks.PROTOTYPES,
                Blocks.EXAMPLES)) {
            Map<String, byte[]> blocks = new LinkedHashMap<>(ClassifierFile.decode("small", SMALL.toBytes()));
            byte[] content = Objects.requireNonNull(blocks.get(name));
            for (byte[] wrong : List.of(
                    Arrays.copyOf(content, content.length - 1),
                    Arrays.copyOf(content, content.length + 1),
                    "[]".getBytes(StandardCharsets.US_ASCII))) {
                blocks.put(name, wrong);
                byte[] file = ClassifierFile.encode(blocks);
                assertThatExceptionOfType(DamagedDataException.class)
                        .isThrownBy(() -> TrainedTextClassifier.read(
                                "small", file, new NamedEmbeddings("chance-8", Intents.embeddings(8))))
                        .withMessage("small, block " + name + ": its content cannot be read; restore the file or train "
                                + "the classifier again");
            }
            blocks.remove(name);
            assertThatExceptionOfType(DamagedDataException.class)
                    .isThrownBy(() -> TrainedTextClassifier.read(
                            "small",
                            ClassifierFile.encode(blocks),
                            new NamedEmbeddings("chance-8", Intents.embeddings(8))))
                    .withMessage("small, the list of blocks: block " + name + " is missing; restore the file or train "
                            + "the classifier again");
        }
    }

    @Test
    void anotherEmbeddingModelIsRefused() {
        byte[] bytes = SMALL.toBytes();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainedTextClassifier.read("small", bytes, null))
                .withMessage(
                        "Reading small found a classifier that was trained with the embedding model 'chance-8' of 8 "
                                + "dimensions but got none; give it that one, or train again with the other");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainedTextClassifier.read(
                        "small", bytes, new NamedEmbeddings("other-8", Intents.embeddings(8))))
                .withMessage(
                        "Reading small found a classifier that was trained with the embedding model 'chance-8' of 8 "
                                + "dimensions but got 'other-8' of 8 dimensions; give it that one, or train again with the other");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainedTextClassifier.read(
                        "small", bytes, new NamedEmbeddings("chance-8", Intents.embeddings(16))))
                .withMessageContaining("but got 'chance-8' of 16 dimensions");
        byte[] words = TextClassifierTrainer.builder("words")
                .build()
                .train(Intents.texts(5, 1))
                .classifier()
                .toBytes();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainedTextClassifier.read(
                        "words", words, new NamedEmbeddings("chance-8", Intents.embeddings(8))))
                .withMessage("Reading words found a classifier that was trained with no embedding model but got "
                        + "'chance-8' of 8 dimensions; give it that one, or train again with the other");
    }

    @Test
    void aNewerVersionIsNotGuessedAt() {
        byte[] bytes = ClassifierFile.encode(Map.of());
        bytes[8] = 2;
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(bytes, 0, 16);
        java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(16, (int) crc.getValue());
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> ClassifierFile.decode("new.classifier", bytes))
                .withMessage(
                        "Reading new.classifier found version 2 of the classifier format, and this library knows 1; "
                                + "use the library that wrote it or train again");
    }

    @Test
    void isExchangedWhileInUse() {
        Path file = folder.resolve("small.classifier");
        SMALL.save(file);
        ReloadingClassifier place = ReloadingClassifier.of(file, "chance-8", Intents.embeddings(8));
        TrainedTextClassifier first = place.get();
        assertThat(place.reload()).isFalse();

        SMALL.abstaining(0.5, 0.5).save(file);
        assertThat(place.reload()).isTrue();
        assertThat(place.get().identity()).isNotEqualTo(first.identity());
        assertThat(place.swap(first).strangeAbove()).isEqualTo(0.5);
        assertThat(place.get()).isSameAs(first);

        TrainedTextClassifier other = TextClassifierTrainer.builder("other")
                .build()
                .train(Intents.texts(5, 1).stream()
                        .filter(text -> !text.labels().contains("account"))
                        .toList())
                .classifier();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> place.swap(other))
                .withMessage(
                        "Exchanging classifier 'small' of 3 labels found one of 2 that are not the same; those who "
                                + "branch on labels would not know them, so open another");
        other.save(file);
        assertThatIllegalArgumentException().isThrownBy(place::reload);
        assertThat(place.get()).isSameAs(first);
        assertThat(ReloadingClassifier.of(file).get().labels()).hasSize(2);
    }

    /** #9: sizes below zero or too large for an array are damage like any other. */
    @Test
    void damagedSizesAreDamage() {
        for (String dimension : List.of("-8", "2147483647", "1000000000")) {
            Map<String, byte[]> blocks = new LinkedHashMap<>(ClassifierFile.decode("small", SMALL.toBytes()));
            String settings = new String(Objects.requireNonNull(blocks.get(Blocks.SETTINGS)), StandardCharsets.UTF_8);
            blocks.put(
                    Blocks.SETTINGS,
                    settings.replace("\"dimension\":8", "\"dimension\":" + dimension)
                            .getBytes(StandardCharsets.UTF_8));
            Blocks damaged = new Blocks("small", blocks);
            Settings read = damaged.settings();
            assertThatExceptionOfType(DamagedDataException.class).isThrownBy(() -> damaged.space(read));
            assertThatExceptionOfType(DamagedDataException.class).isThrownBy(() -> damaged.prototypes(read));
            assertThatExceptionOfType(DamagedDataException.class)
                    .isThrownBy(() -> damaged.weights(read, new FeatureSpace(new float[8], new float[65])));
        }
    }

    /** #9: a reading that began earlier does not undo one that began later. */
    @Test
    void aSlowReloadDoesNotBringAnOldClassifierBack() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        TrainedTextClassifier newer = SMALL.abstaining(0.5, 0.5);
        AtomicInteger calls = new AtomicInteger();
        ReloadingClassifier place = ReloadingClassifier.of(() -> {
            if (calls.incrementAndGet() == 2) {
                reading.countDown();
                await(goOn);
                return SMALL;
            }
            return calls.get() == 1 ? SMALL : newer;
        });
        Thread slow = new Thread(place::reload);
        slow.start();
        reading.await();
        assertThat(place.reload()).isTrue();
        goOn.countDown();
        slow.join();
        assertThat(place.get()).isSameAs(newer);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the test was interrupted", e);
        }
    }
}
