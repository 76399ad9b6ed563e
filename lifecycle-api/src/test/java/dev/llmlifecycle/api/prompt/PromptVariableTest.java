package dev.llmlifecycle.api.prompt;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.llmlifecycle.api.identity.Hash;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class PromptVariableTest {

    @Test
    void hasACanonicalFormThatHoldsOnlyWhatIsSet() {
        assertThat(PromptVariable.text("x").toCanonical()).containsOnlyKeys("name", "type");
        Set<Hash> hashes = Stream.of(
                        PromptVariable.text("x"),
                        PromptVariable.text("x").withDefault(""),
                        PromptVariable.text("x").trusted(),
                        PromptVariable.text("x").delimited(),
                        PromptVariable.text("x").datamarked(),
                        PromptVariable.text("x").maxLength(1),
                        PromptVariable.text("x").matching("a"),
                        PromptVariable.number("x"),
                        PromptVariable.number("x").between(0, 1),
                        PromptVariable.number("x").between(0, 2),
                        PromptVariable.oneOf("x", "a", "b"),
                        PromptVariable.oneOf("x", "b", "a"),
                        PromptVariable.list("x"),
                        PromptVariable.list("x").maxItems(1),
                        PromptVariable.list("x", PromptVariable.text("y")),
                        PromptVariable.object("x", PromptVariable.text("y")))
                .map(variable -> Hash.ofCanonicalJson(variable.toCanonical()))
                .collect(Collectors.toSet());
        assertThat(hashes).hasSize(16);
    }

    @Test
    void refusesLimitsThatSayNothingOfItsValues() {
        assertWrong(
                () -> PromptVariable.number("x").maxLength(3),
                "the prompt variable 'x' is a NUMBER with a greatest length, which says nothing of it; leave it out or"
                        + " declare another type");
        assertWrong(() -> PromptVariable.text("x").between(0, 1), "TEXT with a range");
        assertWrong(() -> PromptVariable.bool("x").matching("a"), "BOOLEAN with a pattern");
        assertWrong(() -> PromptVariable.text("x").maxItems(1), "TEXT with a greatest number of items");
        assertWrong(
                () -> PromptVariable.oneOf("x"), "the prompt variable 'x' is an ENUM without values; name its choice");
        assertWrong(() -> PromptVariable.number("x").delimited(), "is a NUMBER that is DELIMITED; only a TEXT can be");
        assertWrong(() -> PromptVariable.object("x"), "is an OBJECT without properties; declare what it holds");
        assertWrong(
                () -> new PromptVariable(
                        "x",
                        PromptVariable.Type.TEXT,
                        Optional.empty(),
                        List.of(PromptVariable.text("y")),
                        ValueLimits.NONE,
                        PromptVariable.Handling.DEFUSED),
                "is a TEXT with properties; only an OBJECT or a LIST of objects has them");
        assertWrong(
                () -> PromptVariable.list("x", PromptVariable.text("y"), PromptVariable.number("y")),
                "declares the property 'y' twice; remove one");
    }

    @Test
    void refusesLimitsThatAreNone() {
        assertWrong(() -> PromptVariable.text("x").maxLength(0), "must be at least 1 but was 0");
        assertWrong(() -> PromptVariable.list("x").maxItems(-1), "must be at least 1 but was -1");
        assertWrong(
                () -> PromptVariable.number("x").between(2, 1),
                "the range of a prompt variable goes from 2.0 to 1.0; give two finite numbers in order");
        assertWrong(() -> PromptVariable.number("x").between(Double.NaN, 1), "two finite numbers");
        assertWrong(() -> PromptVariable.number("x").between(0, Double.POSITIVE_INFINITY), "two finite numbers");
        assertWrong(
                () -> PromptVariable.text("x").matching("("),
                "the pattern of a prompt variable is no regular expression of RE2 (missing closing )); correct it, and"
                        + " do without look-around and back references");
        assertWrong(() -> PromptVariable.text("x").matching("(?=a)a"), "is no regular expression of RE2");
        assertWrong(() -> PromptVariable.oneOf("x", "a", "a"), "names a value twice");
    }

    @Test
    void refusesADefaultBeyondItsLimits() {
        assertThat(PromptVariable.list("x").withDefault("").required()).isFalse();
        assertWrong(
                () -> PromptVariable.oneOf("x", "a").withDefault("b"), "'x' is none of a; correct it or leave it out");
        assertWrong(() -> PromptVariable.number("x").between(1, 2).withDefault("3"), "is not in [1.0, 2.0]");
        assertWrong(() -> PromptVariable.text("x").maxLength(1).withDefault("ab"), "is longer than 1 characters");
        assertWrong(() -> PromptVariable.list("x").withDefault("a"), "is no LIST value");
        assertWrong(() -> PromptVariable.object("x", PromptVariable.text("y")).withDefault(""), "is no OBJECT value");
    }

    @Test
    void takesTimeInProportionToATextThatIsMadeToHangItsPattern() {
        ValueLimits limits = PromptVariable.text("x").matching("(a+)+b|(x|y)*").limits();

        assertThat(limits.violation(PromptVariable.Type.TEXT, "a".repeat(100_000)))
                .contains("does not match the pattern (a+)+b|(x|y)*");
        assertThat(limits.violation(PromptVariable.Type.TEXT, "xy".repeat(100_000)))
                .isEmpty();
    }

    @Test
    void hasLimitsThatAreEqualWhenAllOfThemAre() {
        assertThat(PromptVariable.text("x").matching("a+").maxLength(3))
                .isEqualTo(PromptVariable.text("x").maxLength(3).matching("a+"))
                .hasSameHashCodeAs(PromptVariable.text("x").maxLength(3).matching("a+"))
                .isNotEqualTo(PromptVariable.text("x").maxLength(3).matching("a"));
        assertThat(PromptVariable.text("x").matching("a+").maxLength(3).limits())
                .hasToString("ValueLimits{maxLength=3, pattern=a+}");
        assertThat(PromptVariable.number("x").between(-0.0, 1).limits())
                .isEqualTo(PromptVariable.number("x").between(0.0, 1).limits());
    }

    private static void assertWrong(Runnable declaration, String problem) {
        assertThatIllegalArgumentException().isThrownBy(declaration::run).withMessageContaining(problem);
    }
}
