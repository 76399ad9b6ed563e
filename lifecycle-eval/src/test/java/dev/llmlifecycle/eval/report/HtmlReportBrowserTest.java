package dev.llmlifecycle.eval.report;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The page in a real browser, where one is on the machine. */
@NullMarked
final class HtmlReportBrowserTest {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    @TempDir
    Path folder;

    @Test
    void theScriptRunsUnderThePolicyAndHostileTextsStayTexts() throws Exception {
        Optional<Path> browser = browser();
        assumeTrue(browser.isPresent(), "no browser of " + NAMES + " is on the PATH, so the page is not looked at");
        SampleReport sample =
                SampleReport.with("</script><script>document.title='broken'</script><img src=x onerror=1>");
        Path file = folder.resolve("report.html");
        sample.report().build().write(file);

        Run run = open(browser.get(), file);

        assertThat(run.exit()).isZero();
        Document page = Jsoup.parse(run.out());
        assertThat(page.select("html").attr("data-script")).isEqualTo("on");
        assertThat(page.select("#filter").hasAttr("hidden")).isFalse();
        assertThat(page.select("#shown").text()).isEqualTo("16 of 16 examples");
        assertThat(page.select("#filter fieldset label").eachText())
                .containsExactly("16 all", "0 gained", "0 lost", "0 both", "16 neither");
        assertThat(page.title()).startsWith("Report </script>");
        assertThat(page.select("img")).isEmpty();
        assertThat(run.err().lines().filter(line -> line.contains("CONSOLE") || line.contains("Refused to")))
                .isEmpty();
    }

    private Run open(Path browser, Path file) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(
                        browser.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--enable-logging=stderr",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--dump-dom",
                        file.toUri().toString())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("the browser ends")
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static Optional<Path> browser() {
        Stream<Path> folders = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(Path::of);
        return folders.flatMap(folder -> NAMES.stream().map(folder::resolve))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private record Run(int exit, String out, String err) {}
}
