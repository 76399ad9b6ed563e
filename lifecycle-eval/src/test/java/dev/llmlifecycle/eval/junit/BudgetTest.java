package dev.llmlifecycle.eval.junit;

import java.math.BigDecimal;

import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.app.TokenPrices;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
final class BudgetTest {

    @Test
    void refusesTheCallAfterTheLast() {
        Budget budget = Budget.builder().maxCalls(1).build();
        budget.reserveCall();

        assertThatExceptionOfType(BudgetExhaustedException.class)
                .isThrownBy(budget::reserveCall)
                .withMessage("Asking the model: the budget of 1 calls is used up after 1 calls and 0 tokens; raise it,"
                        + " or replay what is recorded");
        assertThat(budget.isExhausted()).isTrue();
        assertThat(budget.calls()).isEqualTo(1);
        assertThat(budget.cost()).isEmpty();
    }

    @Test
    void countsTokensAndMoney() {
        Budget tokens = Budget.builder().maxTokens(10).build();
        tokens.reserveCall();
        tokens.add(new TokenUsage(7, 3));
        tokens.add(null);
        tokens.add(new TokenUsage());
        assertThat(tokens.tokens()).isEqualTo(10);
        assertThatExceptionOfType(BudgetExhaustedException.class)
                .isThrownBy(tokens::reserveCall)
                .withMessageContaining("of 10 tokens");

        Budget money = Budget.builder()
                .prices(new TokenPrices(BigDecimal.ONE, BigDecimal.TEN))
                .maxCost(new BigDecimal("0.00003"))
                .build();
        money.add(new TokenUsage(10, 1));
        money.reserveCall();
        assertThat(money.cost()).hasValueSatisfying(cost -> assertThat(cost).isEqualByComparingTo("0.00002"));
        money.add(new TokenUsage(10, 0));
        assertThatExceptionOfType(BudgetExhaustedException.class)
                .isThrownBy(money::reserveCall)
                .withMessageContaining("of 0.00003 of money");
    }

    @Test
    void refusesLimitsThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> Budget.builder().maxCalls(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Budget.builder().maxTokens(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Budget.builder().maxCost(BigDecimal.ONE.negate()));
        assertThatIllegalStateException()
                .isThrownBy(() -> Budget.builder().maxCost(BigDecimal.ONE).build())
                .withMessageContaining("needs to know what tokens cost");
        Budget.unlimited().reserveCall();
    }
}
