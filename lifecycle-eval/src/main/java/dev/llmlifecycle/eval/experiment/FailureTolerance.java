package dev.llmlifecycle.eval.experiment;

import java.util.List;
import java.util.Locale;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.data.Dataset;

/** How many failures a verdict may rest on. */
record FailureTolerance(double maxShare, Dataset dataset, int calls) {

    void check(Arm arm, List<ArmFailure> failures) {
        List<ArmFailure> own = failures.stream()
                .filter(failure -> failure.arm().equals(arm.name()))
                .toList();
        double share = own.size() / (double) calls;
        if (share > maxShare) {
            ArmFailure first = own.get(0);
            throw new LifecycleException(
                    String.format(
                            Locale.ROOT,
                            "Experiment on dataset '%s:%s' gives no verdict: arm '%s' failed on %d of %d %s "
                                    + "(%.1f %%, tolerated %.1f %%), first on '%s' at step %s: %s; mend it and run "
                                    + "again, or raise maxFailedShare",
                            dataset.name(),
                            dataset.version(),
                            arm.name(),
                            own.size(),
                            calls,
                            calls == dataset.size() ? "examples" : "calls",
                            100 * share,
                            100 * maxShare,
                            first.exampleId(),
                            first.outcome().step(),
                            first.outcome().text()),
                    first.outcome().cause().orElse(null));
        }
    }
}
