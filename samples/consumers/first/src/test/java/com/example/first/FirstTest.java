package com.example.first;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.llmlifecycle.api.LifecycleException;
import org.junit.jupiter.api.Test;

class FirstTest {

    @Test
    void seesTheLibraryByItsCoordinates() {
        LifecycleException failure = new LifecycleException("Reading 'docs' failed; check that the folder exists");

        assertEquals("Reading 'docs' failed; check that the folder exists", failure.getMessage());
        assertInstanceOf(RuntimeException.class, failure);
    }
}
