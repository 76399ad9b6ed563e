package dev.llmlifecycle.core.reasoning.steps;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Units that convert by a factor, and words that stand for one. */
final class Units {

    /**
     * A unit.
     *
     * @param dimension what it measures
     * @param factor how many of the dimension's base it is
     */
    record Unit(String dimension, Rational factor) {}

    private static final Map<String, Unit> UNITS = units();
    private static final Map<String, Rational> SCALES = Map.of(
            "dozen", Rational.of(12),
            "hundred", Rational.of(100),
            "thousand", Rational.of(1_000),
            "k", Rational.of(1_000),
            "million", Rational.of(1_000_000),
            "billion", Rational.of(1_000_000_000L));

    private Units() {}

    static @Nullable Unit of(String word) {
        Unit unit = UNITS.get(word);
        return unit != null ? unit : UNITS.get(word.toLowerCase(Locale.ROOT));
    }

    static @Nullable Rational scale(String word) {
        return SCALES.get(word.toLowerCase(Locale.ROOT));
    }

    private static Map<String, Unit> units() {
        Map<String, Unit> units = new HashMap<>();
        // Months and years have no fixed number of days; they convert into each other alone.
        add(units, "time", 1, 1, "s", "sec", "secs", "second", "seconds");
        add(units, "time", 60, 1, "min", "mins", "minute", "minutes");
        add(units, "time", 3_600, 1, "h", "hr", "hrs", "hour", "hours");
        add(units, "time", 86_400, 1, "day", "days");
        add(units, "time", 604_800, 1, "week", "weeks");
        add(units, "months", 1, 1, "month", "months");
        add(units, "months", 12, 1, "year", "years");
        add(units, "months", 120, 1, "decade", "decades");
        add(units, "metre", 1, 1_000, "mm", "millimeter", "millimeters", "millimetre", "millimetres");
        add(units, "metre", 1, 100, "cm", "centimeter", "centimeters", "centimetre", "centimetres");
        add(units, "metre", 1, 1, "m", "meter", "meters", "metre", "metres");
        add(units, "metre", 1_000, 1, "km", "kilometer", "kilometers", "kilometre", "kilometres");
        add(units, "inch", 1, 1, "inch", "inches");
        add(units, "inch", 12, 1, "foot", "feet", "ft");
        add(units, "inch", 36, 1, "yard", "yards", "yd");
        add(units, "inch", 63_360, 1, "mile", "miles");
        add(units, "gram", 1, 1_000, "mg", "milligram", "milligrams");
        add(units, "gram", 1, 1, "g", "gram", "grams");
        add(units, "gram", 1_000, 1, "kg", "kilogram", "kilograms", "kilo", "kilos");
        add(units, "gram", 1_000_000, 1, "t", "tonne", "tonnes");
        add(units, "ounce", 1, 1, "oz", "ounce", "ounces");
        add(units, "ounce", 16, 1, "lb", "lbs", "pound", "pounds");
        add(units, "litre", 1, 1_000, "ml", "mL", "milliliter", "milliliters", "millilitre", "millilitres");
        add(units, "litre", 1, 100, "cl");
        add(units, "litre", 1, 1, "l", "L", "liter", "liters", "litre", "litres");
        add(units, "cup", 1, 1, "cup", "cups");
        add(units, "cup", 2, 1, "pint", "pints");
        add(units, "cup", 4, 1, "quart", "quarts");
        add(units, "cup", 16, 1, "gallon", "gallons");
        add(units, "money", 1, 100, "cent", "cents", "¢");
        add(units, "money", 1, 1, "$", "dollar", "dollars", "€", "euro", "euros");
        return Map.copyOf(units);
    }

    private static void add(
            Map<String, Unit> units, String dimension, long numerator, long denominator, String... names) {
        for (String name : names) {
            units.put(name, new Unit(dimension, Rational.of(numerator, denominator)));
        }
    }
}
