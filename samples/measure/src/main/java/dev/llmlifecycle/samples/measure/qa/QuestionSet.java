package dev.llmlifecycle.samples.measure.qa;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmlifecycle.samples.measure.data.DataFolder;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.data.MissingDataException;

/**
 * Passages of one language and the questions that were asked about them.
 *
 * @param name the language where it can be told, else the name of the passages' file
 * @param passages by id, at least one
 * @param questions each about one of the passages, at least one
 */
record QuestionSet(String name, Map<String, Passage> passages, List<Question> questions) {

    private static final Set<String> LANGUAGES = Set.of(Locale.getISOLanguages());
    private static final Pattern ID_LANGUAGE = Pattern.compile("([a-z]{2})-.*");

    /** A passage with the title of the article it comes from. */
    record Passage(String id, String title, String text) {}

    /** A question with its gold answers and the passage it was asked about. */
    record Question(String id, String text, List<String> answers, String passageId) {}

    /**
     * Reads all sets of a folder.
     *
     * <p>The language of a row is told by its id ({@code en-00-01}), else by the name of its file
     * ({@code corpus.en.jsonl}); else the rows of a file are a set of their own. A question belongs to the set that has
     * its passage; where several have one of that id, to the one of its own language, else to the one whose passage
     * contains its answer.
     */
    static List<QuestionSet> readAll(DataFolder folder, Consumer<String> notes) {
        Map<String, Map<String, Passage>> corpora = new TreeMap<>();
        for (DataRow row : folder.rows(List.of("_id", "title", "text"), List.of("doc_id"))) {
            Passage passage = new Passage(row.text("_id"), row.text("title"), row.text("text"));
            String name = language(row, passage.id()).orElseGet(() -> stem(row.file()));
            Passage before =
                    corpora.computeIfAbsent(name, key -> new LinkedHashMap<>()).putIfAbsent(passage.id(), passage);
            if (before != null && !before.equals(passage)) {
                throw row.damaged("another passage has the id '" + passage.id() + "' too");
            }
        }
        Map<String, Map<String, Question>> asked = new TreeMap<>();
        int strays = 0;
        for (DataRow row : folder.rows("_id", "text", "answers", "doc_id")) {
            Question question =
                    new Question(row.text("_id"), row.text("text"), row.texts("answers", "text"), row.text("doc_id"));
            Optional<String> home = home(question, language(row, question.passageId()), corpora);
            if (home.isEmpty()) {
                strays++;
                continue;
            }
            Question before = asked.computeIfAbsent(home.get(), key -> new LinkedHashMap<>())
                    .putIfAbsent(question.id(), question);
            if (before != null && !before.equals(question)) {
                throw row.damaged("another question has the id '" + question.id() + "' too");
            }
        }
        if (strays > 0) {
            notes.accept("left out " + strays + " questions whose passage is not there");
        }
        if (asked.isEmpty()) {
            throw new MissingDataException("Pairing questions with passages: none of " + strays
                    + " questions has its passage; put the files of the same part into one folder");
        }
        List<QuestionSet> sets = new ArrayList<>();
        asked.forEach((name, questions) ->
                sets.add(new QuestionSet(name, corpora.getOrDefault(name, Map.of()), List.copyOf(questions.values()))));
        return sets;
    }

    private static Optional<String> home(
            Question question, Optional<String> language, Map<String, Map<String, Passage>> corpora) {
        List<String> candidates = corpora.entrySet().stream()
                .filter(corpus -> corpus.getValue().containsKey(question.passageId()))
                .map(Map.Entry::getKey)
                .toList();
        if (candidates.size() <= 1) {
            return candidates.stream().findFirst();
        }
        if (language.isPresent() && candidates.contains(language.get())) {
            return language;
        }
        return candidates.stream()
                .filter(name -> {
                    Passage passage = corpora.getOrDefault(name, Map.of()).get(question.passageId());
                    return passage != null && question.answers().stream().anyMatch(passage.text()::contains);
                })
                .findFirst();
    }

    private static Optional<String> language(DataRow row, String passageId) {
        Matcher matcher = ID_LANGUAGE.matcher(passageId);
        if (matcher.matches() && LANGUAGES.contains(matcher.group(1))) {
            return Optional.of(matcher.group(1));
        }
        List<String> inName = Pattern.compile("[^a-z]+")
                .splitAsStream(Path.of(row.file()).getFileName().toString().toLowerCase(Locale.ROOT))
                .filter(LANGUAGES::contains)
                .toList();
        return inName.size() == 1 ? Optional.of(inName.get(0)) : Optional.empty();
    }

    private static String stem(String file) {
        String name = Path.of(file).getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
