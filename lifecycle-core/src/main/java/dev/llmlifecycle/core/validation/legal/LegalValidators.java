package dev.llmlifecycle.core.validation.legal;

import java.time.Clock;

/**
 * The door to validators of what the law or a contract asks of answers.
 *
 * <pre>{@code
 * LlmApp.Builder app = ...
 *         .passageValidator(LegalValidators.consent(clock).purpose("support").build())
 *         .outputValidator(LegalValidators.quotation().licenceWhereMissing(LicenceRule.OWN).build())
 *         .outputValidator(LegalValidators.disclaimer().build())
 *         .outputValidator(LegalValidators.mentions().competitor("Globex").build())
 *         .outputValidator(LegalValidators.machineDisclosure(Jurisdiction.shipped("EU")).build());
 * }</pre>
 *
 * <p>They check texts against rules that the host decides on. None of it is legal advice, and none of it shows that an
 * application is lawful. {@link ProvenanceRecord} and {@link EvidenceReport} keep the record.
 *
 * @since 0.1
 */
public final class LegalValidators {

    private LegalValidators() {}

    /**
     * Starts a validator of quotations against the licences of their sources.
     *
     * @return a builder of a validator named {@code quotation}
     */
    public static QuotationValidator.Builder quotation() {
        return QuotationValidator.builder();
    }

    /**
     * Starts a validator of medical, legal, financial and tax advice without a disclaimer.
     *
     * @return a builder of a validator named {@code disclaimer}
     */
    public static DisclaimerValidator.Builder disclaimer() {
        return DisclaimerValidator.builder();
    }

    /**
     * Starts a validator of consent, purpose and retention of passages.
     *
     * @param clock tells what day it is
     * @return a builder of a validator named {@code consent}
     */
    public static ConsentValidator.Builder consent(Clock clock) {
        return ConsentValidator.builder(clock);
    }

    /**
     * Starts a validator of competitors and trademarks.
     *
     * @return a builder of a validator named {@code mentions}
     */
    public static MentionsValidator.Builder mentions() {
        return MentionsValidator.builder();
    }

    /**
     * Starts a validator of the disclosure that one talks to a machine.
     *
     * @param jurisdiction whose rule it is
     * @return a builder of a validator named {@code machine-disclosure}
     * @throws IllegalArgumentException when the jurisdiction has no such rule
     */
    public static MachineDisclosureValidator.Builder machineDisclosure(Jurisdiction jurisdiction) {
        return MachineDisclosureValidator.builder(jurisdiction);
    }
}
