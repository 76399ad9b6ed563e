package dev.llmlifecycle.core.internal;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class MarkupTest {

    @Test
    void escapesTextsAndAttributes() {
        assertThat(new Markup()
                        .element("p", "a < b & \"c\" > 'd'", "title", "<\"'&>")
                        .toString())
                .isEqualTo("<p title=\"&lt;&quot;&#39;&amp;&gt;\">a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;</p>\n");
    }

    @Test
    void replacesWhatNoDocumentMayHold() {
        assertThat(new Markup()
                        .text("a\u0000\u001f\u007f\u0085\ud800b\ufdd0\uffff\ud83d\ude00\t\n\r")
                        .toString())
                .isEqualTo("a\ufffd\ufffd\ufffd\ufffd\ufffdb\ufffd\ufffd\ud83d\ude00\t\n&#13;");
    }

    @Test
    void aScriptOfOursCannotEndItself() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Markup().verbatim("script", "'</script>'"));
    }
}
