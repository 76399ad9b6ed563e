package dev.llmlifecycle.eval.metric;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a host hears who asks for a metric without the library that it needs. */
@NullMarked
final class OptionalLibrariesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jsonSchema | json-schema-validator | {} | com.networknt:json-schema-validator, version 2",
                "jsonPath | json-path | $.x | com.jayway.jsonpath:json-path",
            })
    void anAbsentLibraryIsNamedWhenTheMetricIsMade(String metric, String jar, String argument, String library)
            throws IOException, ReflectiveOperationException {
        try (URLClassLoader loader = without(jar)) {
            Class<?> metrics = loader.loadClass(Metrics.class.getName());

            assertThat(metrics.getMethod("exactMatch").invoke(null)).hasToString("exact-match");
            assertThatExceptionOfType(InvocationTargetException.class)
                    .isThrownBy(() -> metrics.getMethod(metric, String.class, String.class)
                            .invoke(null, "valid", argument))
                    .havingCause()
                    .isInstanceOf(IllegalStateException.class)
                    .withMessage("metric 'valid' needs a library that is not on the class path; add " + library);
        }
    }

    private static URLClassLoader without(String jar) {
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !Path.of(entry).getFileName().toString().matches(jar + "-[0-9.]+\\.jar"))
                .map(OptionalLibrariesTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
