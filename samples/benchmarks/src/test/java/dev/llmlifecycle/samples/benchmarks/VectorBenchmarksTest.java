package dev.llmlifecycle.samples.benchmarks;

import java.nio.file.Path;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What is measured does what it is said to do; nothing is timed here. */
@NullMarked
final class VectorBenchmarksTest {

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @EnumSource
    void everyEngineFindsTheNearest(VectorSearchBenchmark.Engine engine) throws Exception {
        VectorSearchBenchmark benchmark = new VectorSearchBenchmark();
        benchmark.size = 200;
        benchmark.engine = engine;
        benchmark.build();
        try {
            assertThat(benchmark.search()).hasSize(VectorData.K).doesNotHaveDuplicates();
        } finally {
            benchmark.close();
        }
    }

    @Test
    void theFilterAndTheScanOfTheMatchingFindTheSame() throws Exception {
        VectorFilterBenchmark benchmark = new VectorFilterBenchmark();
        VectorFilterBenchmark scan = new VectorFilterBenchmark();
        benchmark.size = 1_000;
        benchmark.allowed = 20;
        scan.size = 1_000;
        scan.allowed = 20;
        benchmark.build();
        scan.build();
        try {
            assertThat(benchmark.filtered())
                    .isEqualTo(scan.exactScanOfMatching())
                    .allMatch(row -> row < 20);
            assertThat(benchmark.unfiltered()).hasSize(VectorData.K);
        } finally {
            benchmark.close();
            scan.close();
        }
    }

    @Test
    void theProgramsRun() {
        String size = "600";
        assertThatCode(() -> {
                    VectorChurn.main(new String[] {"--size", size});
                    VectorSearchWhileAdding.main(new String[] {"--size", size, "--seconds", "1"});
                    VectorOpen.build(directory.resolve("index"), VectorData.of("", 600));
                    VectorOpen.main(
                            new String[] {"--open", directory.resolve("index").toString(), "100"});
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aWordThatIsNoOptionIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VectorChurn.main(new String[] {"words.fvecs"}))
                .withMessage("the argument 'words.fvecs' is not an option with a value; write it as --name value");
    }
}
