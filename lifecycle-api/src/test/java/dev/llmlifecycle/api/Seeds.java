package dev.llmlifecycle.api;

import java.util.SplittableRandom;
import java.util.stream.Stream;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Named;

/** Seeds of property tests; the display name prints the one that fails. */
@NullMarked
public final class Seeds {

    private static final long FIRST = 20_260_102;

    private Seeds() {}

    /** Returns generators whose names tell their seeds. */
    public static Stream<Named<SplittableRandom>> some() {
        return Stream.iterate(FIRST, seed -> seed + 1)
                .limit(200)
                .map(seed -> Named.of("seed " + seed, new SplittableRandom(seed)));
    }

    /** Returns text of pieces in random order. */
    public static String text(SplittableRandom random, int maxPieces, String... pieces) {
        StringBuilder text = new StringBuilder();
        int count = random.nextInt(maxPieces + 1);
        for (int i = 0; i < count; i++) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }
}
