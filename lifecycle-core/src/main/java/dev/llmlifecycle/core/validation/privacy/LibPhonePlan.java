package dev.llmlifecycle.core.validation.privacy;

import java.util.List;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;

/** The plans of libphonenumber, for some countries and all international numbers. Loaded only where that library is. */
final class LibPhonePlan implements PhonePlan {

    private final PhoneNumberUtil plans = PhoneNumberUtil.getInstance();
    private final List<String> regions;

    LibPhonePlan(List<String> regions) {
        this.regions = regions;
    }

    @Override
    public Fit fit(String number) {
        if (number.startsWith("+")) {
            return fit(number, "ZZ");
        }
        Fit best = Fit.NONE;
        for (String region : regions) {
            Fit fit = fit(number, region);
            if (fit == Fit.VALID) {
                return fit;
            }
            best = fit == Fit.POSSIBLE ? fit : best;
        }
        return best;
    }

    private Fit fit(String number, String region) {
        try {
            PhoneNumber parsed = plans.parse(number, region);
            return plans.isValidNumber(parsed) ? Fit.VALID : plans.isPossibleNumber(parsed) ? Fit.POSSIBLE : Fit.NONE;
        } catch (NumberParseException e) {
            // What is no number fits no plan; that is the answer, not a failure.
            return Fit.NONE;
        }
    }
}
