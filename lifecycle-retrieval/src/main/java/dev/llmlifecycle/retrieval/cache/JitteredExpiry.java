package dev.llmlifecycle.retrieval.cache;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Expiry;

/** Lets entries expire after a time that differs by up to a tenth, so that what came together does not go together. */
final class JitteredExpiry<K, V> implements Expiry<K, V> {

    private static final int STEPS = 1_024;

    private final long nanos;

    JitteredExpiry(Duration duration) {
        // A century is for ever, and fits.
        this.nanos = duration.compareTo(Duration.ofDays(36_500)) > 0
                ? Duration.ofDays(36_500).toNanos()
                : duration.toNanos();
    }

    @Override
    public long expireAfterCreate(K key, V value, long currentTime) {
        // By the key: the same in every run. The multiplier spreads hashes that are near to each other.
        int step = Math.floorMod((key.hashCode() * 0x9E3779B9) >>> 8, STEPS);
        return nanos - nanos / 10 * step / STEPS;
    }

    @Override
    public long expireAfterUpdate(K key, V value, long currentTime, long currentDuration) {
        return expireAfterCreate(key, value, currentTime);
    }

    @Override
    public long expireAfterRead(K key, V value, long currentTime, long currentDuration) {
        return currentDuration;
    }
}
