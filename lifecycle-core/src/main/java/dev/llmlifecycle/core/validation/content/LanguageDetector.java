package dev.llmlifecycle.core.validation.content;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells the language of a text by its script, by letters that few languages have, and by the little words that every
 * sentence has. Thirty-four languages; those that share nearly all little words are told apart badly, so
 * {@link #sameFamily} says which they are. Looks at the first {@value #HEAD} characters.
 *
 * <p>Thread-safe.
 */
final class LanguageDetector {

    private static final int HEAD = 4_000;
    private static final int FEWEST_LETTERS = 4;
    private static final int MOST_OF_A_LETTER = 3;
    private static final Pattern SPACE = Pattern.compile("[^\\p{L}\\p{M}'’]+");

    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry(
                    "en",
                    "the of and to in is that it for was on are with as at be this have from or by not but what"
                            + " all were"
                            + " when we there can an your which their will would you they how about has been his her"
                            + " my who our does do did its if than more no into only also said says he she had after where"
                            + " why who whom within long take takes does please should could because through each any some"
                            + " may am"),
            Map.entry(
                    "de",
                    "der die das und ist in den von zu mit sich des auf für nicht ein eine einen einer eines dem"
                            + " auch es"
                            + " an werden aus er hat dass sie nach wird bei einem noch wie war über nur sind so um am"
                            + " oder aber vor zur zum bis mehr durch man sein wurde wenn ich können sehr im als kann"
                            + " wir ihr ihre haben diese dieser keine schon unter seine wie lange wann warum wo wer welche"
                            + " welcher mein meine ihnen innerhalb bitte soll wurden gibt"),
            Map.entry(
                    "fr",
                    "le la les de des du et à est un une en que qui dans pour pas sur au avec se ce il elle sont"
                            + " par plus"
                            + " ne nous vous mais ou aux cette été leur ses son sa comme tout on être fait ont ils aussi"
                            + " deux même je ces très peut entre sans où après avait était votre notre comment quand"
                            + " pourquoi où quel quelle mon ma combien vos nos"),
            Map.entry(
                    "es",
                    "de la que el en y los se del las un por con una para es su al lo como más pero sus le ya"
                            + " fue este ha"
                            + " sí porque esta son entre cuando muy sin sobre también hasta hay donde quien desde todo"
                            + " nos durante todos uno les ni contra otros ese eso había ante ellos esto están puede"
                            + " tiene usted no años ser cuánto cuándo cómo dónde qué quién cuál mi mis puedo hay"),
            Map.entry(
                    "it",
                    "di che e la il un a per è in una sono non con si da del dei della delle i le lo gli al alla"
                            + " nel nella"
                            + " più anche come ma ha questo questa ed dal dalla sul sulla se suo sua loro ho essere"
                            + " hanno stato tra fra molto perché due anni dopo può ai alle degli cui era quanto quando"
                            + " dove chi quale mio mia posso ci"),
            Map.entry(
                    "pt",
                    "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à"
                            + " seu sua"
                            + " ou quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos"
                            + " seus foi são está pode você tem ser há anos nas quanto quando onde quem qual meu minha"
                            + " posso"),
            Map.entry(
                    "nl",
                    "de het een van en in is dat op te zijn met voor niet aan er om ook als dan maar bij of uit"
                            + " nog naar"
                            + " door over heeft hij ze wordt worden was deze dit je ik die zich wel had meer geen kan"
                            + " tot hun haar werd veel we u onder tegen moet zal hoe wanneer waar wie waarom welke mijn"
                            + " kunt lang"),
            Map.entry(
                    "sv",
                    "och att det i en som är på av för med till den inte har om ett de var jag men från vi så"
                            + " kan när man"
                            + " han hon eller vid också efter ska sig nu under blir mycket än alla där andra kommer"
                            + " hade skulle dem detta får sin sina mot hur när var vem varför vilken min mitt"),
            Map.entry(
                    "da",
                    "og at det i en er på af for med til den ikke har om et de var jeg men fra vi så kan når man"
                            + " han hun"
                            + " eller ved også efter skal sig nu under bliver meget end alle der andre kommer havde"
                            + " ville dem dette får sin blev være hvor mod denne op ud"),
            Map.entry(
                    "nb",
                    "og at det i en er på av for med til den ikke har om et de var jeg men fra vi så kan når man"
                            + " han hun"
                            + " eller ved også etter skal seg nå under blir mye enn alle der andre kommer hadde ville"
                            + " dem dette får sin ble være hvor mot denne opp ut bare noe"),
            Map.entry(
                    "fi",
                    "ja on ei että se oli hän joka mutta ovat myös kun niin kuin tai jos sen nyt olla vain tämä"
                            + " hänen sitä"
                            + " ole mukaan voi jo sekä mitä mikä kanssa vielä ollut jossa jotka siitä sitten hyvin minä"
                            + " tässä tämän ennen olisi eivät kaikki noin jälkeen"),
            Map.entry(
                    "pl",
                    "i w na z do się nie jest to że o jak po za od przez dla przy ale są co tym tak był być jego"
                            + " już może"
                            + " czy oraz tylko która który które ze jej ich te ten tego ma lub było będzie bardzo a"
                            + " także jako pod jednak nad ile kiedy gdzie kto dlaczego mój moja mogę"),
            Map.entry(
                    "cs",
                    "a v se na je že o s z do to i ve pro za by jako od po který která které ale už při tak není"
                            + " jsou jeho"
                            + " byl jsem si co také až jak nebo aby být bylo kde podle jen však bude jejich ze k před"
                            + " má když ještě může mezi této kolik kdy kdo proč který můj mohu"),
            Map.entry(
                    "sk",
                    "a v sa na je že o s z do to aj pre za by ako od po ktorý ktorá ktoré ale už pri tak nie sú"
                            + " jeho bol"
                            + " som si čo tiež až alebo aby byť bolo kde podľa len však bude ich zo k pred má keď ešte"
                            + " môže medzi tejto sme bola boli ktorí i vo"),
            Map.entry(
                    "sl",
                    "in je v na se da za so z po pa ki ne tudi bi od s do kot pri o ali bo iz ter že še ni lahko"
                            + " le kar"
                            + " bil bila bilo sem ga jih med ko tako več pred zaradi ima imajo k mu to smo vse kako"),
            Map.entry(
                    "hr",
                    "i je u na se da za su od s o ne kako koji koja koje što bi to ili ali iz će nije samo nakon"
                            + " bio bila"
                            + " biti kao do po te više ako sve prema smo jer već još može sam ga uz pri kod bez dok"
                            + " kojima tijekom"),
            Map.entry(
                    "tr",
                    "ve bir bu da de için ile çok olarak daha olan gibi kadar ne var değil ama o en ki sonra her ben"
                            + " tarafından mi mı ise oldu olduğu göre veya hem şu iki bunu ancak yeni yok önce diye"
                            + " içinde üzerinde olduğunu ilk kendi bin nasıl nerede kim neden hangi benim"),
            Map.entry(
                    "id",
                    "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut"
                            + " bisa ada"
                            + " mereka lebih kata tahun sudah atau saat oleh menjadi orang ia telah adalah seperti bahwa"
                            + " sebagai dapat hanya kami kita namun tak anda para secara berapa bagaimana kapan mana siapa"
                            + " mengapa"),
            Map.entry(
                    "ms",
                    "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke kerana tersebut"
                            + " boleh ada"
                            + " mereka lebih kata tahun sudah atau oleh menjadi orang ia telah adalah seperti bahawa"
                            + " sebagai dapat hanya kami kita beliau anda bagi berkata ialah tetapi masa lagi"),
            Map.entry(
                    "vi",
                    "và của là có được cho không các trong người với một những đã để khi này đến về ra từ vào ở"
                            + " cũng như"
                            + " làm trên tại nhiều ông sẽ theo năm phải anh nhưng rất đó bị thì lại"),
            Map.entry(
                    "ro",
                    "de și şi în a la cu pe din care nu este o un că pentru sunt ce mai au fost prin sau dar fi"
                            + " ca o lui"
                            + " al ale ai am dacă după acest această între până cum foarte doar"),
            Map.entry(
                    "hu",
                    "a az és hogy nem is egy meg van ez de mint már csak volt ki még el azt lehet vagy ha ezt"
                            + " amely minden"
                            + " szerint pedig után nagyon kell mert sem között két lesz azonban"),
            Map.entry(
                    "ru",
                    "и в не на что с по это как но из у за от о для так же к все он было его до мы они при бы который"
                            + " только или еще ещё был она то я уже если может этого также была быть года том вы сколько"
                            + " когда где кто почему какой мой моя можно мне что"),
            Map.entry(
                    "uk",
                    "і в не на що з до та за про від як це у для він але так або із його їх які був було буде також"
                            + " й ми вони при щоб я вже який по тому є року бути ще цього під після скільки коли де хто"
                            + " чому який мій моя можна"),
            Map.entry(
                    "bg",
                    "и на в да за се от с не е са че по това като но ще си до или който която които при към след"
                            + " още от"
                            + " са има може бъде беше само през му ни тя той те съм между много"),
            Map.entry(
                    "sr",
                    "и је у на се да за су од са о не који која које што би то или али из ће није само био била"
                            + " бити као"
                            + " до по те више ако све према смо јер већ још може сам га уз при код без док и"));

    /** Letters of one language among those of its script, or of few; each counts as much as a little word. */
    private static final Map<String, String> LETTERS = Map.ofEntries(
            Map.entry("de", "ßüä"),
            Map.entry("fr", "çèêàùœ"),
            Map.entry("es", "ñ¿¡"),
            Map.entry("pt", "ãõ"),
            Map.entry("it", "ìòù"),
            Map.entry("sv", "åäö"),
            Map.entry("da", "æøå"),
            Map.entry("nb", "æøå"),
            Map.entry("fi", "äö"),
            Map.entry("pl", "łżśźćńęą"),
            Map.entry("cs", "řěů"),
            Map.entry("sk", "ľĺŕôä"),
            Map.entry("hr", "đć"),
            Map.entry("tr", "ığşçöü"),
            Map.entry("vi", "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư"),
            Map.entry("ro", "șțăşţ"),
            Map.entry("hu", "őűöü"),
            Map.entry("ru", "ыэё"),
            Map.entry("uk", "іїєґ"),
            Map.entry("bg", "ъщ"),
            Map.entry("sr", "јљњћђџ"));

    private static final List<List<String>> FAMILIES = List.of(
            List.of("da", "nb", "no", "nn", "sv"),
            List.of("hr", "sr", "bs", "sl", "sh"),
            List.of("id", "ms"),
            List.of("cs", "sk"));

    private static final Map<String, Map<String, Double>> WEIGHTS = weights();
    private static final Map<Integer, Map<String, Double>> LETTER_WEIGHTS = letterWeights();

    private LanguageDetector() {}

    /**
     * A language and how sure it is.
     *
     * @param code its ISO 639-1 code; {@code nb} for Norwegian
     * @param confidence in [0, 1]
     */
    record Language(String code, double confidence) {}

    /** Tells the language, if the text says enough. */
    static Optional<Language> detect(String text) {
        String head = text.substring(0, Math.min(HEAD, text.length())).toLowerCase(Locale.ROOT);
        Map<Character.UnicodeScript, Integer> scripts = new HashMap<>();
        int letters = 0;
        for (int i = 0; i < head.length(); i += Character.charCount(head.codePointAt(i))) {
            int c = head.codePointAt(i);
            if (Character.isLetter(c)) {
                scripts.merge(Character.UnicodeScript.of(c), 1, Integer::sum);
                letters++;
            }
        }
        if (letters < FEWEST_LETTERS) {
            return Optional.empty();
        }
        Optional<Language> byScript = byScript(head, scripts, letters);
        return byScript.isPresent() ? byScript : byWords(head, letters);
    }

    /** Tells whether two languages are so near that the detector may mistake one for the other. */
    static boolean sameFamily(String one, String other) {
        return one.equals(other)
                || FAMILIES.stream().anyMatch(family -> family.contains(one) && family.contains(other));
    }

    static boolean knows(String code) {
        return WORDS.containsKey(code)
                || FAMILIES.stream().anyMatch(family -> family.contains(code))
                || List.of("ja", "zh", "ko", "th", "el", "he", "hi", "bn", "ar", "fa")
                        .contains(code);
    }

    private static Optional<Language> byScript(
            String text, Map<Character.UnicodeScript, Integer> scripts, int letters) {
        int japanese = scripts.getOrDefault(Character.UnicodeScript.HIRAGANA, 0)
                + scripts.getOrDefault(Character.UnicodeScript.KATAKANA, 0);
        int han = scripts.getOrDefault(Character.UnicodeScript.HAN, 0);
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("ja", japanese * 10 >= han && japanese > 0 ? japanese + han : 0);
        counts.put("zh", japanese * 10 < han ? han : 0);
        counts.put("ko", scripts.getOrDefault(Character.UnicodeScript.HANGUL, 0));
        counts.put("th", scripts.getOrDefault(Character.UnicodeScript.THAI, 0));
        counts.put("el", scripts.getOrDefault(Character.UnicodeScript.GREEK, 0));
        counts.put("he", scripts.getOrDefault(Character.UnicodeScript.HEBREW, 0));
        counts.put("hi", scripts.getOrDefault(Character.UnicodeScript.DEVANAGARI, 0));
        counts.put("bn", scripts.getOrDefault(Character.UnicodeScript.BENGALI, 0));
        int arabic = scripts.getOrDefault(Character.UnicodeScript.ARABIC, 0);
        long persian = text.chars().filter(c -> "پچژگیک".indexOf(c) >= 0).count();
        long arabian = text.chars().filter(c -> "يكةىأإ".indexOf(c) >= 0).count();
        counts.put(persian > arabian ? "fa" : "ar", arabic);
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            if (entry.getValue() * 2 > letters) {
                return Optional.of(new Language(entry.getKey(), 0.99));
            }
        }
        return Optional.empty();
    }

    private static Optional<Language> byWords(String text, int letters) {
        Map<String, Double> scores = new HashMap<>();
        for (String word : SPACE.split(text, -1)) {
            WEIGHTS.getOrDefault(word, Map.of()).forEach((code, weight) -> scores.merge(code, weight, Double::sum));
        }
        Map<Integer, Integer> characters = new HashMap<>();
        text.chars().filter(c -> c > 0x7f).forEach(c -> characters.merge(c, 1, Integer::sum));
        characters.forEach((c, count) -> {
            double most = Math.min(MOST_OF_A_LETTER, count);
            LETTER_WEIGHTS
                    .getOrDefault(c, Map.of())
                    .forEach((code, weight) -> scores.merge(code, most * weight, Double::sum));
        });
        String best = "";
        double first = 0;
        double second = 0;
        for (Map.Entry<String, Double> entry : scores.entrySet()) {
            double score = entry.getValue();
            if (score > first || (score == first && entry.getKey().compareTo(best) < 0)) {
                second = first;
                first = score;
                best = entry.getKey();
            } else {
                second = Math.max(second, score);
            }
        }
        if (best.isEmpty() || first <= 0) {
            return Optional.empty();
        }
        // Both the lead over the next and the number of signs count; a long text with few signs is none of these.
        double lead = (first - second) / first;
        double enough = 1 - Math.exp(-first / 2);
        double dense = Math.min(1, first * 40 / letters);
        return Optional.of(new Language(best, lead * enough * dense));
    }

    private static Map<Integer, Map<String, Double>> letterWeights() {
        Map<Integer, Map<String, Double>> weights = new HashMap<>();
        LETTERS.forEach((code, own) -> own.chars().forEach(c -> {
            long owners = LETTERS.values().stream()
                    .filter(letters -> letters.indexOf(c) >= 0)
                    .count();
            weights.computeIfAbsent(c, any -> new HashMap<>()).put(code, 1.0 / owners);
        }));
        return Map.copyOf(weights);
    }

    /** A word that several languages have counts less for each. */
    private static Map<String, Map<String, Double>> weights() {
        Map<String, List<String>> owners = new HashMap<>();
        WORDS.forEach((code, words) -> {
            for (String word : List.of(words.split(" ", -1))) {
                List<String> codes = owners.computeIfAbsent(word, any -> new ArrayList<>());
                if (!codes.contains(code)) {
                    codes.add(code);
                }
            }
        });
        Map<String, Map<String, Double>> weights = new HashMap<>();
        owners.forEach((word, codes) -> {
            Map<String, Double> own = new HashMap<>();
            codes.forEach(code -> own.put(code, 1.0 / Math.sqrt(codes.size())));
            weights.put(word, Map.copyOf(own));
        });
        return Map.copyOf(weights);
    }
}
