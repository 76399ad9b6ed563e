package dev.llmlifecycle.core.validation.content;

import java.util.Map;

/** The weights that the library ships, as {@code measure groundedness} prints them. */
final class ShippedGroundedness {

    static final GroundednessModel MODEL = GroundednessModel.of(Map.of(
            "contentShare", 1.057,
            "unknownWords", -0.664,
            "copiedShare", 0.849,
            "wordShare", 1.456,
            "sentenceShare", 2.042,
            "speaker", -1.007,
            "intercept", -2.291));

    private ShippedGroundedness() {}
}
