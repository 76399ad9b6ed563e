package dev.llmlifecycle.eval.report;

import java.util.List;
import java.util.Locale;

import dev.llmlifecycle.api.experiment.MetricVerdict;
import dev.llmlifecycle.core.internal.Markup;
import dev.llmlifecycle.eval.report.Comparison.Change;

/** Draws the difference of two arms with its interval, and how the examples divide; widths are shares of the page's. */
final class EffectChart {

    private static final double[] STEPS = {1, 2, 5, 10, 20, 25, 50, 100};
    private static final int TICKS_PER_SIDE = 4;

    private final Markup page;

    EffectChart(Markup page) {
        this.page = page;
    }

    /** Draws the interval on an axis of points of success rate, with the band of what does not matter. */
    void difference(MetricVerdict metric, double margin) {
        double effect = 100 * metric.effect();
        double low = Math.max(-100, 100 * metric.difference().low());
        double high = Math.min(100, 100 * metric.difference().high());
        double reach = Math.max(Math.max(Math.abs(low), Math.abs(high)), Math.max(Math.abs(effect), 100 * margin));
        double step = step(reach);
        double end = step * Math.ceil(reach * 1.05 / step);
        Axis axis = new Axis(end);

        page.open(
                "svg", "class", "effect", "role", "img", "width", "100%", "height", "128", "aria-label", said(metric));
        rect("band", axis.x(-100 * margin), axis.x(100 * margin), 30, 54);
        for (double tick = -end; tick <= end + step / 2; tick += step) {
            line(tick == 0 ? "zero" : "tick", axis.x(tick), axis.x(tick), 26, 90);
            label(axis.x(tick), 112, String.format(Locale.ROOT, "%+.0f", tick).replaceFirst("^[+-]0$", "0"), "axis");
        }
        line("interval", axis.x(low), axis.x(high), 57, 57);
        line("interval end", axis.x(low), axis.x(low), 47, 67);
        line("interval end", axis.x(high), axis.x(high), 47, 67);
        page.open("circle", "class", "point", "cx", percent(axis.x(effect)), "cy", "57", "r", "7")
                .close("circle");
        label(axis.x(effect), 18, String.format(Locale.ROOT, "%+.1f", effect), "value");
        page.close("svg");
    }

    /** Draws one bar of all examples, divided by which arm passed. */
    void division(Comparison comparison, MetricVerdict metric) {
        page.open(
                "svg",
                "class",
                "division",
                "role",
                "img",
                "width",
                "100%",
                "height",
                "20",
                "aria-label",
                "How the examples divide: the counts follow");
        double from = 0;
        for (Change change : List.of(Change.BOTH, Change.GAINED, Change.LOST, Change.NEITHER)) {
            double to = from + 100.0 * comparison.count(metric, change) / metric.pairs();
            rect(change.label(), from, to, 0, 20);
            from = to;
        }
        page.close("svg");
    }

    /** Says what the drawing shows. */
    private static String said(MetricVerdict metric) {
        return String.format(
                Locale.ROOT,
                "Difference %+.1f points, %.0f percent interval from %+.1f to %+.1f",
                100 * metric.effect(),
                100 * metric.difference().level(),
                100 * metric.difference().low(),
                100 * metric.difference().high());
    }

    private static double step(double reach) {
        for (double step : STEPS) {
            if (reach * 1.05 / step <= TICKS_PER_SIDE) {
                return step;
            }
        }
        return STEPS[STEPS.length - 1];
    }

    private void rect(String kind, double from, double to, int y, int height) {
        page.open(
                        "rect",
                        "class",
                        kind,
                        "x",
                        percent(from),
                        "y",
                        Integer.toString(y),
                        "width",
                        percent(to - from),
                        "height",
                        Integer.toString(height))
                .close("rect");
    }

    private void line(String kind, double x1, double x2, int y1, int y2) {
        page.open(
                        "line",
                        "class",
                        kind,
                        "x1",
                        percent(x1),
                        "x2",
                        percent(x2),
                        "y1",
                        Integer.toString(y1),
                        "y2",
                        Integer.toString(y2))
                .close("line");
    }

    private void label(double x, int y, String text, String kind) {
        page.element("text", text, "class", kind, "x", percent(x), "y", Integer.toString(y), "text-anchor", "middle");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f%%", share);
    }

    /** Points from minus end to end, on the middle part of the width so that labels have room. */
    private record Axis(double end) {

        double x(double points) {
            return 50 + 46 * points / end;
        }
    }
}
