package dev.llmlifecycle.retrieval.langchain4j;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.logical.And;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;

/**
 * What a source from elsewhere does with limits, filters, tenants, deadlines and its state.
 *
 * <p>Immutable.
 *
 * @param filterCandidates how many passages a request with a filter asks for; 0 where filters are handed on
 * @param tenantKey the metadata that holds the tenant
 * @param version names the state of the content
 */
record SourceRules(
        String corpusId,
        int maxPassages,
        boolean takesFilters,
        int filterCandidates,
        Optional<String> tenantKey,
        Supplier<String> version,
        Clock clock) {

    private static final Comparator<Passage> BEST_FIRST =
            Comparator.comparingDouble(Passage::score).reversed().thenComparing(Passage::id);

    static SourceRules handOnFilters() {
        return new SourceRules(
                "default", 10, true, 0, Optional.empty(), () -> "unversioned-" + UUID.randomUUID(), Clock.systemUTC());
    }

    SourceRules withCorpusId(String value) {
        return new SourceRules(
                requireText(value, "corpus id"),
                maxPassages,
                takesFilters,
                filterCandidates,
                tenantKey,
                version,
                clock);
    }

    SourceRules withMaxPassages(int value) {
        return new SourceRules(
                corpusId,
                requireAtLeastOne(value, "maxPassages"),
                takesFilters,
                filterCandidates,
                tenantKey,
                version,
                clock);
    }

    SourceRules withFiltersAfterwards(int candidates) {
        return new SourceRules(
                corpusId,
                maxPassages,
                true,
                requireAtLeastOne(candidates, "the number of candidates"),
                tenantKey,
                version,
                clock);
    }

    SourceRules withoutFilters() {
        return new SourceRules(corpusId, maxPassages, false, 0, tenantKey, version, clock);
    }

    SourceRules withTenantKey(String key) {
        return new SourceRules(
                corpusId,
                maxPassages,
                takesFilters,
                filterCandidates,
                Optional.of(requireText(key, "tenant's metadata key")),
                version,
                clock);
    }

    SourceRules withVersion(Supplier<String> value) {
        return new SourceRules(
                corpusId,
                maxPassages,
                takesFilters,
                filterCandidates,
                tenantKey,
                Objects.requireNonNull(value, "version"),
                clock);
    }

    SourceRules withClock(Clock value) {
        return new SourceRules(
                corpusId,
                maxPassages,
                takesFilters,
                filterCandidates,
                tenantKey,
                version,
                Objects.requireNonNull(value, "clock"));
    }

    private static String requireText(String text, String what) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("the " + what + " of a source is blank; give it a name");
        }
        return text;
    }

    private static int requireAtLeastOne(int value, String what) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be at least 1 but was " + value);
        }
        return value;
    }

    Map<String, Object> toCanonical() {
        return Map.of(
                "maxPassages", maxPassages,
                "takesFilters", takesFilters,
                "filterCandidates", filterCandidates,
                "tenantKey", tenantKey.orElse(""));
    }

    /** Returns the filter of a request together with that of its tenant. */
    Optional<Filter> filter(RetrievalRequest request) {
        if (!takesFilters && request.filter().isPresent()) {
            throw new IllegalArgumentException("the source '" + corpusId
                    + "' refuses filters but the request has one; ask it without, or build it with filterAfterwards");
        }
        if (tenantKey.isEmpty()) {
            return request.filter();
        }
        String tenant = request.tenant()
                .orElseThrow(() -> new IllegalArgumentException("the source '" + corpusId
                        + "' keeps tenants apart but the request names none; name the tenant that asks"));
        Filter own = new IsEqualTo(tenantKey.get(), tenant);
        return Optional.of(
                request.filter().<Filter>map(filter -> new And(own, filter)).orElse(own));
    }

    /** Returns what the source itself is to filter by. */
    Optional<Filter> handedOn(Optional<Filter> filter) {
        return filterCandidates == 0 ? filter : Optional.empty();
    }

    int candidates(Optional<Filter> filter) {
        return filter.isPresent() ? Math.max(maxPassages, filterCandidates) : maxPassages;
    }

    List<Passage> best(List<Passage> found, Optional<Filter> filter) {
        Map<String, Passage> byId = new LinkedHashMap<>();
        found.stream()
                .filter(passage ->
                        filter.isEmpty() || filter.get().test(passage.segment().metadata()))
                .sorted(BEST_FIRST)
                .forEach(passage -> byId.putIfAbsent(passage.id(), passage));
        return byId.values().stream().limit(maxPassages).toList();
    }

    String snapshotId() {
        return version.get();
    }

    void requireTime(RetrievalRequest request, String next) {
        Instant now = clock.instant();
        request.deadline().filter(deadline -> !now.isBefore(deadline)).ifPresent(deadline -> {
            throw new LifecycleException("Retrieving from '" + corpusId + "' ran out of time before " + next
                    + ": the deadline was " + deadline + "; allow more time or ask for less");
        });
    }
}
