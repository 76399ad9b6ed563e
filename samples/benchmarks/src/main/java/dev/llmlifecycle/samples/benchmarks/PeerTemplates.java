package dev.llmlifecycle.samples.benchmarks;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import dev.langchain4j.model.input.PromptTemplate;
import gg.jte.CodeResolver;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.StringLoader;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import org.springframework.ai.template.ValidationMode;
import org.springframework.ai.template.st.StTemplateRenderer;

/** The benchmark's prompt in the languages of others, each compiled before it is measured where it can be. */
final class PeerTemplates {

    private final PromptTemplate langChain4j;
    private final Template mustache;
    private final StTemplateRenderer springAi = StTemplateRenderer.builder().build();
    /** Without the check, which takes the variable of a loop for one that is missing. */
    private final StTemplateRenderer springAiUnchecked =
            StTemplateRenderer.builder().validationMode(ValidationMode.NONE).build();

    private final String springAiPlain;
    private final String springAiLoop;
    private final PebbleTemplate pebble;
    private final TemplateEngine jte;

    /**
     * Compiles.
     *
     * @param plain the prompt with variables as {@code {{name}}}
     */
    PeerTemplates(String plain) {
        langChain4j = PromptTemplate.from(plain);
        mustache = Mustache.compiler()
                .escapeHTML(false)
                .compile(plain + "\nOrders:\n{{#orders}}{{-index}}. {{id}}: {{total}} EUR\n{{/orders}}");
        springAiPlain = plain.replace("{{", "{").replace("}}", "}");
        springAiLoop = springAiPlain + "\nOrders:\n{orders:{order|{i}. {order.id}: {order.total} EUR\n}}";
        pebble = new PebbleEngine.Builder()
                .loader(new StringLoader())
                .autoEscaping(false)
                .newLineTrimming(false)
                .build()
                .getTemplate(plain + "\nOrders:\n{% for order in orders %}{{ loop.index + 1 }}. {{ order.id }}:"
                        + " {{ order.total }} EUR\n{% endfor %}");
        jte = TemplateEngine.create(
                new OneTemplate("@import java.util.*\n@param Map<String, Object> values\n"
                        + "@param List<Map<String, Object>> orders\n"
                        + plain.replaceAll("\\{\\{(\\w+)}}", "\\${values.get(\"$1\").toString()}")
                        + "\nOrders:\n!{int i = 0;}@for(Map<String, Object> order : orders)!{i++;}${i}."
                        + " ${order.get(\"id\").toString()}: ${order.get(\"total\").toString()} EUR\n@endfor"),
                temporary(),
                ContentType.Plain);
        jte.prepareForRendering(OneTemplate.NAME);
    }

    String langChain4jPlain(Map<String, Object> values) {
        return langChain4j.apply(values).text();
    }

    String springAiPlain(Map<String, Object> values) {
        return springAi.apply(springAiPlain, values);
    }

    String springAiLoop(Map<String, Object> values) {
        return springAiUnchecked.apply(springAiLoop, values);
    }

    String mustacheLoop(Map<String, Object> values) {
        return mustache.execute(values);
    }

    String pebbleLoop(Map<String, Object> values) {
        try {
            StringWriter text = new StringWriter();
            pebble.evaluate(text, values);
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String jteLoop(Map<String, Object> values) {
        StringOutput text = new StringOutput();
        jte.render(OneTemplate.NAME, Map.of("values", values, "orders", values.get("orders")), text);
        return text.toString();
    }

    private static Path temporary() {
        try {
            Path directory = Files.createTempDirectory("jte-classes");
            directory.toFile().deleteOnExit();
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives jte its one template. */
    private record OneTemplate(String text) implements CodeResolver {

        private static final String NAME = "prompt.jte";

        @Override
        public String resolve(String name) {
            return text;
        }

        @Override
        public long getLastModified(String name) {
            return 0;
        }
    }
}
