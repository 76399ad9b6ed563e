package dev.llmlifecycle.api.contract;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;

/** Runs the tests of a contract on an implementation that is meant to break it. */
final class Failures {

    private Failures() {}

    /** Returns the names of the tests that fail, each run on an instance of its own. */
    static List<String> of(Class<?> contract, Supplier<?> instance) {
        List<String> failed = new ArrayList<>();
        for (Method test : contract.getMethods()) {
            if (test.isAnnotationPresent(Test.class) && !passes(test, instance.get())) {
                failed.add(test.getName());
            }
        }
        return failed.stream().sorted().toList();
    }

    private static boolean passes(Method test, Object instance) {
        try {
            test.invoke(instance);
            return true;
        } catch (InvocationTargetException e) {
            return false;
        } catch (IllegalAccessException e) {
            throw new AssertionError(test + " of a contract must be public", e);
        }
    }
}
