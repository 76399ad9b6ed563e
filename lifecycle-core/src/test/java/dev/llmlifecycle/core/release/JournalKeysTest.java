package dev.llmlifecycle.core.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;

import dev.llmlifecycle.api.LifecycleException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class JournalKeysTest {

    @TempDir
    private Path directory;

    @Test
    void readsBothKeysOfAPair() throws IOException, GeneralSecurityException {
        KeyPair pair = pair("Ed25519");

        assertThat(JournalKeys.readPrivateKey(
                                pem("PRIVATE KEY", pair.getPrivate().getEncoded()))
                        .getEncoded())
                .isEqualTo(pair.getPrivate().getEncoded());
        assertThat(JournalKeys.readPublicKey(pem("PUBLIC KEY", pair.getPublic().getEncoded())))
                .isEqualTo(pair.getPublic());
    }

    @Test
    void saysWhatAFileHoldsInstead() throws IOException, GeneralSecurityException {
        KeyPair pair = pair("Ed25519");
        byte[] secret = pair.getPrivate().getEncoded();
        Path swapped = pem("PUBLIC KEY", pair.getPublic().getEncoded());

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> JournalKeys.readPrivateKey(swapped))
                .withMessage("Reading a journal key from " + swapped
                        + " failed: it holds a PUBLIC KEY and not a PRIVATE KEY; make one with 'openssl genpkey"
                        + " -algorithm ed25519', and its public key with 'openssl pkey -pubout'");
        assertFails(pem("ENCRYPTED PRIVATE KEY", secret), "it holds a ENCRYPTED PRIVATE KEY");
        assertFails(pem("PRIVATE KEY", pair("RSA").getPrivate().getEncoded()), "it holds no Ed25519 private key");
        assertFails(pem("PRIVATE KEY", new byte[] {1, 2, 3}), "it holds no Ed25519 private key");
        assertFails(Files.writeString(directory.resolve("text"), "hello"), "it is no PEM file");
        assertFails(
                Files.writeString(
                        directory.resolve("base64"), "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n"),
                "what it holds is not Base64");
        assertFails(Files.write(directory.resolve("long"), new byte[1 << 15]), "it is longer than a key");
        assertFails(directory.resolve("missing"), "it cannot be read");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> JournalKeys.readPublicKey(pem("PUBLIC KEY", new byte[] {1})))
                .withMessageContaining("it holds no Ed25519 public key");
    }

    @Test
    void keysOfAnotherKindAreRefusedWithoutShowingThem() throws GeneralSecurityException {
        KeyPair rsa = pair("RSA");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JournalSigner("2026-01", rsa.getPrivate()))
                .withMessage("the journal key '2026-01' is no Ed25519 key; make one with 'openssl genpkey -algorithm"
                        + " ed25519'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JournalVerifier.builder().trust("2026-01", rsa.getPublic()));
        KeyPair pair = pair("Ed25519");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JournalSigner(" ", pair.getPrivate()))
                .withMessageContaining("the id of a journal key is blank");
    }

    private void assertFails(Path file, String problem) {
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> JournalKeys.readPrivateKey(file))
                .withMessageContaining(problem);
    }

    private Path pem(String label, byte[] encoded) throws IOException {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(encoded);
        return Files.writeString(
                directory.resolve(label + ".pem"),
                "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }

    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    }
}
