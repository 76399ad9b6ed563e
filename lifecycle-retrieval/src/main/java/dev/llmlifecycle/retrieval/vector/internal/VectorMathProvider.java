package dev.llmlifecycle.retrieval.vector.internal;

import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses between SIMD and scalar loops, once.
 *
 * <p>The SIMD class is compiled apart, since what uses an incubating module cannot be compiled under {@code -Werror};
 * it is loaded by name and only when the JVM was started with {@code --add-modules jdk.incubator.vector}.
 */
final class VectorMathProvider {

    static final VectorMath BEST;

    private static final Logger log = LoggerFactory.getLogger(VectorMathProvider.class);
    private static final String MODULE = "jdk.incubator.vector";
    private static final String SIMD = "dev.llmlifecycle.retrieval.vector.internal.SimdVectorMath";

    static {
        Optional<VectorMath> simd = simd();
        BEST = simd.orElseGet(ScalarVectorMath::new);
        log.debug(
                "Vector arithmetic is {}",
                simd.isPresent() ? BEST : "scalar; start the JVM with --add-modules " + MODULE + " for SIMD");
    }

    private VectorMathProvider() {}

    /** Returns SIMD loops, when this JVM has the module. */
    static Optional<VectorMath> simd() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Class.forName(SIMD)
                    .asSubclass(VectorMath.class)
                    .getDeclaredConstructor()
                    .newInstance());
        } catch (ReflectiveOperationException | LinkageError e) {
            log.warn("Loading SIMD arithmetic failed on this JVM; vectors are compared by scalar loops", e);
            return Optional.empty();
        }
    }
}
