package dev.llmlifecycle.core.validation.privacy;

/** Says whether a telephone number fits the plan of its country. */
interface PhonePlan {

    /** How far a number fits. */
    enum Fit {
        /** The plan has such numbers. */
        VALID,
        /** Its length is right, or nothing is known of it. */
        POSSIBLE,
        /** There is no such number. */
        NONE
    }

    Fit fit(String number);

    /** Knows the length of international numbers alone (ITU-T E.164). */
    static PhonePlan lengths() {
        return number -> {
            long digits = number.chars().filter(Character::isDigit).count();
            return digits >= 7 && digits <= 15 ? Fit.POSSIBLE : Fit.NONE;
        };
    }
}
