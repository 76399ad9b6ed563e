package dev.llmlifecycle.core.validation.privacy;

/**
 * A kind of personal data.
 *
 * @since 0.1
 */
public enum PersonalDataType {
    /** A mailbox. */
    EMAIL_ADDRESS,
    /** A telephone number. */
    PHONE_NUMBER,
    /** A number of a credit or debit card. */
    PAYMENT_CARD,
    /** An international bank account number. */
    IBAN,
    /** A number that a state gives to a person: social security, tax, health, identity or licence. */
    NATIONAL_ID,
    /** An internet address of version 4 or 6. */
    IP_ADDRESS,
    /** A hardware address. */
    MAC_ADDRESS,
    /** A web address. */
    URL,
    /** An address of Bitcoin or Ethereum. */
    CRYPTO_ADDRESS,
    /** A date that the text calls one of birth. */
    DATE_OF_BIRTH,
    /** The name of a person. */
    PERSON,
    /** A town, region or country. */
    LOCATION,
    /** A company or another organisation. */
    ORGANISATION,
    /** A street with a number, with what follows of a postal address. */
    ADDRESS,
    /** A password, key or token. */
    SECRET
}
