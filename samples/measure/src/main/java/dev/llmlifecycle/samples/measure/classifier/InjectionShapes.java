package dev.llmlifecycle.samples.measure.classifier;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

import dev.llmlifecycle.api.LifecycleException;

/**
 * Our own shapes of injections and of harmless texts near them, filled in by chance.
 *
 * <p>Immutable.
 */
final class InjectionShapes {

    private static final String FILE = "injection-shapes.txt";
    private static final int FILLED = 14;

    private final List<Shape> shapes;

    private InjectionShapes(List<Shape> shapes) {
        this.shapes = List.copyOf(shapes);
    }

    /** A filled shape. */
    record Shape(String kind, String family, String text) {}

    static InjectionShapes read(long seed) {
        try (InputStream in = InjectionShapes.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new LifecycleException("Reading " + FILE + " found nothing; build the module again");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), seed);
        } catch (IOException e) {
            throw new LifecycleException("Reading " + FILE + " failed; build the module again", e);
        }
    }

    static InjectionShapes parse(String file, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, List<String>> slots = new HashMap<>();
        List<Shape> shapes = new ArrayList<>();
        for (String line : file.split("\n", -1)) {
            int equals = line.indexOf(" = ");
            int colon = line.indexOf(": ");
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (equals > 0 && (colon < 0 || equals < colon)) {
                slots.put(
                        line.substring(0, equals),
                        List.of(line.substring(equals + 3).split(" \\| ", -1)));
                continue;
            }
            String[] kind = line.substring(0, colon).split(" ", -1);
            Set<String> filled = new LinkedHashSet<>();
            for (int i = 0; i < FILLED; i++) {
                filled.add(fill(line.substring(colon + 2), slots, random));
            }
            filled.forEach(text -> shapes.add(new Shape(kind[0], kind[1], text)));
        }
        return new InjectionShapes(shapes);
    }

    private static String fill(String template, Map<String, List<String>> slots, SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
            int close = template.indexOf('}', open);
            List<String> choices = slots.getOrDefault(template.substring(open + 1, close), List.of(""));
            text.append(template, at, open).append(choices.get(random.nextInt(choices.size())));
            at = close + 1;
        }
        text.append(template.substring(at));
        if (random.nextBoolean() && text.length() > 0) {
            text.setCharAt(0, Character.toUpperCase(text.charAt(0)));
        }
        return text.toString();
    }

    List<Shape> of(String kind) {
        return shapes.stream().filter(shape -> shape.kind().equals(kind)).toList();
    }
}
