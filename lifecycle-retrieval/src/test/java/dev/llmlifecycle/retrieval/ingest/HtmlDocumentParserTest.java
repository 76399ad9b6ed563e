package dev.llmlifecycle.retrieval.ingest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import dev.langchain4j.data.document.BlankDocumentException;
import dev.langchain4j.data.document.Document;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.retrieval.Passage;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@NullMarked
class HtmlDocumentParserTest {

    @Test
    void leavesNavigationAndBannersOut() {
        Document page = parse("""
                <title>Returns</title><body><div id="CookieBanner">We use cookies.</div>
                <div role=navigation>Home</div><dialog>Sign up</dialog>
                <div class="consent-layer">Accept all</div>
                <h2>Returns</h2><p>You may return it within thirty days of the day on which it reached you.</p>
                <div role=contentinfo>Imprint</div><form><input value=x><textarea>y</textarea></form>""");

        assertThat(page.text())
                .isEqualTo("## Returns\n\nYou may return it within thirty days of the day on which it reached you.");
        assertThat(page.metadata().getString(Passage.TITLE)).isEqualTo("Returns");
    }

    @Test
    void keepsAPageThatIsAboutCookies() {
        assertThat(parse("<h1>Shop</h1><div class=cookie-policy><p>We keep cookies for a year.</p></div>")
                        .text())
                .contains("We keep cookies for a year.");
    }

    @Test
    void anEmptyMainOrArticleIsNotTheContent() {
        assertThat(parse("<main></main><main><p>Text.</p></main><p>Other.</p>").text())
                .isEqualTo("Text.");
        assertThat(parse("<body><main> </main><div><article></article></div><p>Text.</p></body>")
                        .text())
                .isEqualTo("Text.");
        assertThat(parse("<article>One.</article><article>Two.</article>").text())
                .isEqualTo("One.\n\nTwo.");
    }

    @Test
    void keepsTablesReadable() {
        assertThat(parse("""
                        <table><caption>Delivery</caption>
                        <tr><th>Country<th>Weight<th>Price</tr>
                        <tr><td rowspan=2>France<td>1 kg<td>5</tr>
                        <tr><td>2 kg<td>8</tr>
                        <tr><td colspan=2>Elsewhere<td>20</tr>
                        <tr><td>Moon</tr></table>""").text()).isEqualTo("""
                Delivery

                | Country | Weight | Price |
                | --- | --- | --- |
                | France | 1 kg | 5 |
                | France | 2 kg | 8 |
                | Elsewhere |  | 20 |
                | Moon |  |  |""");
    }

    @Test
    void aTableThatLaysOutAPageIsNone() {
        assertThat(parse("""
                        <table><tr><td><h2>Left</h2><p>Text.</p></td></tr><tr><td>Below</td></tr></table>
                        <table><tr><td>Menu</td><td><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr>
                        </table></td></tr></table>""").text()).isEqualTo("""
                ## Left

                Text.

                Below

                Menu

                | A | B |
                | --- | --- |
                | 1 | 2 |""");
    }

    @Test
    void saysWhatIsWrong() {
        assertThatExceptionOfType(BlankDocumentException.class).isThrownBy(() -> parse("<nav>Home</nav>"));
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> new HtmlDocumentParser()
                        .parse(new ByteArrayInputStream("<p>Gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1))))
                .withMessageStartingWith("Reading an HTML page failed: it is not valid UTF-8 at byte 5");
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return read();
            }
        };
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> new HtmlDocumentParser().parse(failing))
                .withMessage("Reading an HTML page failed; check where it comes from");
    }

    private static Document parse(String html) {
        return new HtmlDocumentParser().parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
    }
}
