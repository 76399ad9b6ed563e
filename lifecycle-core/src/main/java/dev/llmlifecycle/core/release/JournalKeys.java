package dev.llmlifecycle.core.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.Nullable;

/**
 * Reads Ed25519 keys for the audit journal from PEM files (RFC 7468), as {@code openssl genpkey -algorithm ed25519}
 * writes them.
 *
 * <p>Thread-safe. No message holds anything of a key. A key in a hardware module or a key store needs none of this: any
 * {@link PrivateKey} of an installed provider signs.
 *
 * @since 0.1
 */
public final class JournalKeys {

    private static final int LONGEST = 1 << 14;
    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    private JournalKeys() {}

    /**
     * Reads a private key.
     *
     * @param pem a file with {@code -----BEGIN PRIVATE KEY-----} (PKCS#8, not encrypted)
     * @return the key
     * @throws LifecycleException when the file cannot be read or holds no such key
     */
    public static PrivateKey readPrivateKey(Path pem) {
        byte[] encoded = read(pem, "PRIVATE KEY");
        try {
            return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw failed(pem, "it holds no Ed25519 private key", null);
        }
    }

    /**
     * Reads a public key.
     *
     * @param pem a file with {@code -----BEGIN PUBLIC KEY-----} (X.509)
     * @return the key
     * @throws LifecycleException when the file cannot be read or holds no such key
     */
    public static PublicKey readPublicKey(Path pem) {
        byte[] encoded = read(pem, "PUBLIC KEY");
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw failed(pem, "it holds no Ed25519 public key", null);
        }
    }

    private static byte[] read(Path pem, String wanted) {
        String text;
        try {
            if (Files.size(pem) > LONGEST) {
                throw failed(pem, "it is longer than a key", null);
            }
            text = new String(Files.readAllBytes(pem), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw failed(pem, "it cannot be read", e);
        }
        Matcher matcher = PEM.matcher(text);
        if (!matcher.find()) {
            throw failed(pem, "it is no PEM file", null);
        }
        if (!matcher.group(1).equals(wanted)) {
            throw failed(pem, "it holds a " + matcher.group(1) + " and not a " + wanted, null);
        }
        try {
            return Base64.getMimeDecoder().decode(matcher.group(2).strip());
        } catch (IllegalArgumentException e) {
            // The decoder's message may quote the text.
            throw failed(pem, "what it holds is not Base64", null);
        }
    }

    private static LifecycleException failed(Path pem, String problem, @Nullable IOException cause) {
        return new LifecycleException(
                "Reading a journal key from " + pem + " failed: " + problem
                        + "; make one with 'openssl genpkey -algorithm ed25519', and its public key with 'openssl pkey"
                        + " -pubout'",
                cause);
    }
}
