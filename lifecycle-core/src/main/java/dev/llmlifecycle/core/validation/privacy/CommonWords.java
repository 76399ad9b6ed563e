package dev.llmlifecycle.core.validation.privacy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** English words that begin sentences or stand with a capital for other reasons, so that it tells no name. */
final class CommonWords {

    private CommonWords() {}

    static Set<String> all() {
        return Set.copyOf(new HashSet<>(Arrays.asList(WORDS.split("\\s+", -1))));
    }

    private static final String WORDS = """
            a about after again all also although always am an and another any anyone anything apply are as ask asked at
            avoid await b back basic be because been before begin being best better between big block book both bot build
            but buy by c call can cancel capitalized card change check choose click close code come company consider
            contact could create credit customer d data date day dear define delete describe design did discuss do does
            done down during e each early earn edit either email energetic english enter even every everyone example
            excuse explain f few final find first follow for from full further g general generate get give given go good
            great h had has have having he hello help her here hey hi his how however i id if image important in include
            information instead into is it its j job just k keep know l last later learn let letter like list live look
            looking love m made make many may maybe me meanwhile message might monday more most mr much must my myself n
            name new next no none not nothing note now number o of off office ok old on once one only open or order other
            our out over p page part people perhaps personal phone play please point possible press print product provide
            put q question quick r read really recent remember remove reply report request return review right run s said
            same say second section see send september set several she should show similar since sir so some someone
            something sometimes sorry start state still stop story such sure t table take tell test text than thank thanks
            that the their them then there these they thing things this those though thought three through thus time title
            to today together tomorrow too total try two type u under unless unlike until up update upon us use user using
            v very via video view w wait want was watch way we website week welcome well were what whatever when whenever
            where whether which while who whoever whole whom whose why will with within without word words work world
            would write x y year yes yesterday yet you your yours z
            tuesday wednesday thursday friday saturday sunday january february march april june july august october november
            december jan feb mar apr jun jul aug sep oct nov dec christmas easter act title law civil rights war god lord
            internet web api url html http https json xml sql pdf cd dvd tv pc usa american british german french italian
            spanish portuguese dutch swedish danish norwegian finnish polish czech hungarian romanian russian ukrainian greek
            turkish chinese japanese korean indian arabic hebrew european african asian australian canadian mexican brazilian
            irish scottish welsh latin iban ssn atm pin visa mastercard paypal fax tel mobile address street subject re fw
            cc bcc attn ps nb faq q&a version chapter figure step part appendix north south east west northern southern
            eastern western mon tue wed thu fri sat sun am pm
            """.strip();
}
