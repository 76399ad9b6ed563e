package dev.llmlifecycle.api.contract;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class ValidatorContractTest extends ValidatorContract {

    private static final Identity IDENTITY = Identity.of("no-guarantee", "1");

    @Override
    protected Validator create() {
        return Validator.of(IDENTITY, (text, context) -> check(text, 0));
    }

    @Override
    protected String acceptable() {
        return "Refunds take five days.";
    }

    @Override
    protected String objectionable() {
        return "We guarantee it.";
    }

    @Test
    void noticesAValidatorThatRemembers() {
        assertThat(failures(() -> {
                    AtomicInteger calls = new AtomicInteger();
                    return Validator.of(
                            IDENTITY,
                            (text, context) ->
                                    calls.getAndIncrement() % 2 == 0 ? check(text, 0) : ValidationOutcome.pass());
                }))
                .contains("decidesTheSameEveryTime");
    }

    @Test
    void noticesASpanOutsideTheText() {
        assertThat(failures(() -> Validator.of(IDENTITY, (text, context) -> check(text, 100))))
                .contains("noticesAnObjectionableText");
    }

    @Test
    void noticesAValidatorThatThrows() {
        assertThat(failures(() -> Validator.of(IDENTITY, (text, context) -> {
                    if (text.indexOf('\u0000') >= 0) {
                        throw new IllegalArgumentException("a control character");
                    }
                    return check(text, 0);
                })))
                .containsExactly("decidesOnAnyText");
    }

    @Test
    void noticesAValidatorThatLetsEverythingPass() {
        assertThat(failures(() -> Validator.of(IDENTITY, (text, context) -> ValidationOutcome.pass())))
                .containsExactly("noticesAnObjectionableText");
    }

    @Test
    void noticesAnIdentityThatChanges() {
        AtomicInteger made = new AtomicInteger();
        assertThat(failures(() -> Validator.of(
                        Identity.of("no-guarantee", "build-" + made.incrementAndGet()),
                        (text, context) -> check(text, 0))))
                .containsExactly("hasAnIdentityThatStays");
    }

    private static ValidationOutcome check(String text, int shift) {
        int at = text.indexOf("guarantee");
        if (at < 0) {
            return ValidationOutcome.pass();
        }
        return new ValidationOutcome.Block(
                "We make no promises",
                List.of(new Finding(
                        "no-guarantee",
                        "promise",
                        Finding.Severity.ERROR,
                        "promises something",
                        Optional.of(new TextSpan(at, at + 9 + shift)))));
    }

    private List<String> failures(Supplier<Validator> broken) {
        return Failures.of(ValidatorContract.class, () -> new ValidatorContract() {
            @Override
            protected Validator create() {
                return broken.get();
            }

            @Override
            protected String acceptable() {
                return ValidatorContractTest.this.acceptable();
            }

            @Override
            protected String objectionable() {
                return ValidatorContractTest.this.objectionable();
            }
        });
    }
}
