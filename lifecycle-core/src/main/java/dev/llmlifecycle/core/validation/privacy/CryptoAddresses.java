package dev.llmlifecycle.core.validation.privacy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;

/** Addresses of Bitcoin (Base58Check; BIP 173 and 350) and Ethereum. */
final class CryptoAddresses {

    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final String BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private static final int[] GENERATOR = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    private static final int BECH32M = 0x2bc830a3;

    private CryptoAddresses() {}

    static void find(Scan scan) {
        for (int t = 0; t < scan.count(); t++) {
            int length = scan.length(t);
            if (length < 26 || length > 90 || !scan.hasDigit(t)) {
                continue;
            }
            String word = scan.text.text(scan.start(t), scan.end(t));
            String scheme = scheme(word);
            if (!scheme.isEmpty()) {
                scan.found(PersonalDataType.CRYPTO_ADDRESS, scheme, scan.start(t), scan.end(t), 0.97);
            }
        }
    }

    private static String scheme(String word) {
        char first = word.charAt(0);
        if (word.length() == 42 && first == '0' && word.charAt(1) == 'x') {
            return word.substring(2).chars().allMatch(c -> Character.digit(c, 16) >= 0) ? "ethereum" : "";
        }
        if ((first == '1' || first == '3') && word.length() <= 35) {
            return isBase58Check(word) ? "bitcoin" : "";
        }
        boolean oneCase = word.equals(word.toLowerCase(Locale.ROOT)) || word.equals(word.toUpperCase(Locale.ROOT));
        String lower = word.toLowerCase(Locale.ROOT);
        return oneCase && lower.startsWith("bc1") && isBech32(lower) ? "bitcoin" : "";
    }

    private static boolean isBase58Check(String word) {
        BigInteger value = BigInteger.ZERO;
        for (int i = 0; i < word.length(); i++) {
            int digit = BASE58.indexOf(word.charAt(i));
            if (digit < 0) {
                return false;
            }
            value = value.multiply(BigInteger.valueOf(58)).add(BigInteger.valueOf(digit));
        }
        byte[] bytes = value.toByteArray();
        byte[] all = new byte[25];
        int from = Math.max(0, bytes.length - 25);
        if (bytes.length - from > 25 || (from > 0 && bytes[0] != 0)) {
            return false;
        }
        System.arraycopy(bytes, from, all, 25 - (bytes.length - from), bytes.length - from);
        byte[] hash = sha256(sha256(Arrays.copyOf(all, 21)));
        return Arrays.equals(hash, 0, 4, all, 21, 25);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing, which every Java platform has; use another one", e);
        }
    }

    private static boolean isBech32(String word) {
        int check = 1;
        byte[] prefix = "bc".getBytes(StandardCharsets.US_ASCII);
        for (byte each : prefix) {
            check = step(check, each >> 5);
        }
        check = step(check, 0);
        for (byte each : prefix) {
            check = step(check, each & 31);
        }
        for (int i = 3; i < word.length(); i++) {
            int value = BECH32.indexOf(word.charAt(i));
            if (value < 0) {
                return false;
            }
            check = step(check, value);
        }
        return check == 1 || check == BECH32M;
    }

    private static int step(int check, int value) {
        int top = check >>> 25;
        int next = (check & 0x1ffffff) << 5 ^ value;
        for (int i = 0; i < 5; i++) {
            next ^= (top >>> i & 1) == 1 ? GENERATOR[i] : 0;
        }
        return next;
    }
}
