package dev.llmlifecycle.core.validation.privacy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pseudonyms of one conversation: what stands for which value, so that the same value always gets the same
 * pseudonym, and an answer gets its values back.
 *
 * <p>A pseudonym is the type and a code of six consonants, as {@code [PERSON_KQTRVW]}: a single word that models copy
 * as it is. Keep one table for each conversation, and give each a seed that nobody can guess, such as a number from
 * {@link java.security.SecureRandom}: then no one can write a pseudonym of another conversation.
 *
 * <p>Thread-safe. It holds personal data in memory, at most as many values as its capacity; beyond that the value that
 * was used least recently is forgotten, and its pseudonym stays in texts as it is.
 *
 * @since 0.1
 */
public final class Pseudonyms {

    private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
    private static final int CODE = 6;
    private static final int DEFAULT_CAPACITY = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final SplittableRandom random;
    private final int capacity;
    private final LinkedHashMap<Key, Issued> byValue = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Issued> byCode = new HashMap<>();

    /**
     * Creates an empty table for at most 10,000 values.
     *
     * @param seed decides the codes
     */
    public Pseudonyms(long seed) {
        this(seed, DEFAULT_CAPACITY);
    }

    /**
     * Creates an empty table.
     *
     * @param seed decides the codes
     * @param capacity the number of values it holds at most, from 1 to 1,000,000
     */
    public Pseudonyms(long seed, int capacity) {
        if (capacity < 1 || capacity > 1_000_000) {
            throw new IllegalArgumentException("the capacity of a table of pseudonyms must be in [1, 1000000] but was "
                    + capacity + "; 10000 is the default");
        }
        this.random = new SplittableRandom(seed);
        this.capacity = capacity;
    }

    /**
     * Puts pseudonyms in the place of what a scanner finds.
     *
     * @param text any text
     * @param scanner what is looked for
     * @return the text with pseudonyms
     */
    public String pseudonymise(String text, PersonalDataScanner scanner) {
        return PersonalDataScanner.replace(text, scanner.scan(text), found -> pseudonym(text, found));
    }

    /**
     * Returns the pseudonym of one value.
     *
     * @param text the text it stands in
     * @param found where
     * @return the pseudonym, the same for the same type and value, whatever the case
     */
    public String pseudonym(String text, PersonalData found) {
        String value = found.span().of(text);
        Key key = new Key(found.type(), value.toLowerCase(Locale.ROOT));
        lock.lock();
        try {
            Issued issued = byValue.get(key);
            if (issued == null) {
                issued = new Issued(found.type(), newCode(), value);
                byValue.put(key, issued);
                byCode.put(issued.code, issued);
                forgetOldest();
            }
            return "[" + issued.type + "_" + issued.code + "]";
        } finally {
            lock.unlock();
        }
    }

    private String newCode() {
        StringBuilder code = new StringBuilder(CODE);
        do {
            code.setLength(0);
            for (int i = 0; i < CODE; i++) {
                code.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
        } while (byCode.containsKey(code.toString()));
        return code.toString();
    }

    private void forgetOldest() {
        if (byValue.size() > capacity) {
            Map.Entry<Key, Issued> oldest = byValue.entrySet().iterator().next();
            byCode.remove(oldest.getValue().code);
            byValue.remove(oldest.getKey());
        }
    }

    /**
     * Puts the values back. A pseudonym is known without its brackets, in another case, with another character before
     * its code, and by its code alone in capitals. What was not issued by this table stays as it is.
     *
     * @param text a text with pseudonyms, or none
     * @return the text with the values
     */
    public String restore(String text) {
        StringBuilder out = new StringBuilder();
        int copied = 0;
        int i = 0;
        while (i < text.length()) {
            if (!isLatin(text.charAt(i))) {
                i++;
                continue;
            }
            int end = i + 1;
            while (end < text.length() && isLatin(text.charAt(end))) {
                end++;
            }
            Optional<Issued> issued = end - i == CODE ? issued(text.substring(i, end)) : Optional.empty();
            if (issued.isPresent()) {
                int start = issued.get().startBefore(text, i, copied);
                boolean known = start < i || isUpper(text, i, end);
                if (known) {
                    boolean closed = start < text.length() && text.charAt(start) == '[';
                    out.append(text, copied, start).append(issued.get().value);
                    copied = closed && end < text.length() && text.charAt(end) == ']' ? end + 1 : end;
                }
            }
            i = end;
        }
        return out.append(text, copied, text.length()).toString();
    }

    private Optional<Issued> issued(String code) {
        lock.lock();
        try {
            return Optional.ofNullable(byCode.get(code.toUpperCase(Locale.ROOT)));
        } finally {
            lock.unlock();
        }
    }

    private static boolean isLatin(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    private static boolean isUpper(String text, int start, int end) {
        return text.substring(start, end).chars().allMatch(c -> c <= 'Z');
    }

    /**
     * Returns how many values are held.
     *
     * @return the number, at most the capacity
     */
    public int size() {
        lock.lock();
        try {
            return byValue.size();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of values and none of them. */
    @Override
    public String toString() {
        return "Pseudonyms[" + size() + "]";
    }

    private record Key(PersonalDataType type, String value) {}

    private record Issued(PersonalDataType type, String code, String value) {

        /** Returns where the pseudonym begins: at its bracket, at its type, or at the code where neither is there. */
        int startBefore(String text, int code, int least) {
            int mark = code;
            while (mark > least && code - mark < 3 && "_-\\ ".indexOf(text.charAt(mark - 1)) >= 0) {
                mark--;
            }
            int start = mark - type.name().length();
            boolean named = mark < code && start >= least;
            for (int i = 0; named && i < type.name().length(); i++) {
                char wanted = type.name().charAt(i);
                char c = Character.toUpperCase(text.charAt(start + i));
                named = c == wanted || (wanted == '_' && (c == ' ' || c == '-'));
            }
            if (!named) {
                return code;
            }
            return start > least && text.charAt(start - 1) == '[' ? start - 1 : start;
        }
    }
}
