package dev.llmlifecycle.core.extractive;

import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a question asks for, told by its words, and whether a sentence has something of the kind.
 *
 * <p>The questions understood are English ones; to any other no kind is expected. What the question itself says is no
 * answer to it: its numbers do not count. Names of persons and places are no kind, as nearly every sentence has one.
 */
enum AnswerKind {
    DURATION(
            Text.AMOUNT_WEIGHT,
            "\\bhow (?:long|soon|quickly|much time)\\b|\\b(?:for )?how many " + Text.UNIT_OF_TIME
                    + "\\b|\\b(?:what|which) (?:is |was )?(?:the )?(?:length of time|duration|period of time)\\b",
            Text.AMOUNT + "[^.;]{0,25}?\\b" + Text.UNIT_OF_TIME + "\\b|\\b(?:same|next) day\\b|\\ban? "
                    + Text.UNIT_OF_TIME + "\\b"),
    SHARE(
            Text.AMOUNT_WEIGHT,
            "\\b(?:what|which) (?:percentage|percent|proportion|share|fraction)\\b|\\bhow (?:much|many) percent\\b",
            "%|\\bper ?cent|\\b(?:half|third|quarter|fifth|tenth)s?\\b|\\p{N}"),
    PRICE(
            Text.AMOUNT_WEIGHT,
            "\\bhow much (?:is|are|was|were|do|does|did|will|would|to|money|extra|per|i)\\b|" + Text.WHAT_IS
                    + "(?:price|costs?|fee|fine|charge|salary|budget|revenue)\\b"
                    + "|\\b(?:whats?|how much)\\b.{0,200}\\b(?:costs?|pay|charged?)\\b|\\bprice of\\b",
            "[€$£¥%]|\\p{N}\\s?(?:EUR|USD|GBP|CHF)\\b"
                    + "|\\b(?:dollars?|euros?|pounds?|cents?|francs?|free|no charge|million|billion)\\b"),
    NUMBER(
            Text.AMOUNT_WEIGHT,
            "\\bhow (?:many|much|old|often|far|fast|high|large|big|tall|deep|wide|heavy|small|close|frequently|hot"
                    + "|cold|warm|loud|strong)\\b|" + Text.WHAT_IS
                    + "(?:number|amount|population|limit|rate|age|size|weight|diameter|temperature|distance|ratio|score"
                    + "|height|speed|volume|capacity|reduction)\\b",
            Text.AMOUNT),
    DATE(
            Text.DATE_WEIGHT,
            "\\bwhen " + Text.VERB + "|\\bwhen\\W*$|" + Text.WHICH + "(?:years?|dates?|days?|months?|decades?|century"
                    + "|time)\\b",
            Text.YEAR + "s?|\\b" + Text.MONTH + "\\b|\\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\\b"
                    + "|\\bcentur(?:y|ies)\\b|\\b\\d{1,2}:\\d\\d\\b|\\bBCE?\\b"
                    + "|\\b(?:today|tonight|yesterday|tomorrow|now|weekends?)\\b"
                    + "|\\b(?:after|before|within|during|until|since|once|as soon as)\\b");

    private static final Pattern CLAUSE_END = Pattern.compile("(?<=[,;:.?!])\\s");
    private static final Pattern NUMERAL = Pattern.compile("\\p{N}++(?:[.,:]\\p{N}++)*+");
    /** A date is no amount. */
    private static final Pattern PART_OF_DATE =
            Text.pattern("\\b\\d{1,2} " + Text.MONTH + "(?: \\d{4})?|\\b" + Text.MONTH
                    + " \\d{1,2}(?:, \\d{4})?|\\b" + Text.MONTH
                    + " \\d{4}|\\b(?:in|since|until|from|by|of) (?:1\\d{3}|20\\d\\d)\\b"
                    + "|\\[\\d+]");

    private final double weight;
    private final Pattern question;
    private final Pattern answer;

    AnswerKind(double weight, String question, String answer) {
        this.weight = weight;
        this.question = Text.pattern(question);
        this.answer = Text.pattern(answer);
    }

    /** Returns the kinds that the clauses of a question ask for; of each clause the first that fits. */
    static Set<AnswerKind> askedBy(String question) {
        Set<AnswerKind> kinds = EnumSet.noneOf(AnswerKind.class);
        for (String clause : CLAUSE_END.split(question, -1)) {
            for (AnswerKind kind : values()) {
                if (kind.question.matcher(clause).find()) {
                    kinds.add(kind);
                    break;
                }
            }
        }
        return kinds;
    }

    /** Tells whether something of this kind stands in a sentence that is not among the words of the question. */
    boolean standsIn(String sentence, Set<String> questionWords) {
        String rest = NUMERAL.matcher(sentence)
                .replaceAll(number -> questionWords.contains(number.group()) ? "#" : number.group());
        if (this != DATE) {
            rest = PART_OF_DATE.matcher(rest).replaceAll("#");
        }
        return answer.matcher(rest).find();
    }

    /** Returns what it adds to the score of a sentence that something of this kind stands in it. */
    double weight() {
        return weight;
    }

    /** What the kinds are made of. */
    private static final class Text {

        private static final double AMOUNT_WEIGHT = 0.6;
        private static final double DATE_WEIGHT = 0.2;

        private static final String UNIT_OF_TIME =
                "(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|centur(?:y|ies))";
        private static final String MONTH =
                "(?:january|february|march|april|may|june|july|august|september|october|november|december)";
        private static final String YEAR = "(?<![\\d.,])(?:1\\d{3}|20\\d\\d)(?![\\d,]|\\.\\d)";
        private static final String AMOUNT =
                "(?:\\p{N}|\\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
                        + "|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
                        + "|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|twice|once|both|several"
                        + "|a quarter|a third|two-thirds)\\b)";
        private static final String VERB =
                "(?:did|do|does|was|were|is|are|will|would|can|could|has|have|had|should|may|might|must)\\b";
        private static final String WHICH = "\\b(?:what|which)(?: \\w+)? ";
        private static final String WHAT_IS = "\\b(?:what|which)(?: is| was| are| were)?(?: the| a| an)?(?: \\w+)? ";

        static Pattern pattern(String regex) {
            return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
        }
    }
}
