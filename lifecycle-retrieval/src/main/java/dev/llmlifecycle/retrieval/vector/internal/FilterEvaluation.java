package dev.llmlifecycle.retrieval.vector.internal;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.logical.And;
import dev.langchain4j.store.embedding.filter.logical.Not;
import dev.langchain4j.store.embedding.filter.logical.Or;

/**
 * Answers a filter for many rows at once, from the columns of its keys.
 *
 * <p>A part of a filter is asked only for the rows for which {@link Filter#test} would reach it: the right side of an
 * "and" for those that passed the left, the right side of an "or" for the others. So it throws only where that would.
 */
final class FilterEvaluation {

    private static final String LOGICAL = And.class.getPackageName();

    private final Function<String, Optional<? extends Column>> columns;
    private final IntFunction<Metadata> metadata;

    FilterEvaluation(Function<String, Optional<? extends Column>> columns, IntFunction<Metadata> metadata) {
        this.columns = columns;
        this.metadata = metadata;
    }

    Bits matching(Filter filter, Bits candidates) {
        if (candidates.isEmpty()) {
            return candidates;
        }
        if (filter.getClass().getPackageName().equals(LOGICAL)) {
            if (filter instanceof And and) {
                return matching(and.right(), matching(and.left(), candidates));
            }
            if (filter instanceof Or or) {
                Bits left = matching(or.left(), candidates);
                return left.or(matching(or.right(), candidates.andNot(left)));
            }
            if (filter instanceof Not not) {
                return candidates.andNot(matching(not.expression(), candidates));
            }
        }
        return Comparison.of(filter)
                .map(comparison -> byValues(filter, comparison, candidates))
                .orElseGet(() -> byRows(filter, candidates));
    }

    private Bits byValues(Filter filter, Comparison comparison, Bits candidates) {
        Optional<? extends Column> column = columns.apply(comparison.key());
        if (column.isEmpty()) {
            return comparison.negated() ? candidates : Bits.none(candidates.length());
        }
        Column.Selection selection = column.get().select(comparison, candidates);
        Bits decided = candidates.andNot(selection.undecided());
        Bits matching = comparison.negated() ? decided.andNot(selection.passed()) : decided.and(selection.passed());
        Bits undecided = candidates.and(selection.undecided());
        return undecided.isEmpty() ? matching : matching.or(byRows(filter, undecided));
    }

    private Bits byRows(Filter filter, Bits candidates) {
        return candidates.filter(row -> filter.test(metadata.apply(row)));
    }
}
