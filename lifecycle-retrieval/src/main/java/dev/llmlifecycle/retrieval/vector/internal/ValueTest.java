package dev.llmlifecycle.retrieval.vector.internal;

import java.util.List;
import java.util.function.ToIntFunction;

/** What a filter asks of the values of one kind, without throwing. */
sealed interface ValueTest {

    boolean test(Object value);

    /** Values on one side of a bound. */
    record Beyond(Side side, ToIntFunction<Object> bound) implements ValueTest {

        @Override
        public boolean test(Object value) {
            return side.holds(bound.applyAsInt(value));
        }
    }

    /** Values that equal one of some, which are in ascending order. */
    record Among(List<ToIntFunction<Object>> values) implements ValueTest {

        public Among {
            values = List.copyOf(values);
        }

        @Override
        public boolean test(Object value) {
            int low = 0;
            int high = values.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                int comparison = values.get(middle).applyAsInt(value);
                if (comparison == 0) {
                    return true;
                }
                if (comparison > 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return false;
        }
    }

    /** Strings that contain a string. */
    record Containing(String part) implements ValueTest {

        @Override
        public boolean test(Object value) {
            return ((String) value).contains(part);
        }
    }

    /** Where values are, seen from a bound. */
    enum Side {
        ABOVE,
        ABOVE_OR_AT,
        BELOW,
        BELOW_OR_AT;

        boolean holds(int comparison) {
            return switch (this) {
                case ABOVE -> comparison > 0;
                case ABOVE_OR_AT -> comparison >= 0;
                case BELOW -> comparison < 0;
                case BELOW_OR_AT -> comparison <= 0;
            };
        }
    }
}
