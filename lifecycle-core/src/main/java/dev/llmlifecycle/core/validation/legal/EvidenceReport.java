package dev.llmlifecycle.core.validation.legal;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.llmlifecycle.api.identity.CanonicalJson;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.validation.Finding;

/**
 * Which rule of a jurisdiction was checked by which validator, how often over given interactions, and which rule was
 * checked by nothing.
 *
 * <p>It is read off the interactions: each names the validators that judged it, with version and configuration. Of a
 * chain that refused, only those count which refused or found something, as others may not have been asked. A rule of
 * record keeping counts as checked by {@value #RECORD} where an interaction names the release that answered. It shows
 * what was done and not that the law was kept; it is not legal advice.
 *
 * <p>Immutable.
 *
 * @param jurisdiction whose rules
 * @param interactions how many interactions were looked at
 * @param first when the first of them was asked; nothing where there is none
 * @param last when the last of them was asked; nothing where there is none
 * @param rules what was found for each rule, in the order of the rules
 * @since 0.1
 */
public record EvidenceReport(
        Jurisdiction jurisdiction,
        int interactions,
        Optional<Instant> first,
        Optional<Instant> last,
        List<RuleEvidence> rules) {

    /** What stands for the validator where the record itself is what a rule asks for. */
    public static final String RECORD = "interaction-record";

    private static final String VALIDATOR = "validator.";
    private static final Set<String> WITHOUT_REFUSAL = Set.of("pass", "rewrite");

    /** Copies. */
    public EvidenceReport {
        rules = List.copyOf(rules);
    }

    /**
     * Reads the evidence off interactions.
     *
     * @param jurisdiction whose rules
     * @param interactions the interactions, such as those of a month
     * @return the report
     */
    public static EvidenceReport of(Jurisdiction jurisdiction, Collection<Interaction> interactions) {
        return of(jurisdiction, interactions, List.of());
    }

    /**
     * Reads the evidence off interactions, and gives the full hash of validators that are known.
     *
     * @param jurisdiction whose rules
     * @param interactions the interactions, such as those of a month
     * @param validators the identities of validators, such as those of the release that runs
     * @return the report
     */
    public static EvidenceReport of(
            Jurisdiction jurisdiction, Collection<Interaction> interactions, Collection<Identity> validators) {
        Map<String, Identity> known = new HashMap<>();
        validators.forEach(identity -> known.put(key(identity), identity));
        List<RuleEvidence> rules = jurisdiction.rules().stream()
                .map(rule -> evidence(rule, interactions, known))
                .toList();
        return new EvidenceReport(
                jurisdiction,
                interactions.size(),
                interactions.stream().map(Interaction::startedAt).min(Comparator.naturalOrder()),
                interactions.stream().map(Interaction::startedAt).max(Comparator.naturalOrder()),
                rules);
    }

    /**
     * Returns the rules that nothing checked.
     *
     * @return in the order of the rules
     */
    public List<Jurisdiction.Rule> unchecked() {
        return rules.stream()
                .filter(evidence -> evidence.status() == Status.UNCHECKED)
                .map(RuleEvidence::rule)
                .toList();
    }

    private static RuleEvidence evidence(
            Jurisdiction.Rule rule, Collection<Interaction> interactions, Map<String, Identity> known) {
        Map<String, Check> checks = new TreeMap<>();
        int checked = 0;
        for (Interaction interaction : interactions) {
            Set<String> ran = ran(rule, interaction);
            checked += ran.isEmpty() ? 0 : 1;
            for (String key : ran) {
                Check before = checks.getOrDefault(key, Check.none(key, known));
                checks.put(key, before.plus(findings(before.validator(), interaction)));
            }
        }
        return new RuleEvidence(rule, checked, interactions.size(), List.copyOf(checks.values()));
    }

    /** Returns name, version and hash of the validators of a rule that judged an interaction. */
    private static Set<String> ran(Jurisdiction.Rule rule, Interaction interaction) {
        Set<String> ran = new HashSet<>();
        if (rule.duty() == Jurisdiction.Duty.RECORD_KEEPING
                && interaction.release().isPresent()) {
            ran.add(RECORD + ":" + Interaction.SCHEMA_VERSION + "@");
        }
        for (Step step : interaction.steps()) {
            for (String name : rule.checkedBy()) {
                Optional.ofNullable(step.attributes().get(VALIDATOR + name))
                        .filter(version -> judged(name, step, interaction))
                        .ifPresent(version -> ran.add(name + ":" + version));
            }
        }
        return ran;
    }

    private static boolean judged(String name, Step step, Interaction interaction) {
        String decision = step.attributes().get("decision");
        return decision == null
                || WITHOUT_REFUSAL.contains(decision)
                || name.equals(step.attributes().get("refusedBy"))
                || name.equals(step.attributes().get("blockedBy"))
                || findings(name, interaction) > 0;
    }

    private static int findings(String name, Interaction interaction) {
        int count = 0;
        for (Finding finding : interaction.findings()) {
            count += finding.validator().equals(name) ? 1 : 0;
        }
        return count;
    }

    private static String key(Identity identity) {
        return identity.name() + ":" + identity.version() + "@"
                + identity.configurationHash().shortForm();
    }

    /**
     * Returns the hash of the report.
     *
     * @return the SHA-256 of its canonical JSON
     */
    public Hash hash() {
        return Hash.ofCanonicalJson(toCanonical());
    }

    /**
     * Writes the report as canonical JSON.
     *
     * @return the text
     */
    public String toJson() {
        return CanonicalJson.write(toCanonical());
    }

    private Map<String, Object> toCanonical() {
        Map<String, Object> json = new HashMap<>();
        json.put("jurisdiction", jurisdiction.id());
        json.put("rulesHash", jurisdiction.hash().hex());
        json.put("interactions", interactions);
        first.ifPresent(at -> json.put("first", at.toString()));
        last.ifPresent(at -> json.put("last", at.toString()));
        json.put("rules", rules.stream().map(RuleEvidence::toCanonical).toList());
        return json;
    }

    /**
     * Writes the report for people.
     *
     * @return Markdown with a table of all rules, and the rules that nothing checked
     */
    public String toMarkdown() {
        StringBuilder text =
                new StringBuilder("# Evidence: ").append(jurisdiction.title()).append("\n\n");
        text.append(interactions).append(" interactions");
        first.ifPresent(at -> text.append(" from ").append(at));
        last.ifPresent(at -> text.append(" to ").append(at));
        text.append(". Rules ").append(jurisdiction.id()).append(", hash ");
        text.append(jurisdiction.hash().hex()).append(". This shows what was checked; it is not legal advice.\n\n");
        text.append("| Rule | Source | Checked by | Interactions | Findings |\n| --- | --- | --- | ---: | ---: |\n");
        for (RuleEvidence evidence : rules) {
            if (evidence.checks().isEmpty()) {
                row(text, evidence.rule(), "**nothing**", 0, 0);
            }
            for (Check check : evidence.checks()) {
                String hash = check.configuration().isEmpty() ? "" : "@" + check.configuration();
                String by = "`" + check.validator() + ":" + check.version() + hash + "`";
                row(text, evidence.rule(), by, check.interactions(), check.findings());
            }
        }
        List<Jurisdiction.Rule> unchecked = unchecked();
        if (!unchecked.isEmpty()) {
            text.append("\n## Checked by nothing\n\n");
            unchecked.forEach(rule -> text.append("- ")
                    .append(cell(rule.title()))
                    .append(" (")
                    .append(cell(rule.source()))
                    .append("): ")
                    .append(cell(rule.summary()))
                    .append('\n'));
        }
        return text.toString();
    }

    private static void row(StringBuilder text, Jurisdiction.Rule rule, String by, int interactions, int findings) {
        text.append("| ").append(cell(rule.title())).append(" | ").append(cell(rule.source()));
        text.append(" | ").append(by).append(" | ").append(interactions).append(" | ");
        text.append(findings).append(" |\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ');
    }

    /** How far a rule was checked. */
    public enum Status {
        /** On all interactions. */
        CHECKED,
        /** On some of them. */
        PARTLY,
        /** On none. */
        UNCHECKED
    }

    /**
     * What was found for one rule.
     *
     * @param rule the rule
     * @param checked on how many interactions a validator of it judged
     * @param interactions how many interactions there are
     * @param checks who judged, by name, version and configuration; none where nothing did
     */
    public record RuleEvidence(Jurisdiction.Rule rule, int checked, int interactions, List<Check> checks) {

        /** Copies. */
        public RuleEvidence {
            checks = List.copyOf(checks);
        }

        /**
         * Returns how far the rule was checked.
         *
         * @return {@link Status#UNCHECKED} also where there is no interaction
         */
        public Status status() {
            if (checked == 0) {
                return Status.UNCHECKED;
            }
            return checked == interactions ? Status.CHECKED : Status.PARTLY;
        }

        private Map<String, Object> toCanonical() {
            return Map.of(
                    "rule",
                    rule.id(),
                    "source",
                    rule.source(),
                    "status",
                    status(),
                    "checked",
                    checked,
                    "checks",
                    checks.stream().map(Check::toCanonical).toList());
        }
    }

    /**
     * A validator that judged.
     *
     * @param validator its name, or {@link #RECORD}
     * @param version its version
     * @param configuration the hash of its configuration: in full where the identity was given, else its first twelve
     *     digits, as interactions have it; empty for {@link #RECORD}
     * @param interactions how many interactions it judged
     * @param findings how many findings it had on them
     */
    public record Check(String validator, String version, String configuration, int interactions, int findings) {

        private static Check none(String key, Map<String, Identity> known) {
            int at = key.lastIndexOf('@');
            int colon = key.lastIndexOf(':', at);
            Identity identity = known.get(key);
            String configuration = identity == null
                    ? key.substring(at + 1)
                    : identity.configurationHash().hex();
            return new Check(key.substring(0, colon), key.substring(colon + 1, at), configuration, 0, 0);
        }

        private Check plus(int more) {
            return new Check(validator, version, configuration, interactions + 1, findings + more);
        }

        private Map<String, Object> toCanonical() {
            return Map.of(
                    "validator",
                    validator,
                    "version",
                    version,
                    "configuration",
                    configuration,
                    "interactions",
                    interactions,
                    "findings",
                    findings);
        }
    }
}
