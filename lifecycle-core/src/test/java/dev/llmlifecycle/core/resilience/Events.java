package dev.llmlifecycle.core.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a listener hears. */
final class Events implements ResilienceListener {

    final List<String> seen = new ArrayList<>();

    @Override
    public void onRetry(FailedAttempt failed, Duration wait) {
        seen.add("retry " + failed.model() + " " + failed.kind());
    }

    @Override
    public void onFallback(FailedAttempt failed, String fallback) {
        seen.add("fallback " + failed.model() + " " + failed.kind() + " to " + fallback);
    }

    @Override
    public void onCircuitOpen(String model) {
        seen.add("open " + model);
    }
}
