package dev.llmlifecycle.core.validation.privacy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmlifecycle.api.LifecycleException;

/** Lists of common given names, surnames and places, in lower case. Their source stands in the file. */
final class KnownNames {

    /** Words of names that are also plain words of a sentence, so that a capital alone tells nothing. */
    private static final Set<String> PLAIN =
            new HashSet<>(List.of(("will may mark grace hope bill rose frank art pat dawn joy faith angel can dean"
                            + " grant chase young jack summer autumn april june august mason hunter page brook olive iris ivy lily ruby"
                            + " amber pearl crystal jean gene ray rich rob sue bob drew max long white black brown green gray king"
                            + " price hill wood woods stone rivers west east north south bell cook baker butler carpenter fisher"
                            + " gardner miller taylor turner walker porter parks park reed rice rich day little love power powers"
                            + " wise strong short small best good new fox wolf bush banks mills fields field lane street church bishop"
                            + " knight page case cash ford major marsh moss pope potter sharp shepherd ball battle bond book boot box"
                            + " cannon castle chance christian city coffee cross england france german golden hall hand hardy holiday"
                            + " house hurt key land law lord mayor monday noble oil page paris pool post rush sand savage school sea"
                            + " self sheets shoe snow spring star storm sun sweet teller top tower town train wall war waters weeks"
                            + " welcome winter world job see gay guy don ken sky so song sun do an van le mai my ha la min ho bo"
                            + " sin lam noel roman santos cruz rio joan peace blessing gift nice reading bath split male cork essex"
                            + " mobile orange buffalo tours turkey china jersey georgia jordan chad mali cuba oman niger europe"
                            + " ray hope earnest christmas easter mars")
                    .split(" ", -1)));

    private final Map<String, Set<String>> lists;

    private KnownNames(Map<String, Set<String>> lists) {
        this.lists = lists;
    }

    /** For scanners that look for no names. */
    static KnownNames none() {
        return new KnownNames(Map.of());
    }

    static KnownNames read() {
        try (InputStream in = KnownNames.class.getResourceAsStream("names.txt")) {
            if (in == null) {
                throw new LifecycleException(
                        "Reading the lists of names found nothing; keep the resources when jars are repackaged");
            }
            return new KnownNames(parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new LifecycleException("Reading the lists of names failed; check the jar", e);
        }
    }

    private static Map<String, Set<String>> parse(String file) {
        Map<String, Set<String>> lists = new HashMap<>();
        Set<String> list = new HashSet<>();
        for (String line : file.split("\n", -1)) {
            if (line.startsWith("[")) {
                list = lists.computeIfAbsent(line.substring(1, line.length() - 1), name -> new HashSet<>());
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                list.addAll(Set.of(line.split("\\|", -1)));
            }
        }
        return lists;
    }

    boolean isGiven(String word) {
        return is("given", word);
    }

    boolean isSurname(String word) {
        return is("surname", word);
    }

    boolean isPlace(String words) {
        return is("place", words);
    }

    boolean isPlain(String word) {
        return PLAIN.contains(word);
    }

    private boolean is(String list, String word) {
        return lists.getOrDefault(list, Set.of()).contains(word);
    }
}
