package dev.llmlifecycle.eval.junit;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.core.data.Datasets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** Finds datasets, cassettes and baselines: in the folder of test resources, then on the class path. */
record TestResources(Path folder, Class<?> test) {

    Dataset dataset(String name) {
        Dataset dataset = read(name);
        if (dataset.size() == 0) {
            throw new ExtensionConfigurationException("the dataset " + name + " of " + test.getName()
                    + " has no example, so nothing would be tested; add some, or remove the test");
        }
        return dataset;
    }

    /** Returns a file, which is in the folder unless the class path alone has it. */
    Path file(String name) {
        Path file = folder.resolve(name);
        URL url = Files.exists(file) ? null : url(name);
        return url != null && url.getProtocol().equals("file") ? path(url) : file;
    }

    private Dataset read(String name) {
        String title = title(name);
        Path file = folder.resolve(name);
        if (Files.exists(file)) {
            return Datasets.readJsonLines(file, title);
        }
        URL url = url(name);
        if (url == null) {
            throw new ExtensionConfigurationException("the dataset " + name + " of " + test.getName() + " is neither "
                    + file + " nor a resource of the class path; correct its name, or set " + PromptTest.RESOURCES);
        }
        return url.getProtocol().equals("jar") ? readFromJar(url, title) : Datasets.readJsonLines(path(url), title);
    }

    private static Dataset readFromJar(URL url, String title) {
        try {
            JarURLConnection connection = (JarURLConnection) url.openConnection();
            connection.setUseCaches(false);
            try (FileSystem jar = FileSystems.newFileSystem(path(connection.getJarFileURL()), (ClassLoader) null)) {
                return Datasets.readJsonLines(jar.getPath("/", connection.getEntryName()), title);
            }
        } catch (IOException e) {
            throw new LifecycleException(
                    "Reading the dataset " + url + " failed (" + e.getClass().getSimpleName()
                            + "); check the jar, or keep the dataset as a file",
                    e);
        }
    }

    private @Nullable URL url(String name) {
        URL beside = test.getResource(name);
        return beside != null ? beside : test.getClassLoader().getResource(name);
    }

    private static Path path(URL url) {
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new LifecycleException("Reading " + url + " failed: it is no file; keep it as a file", e);
        }
    }

    private static String title(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        int dot = file.indexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }
}
