package io.keydb.e2e.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.keydb.e2e.controlplane.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which objects a list or watch is about: label and field selectors in their query form, or a
 * selector object.
 *
 * <p>Threads: immutable.
 */
public final class Selector implements Predicate<JsonNode> {

    public static final Selector ALL = new Selector(List.of());

    private static final Pattern SET_TERM =
            Pattern.compile("(!?[^\\s!=]+)\\s+(in|notin)\\s*\\(([^)]*)\\)");
    private static final Pattern EQUALITY_TERM =
            Pattern.compile("([^\\s!=]+)\\s*(==|=|!=)\\s*(.*)");
    private static final Pattern NAME_TERM = Pattern.compile("(!?)\\s*([^\\s!=,()]+)");

    private final List<Predicate<JsonNode>> terms;

    private Selector(List<Predicate<JsonNode>> terms) {
        this.terms = terms;
    }

    /** The selector of a request; empty strings select everything. */
    public static Selector parse(String labels, String fields) {
        List<Predicate<JsonNode>> terms = new ArrayList<>();
        for (String term : labels.split(",(?![^(]*\\))")) {
            if (!term.isBlank()) {
                terms.add(labelTerm(term.strip()));
            }
        }
        for (String term : fields.split(",")) {
            if (!term.isBlank()) {
                terms.add(fieldTerm(term.strip()));
            }
        }
        return new Selector(terms);
    }

    private static Predicate<JsonNode> labelTerm(String term) {
        Matcher set = SET_TERM.matcher(term);
        if (set.matches()) {
            return expression(set.group(1), set.group(2), values(set.group(3)));
        }
        Matcher equality = EQUALITY_TERM.matcher(term);
        if (equality.matches()) {
            String operator = equality.group(2).equals("!=") ? "notin" : "in";
            return expression(equality.group(1), operator, Set.of(equality.group(3).strip()));
        }
        Matcher name = NAME_TERM.matcher(term);
        if (name.matches()) {
            return expression(
                    name.group(2), name.group(1).isEmpty() ? "exists" : "doesnotexist", Set.of());
        }
        throw ApiException.badRequest("unable to parse requirement: " + term);
    }

    private static Set<String> values(String list) {
        return Arrays.stream(list.split(",", -1)).map(String::strip).collect(Collectors.toSet());
    }

    private static Predicate<JsonNode> expression(
            String label, String operator, Set<String> values) {
        return object -> {
            JsonNode value = Json.at(object, "metadata", "labels", label);
            return switch (operator) {
                case "in" -> !value.isMissingNode() && values.contains(value.asText());
                case "notin" -> value.isMissingNode() || !values.contains(value.asText());
                case "exists" -> !value.isMissingNode();
                default -> value.isMissingNode();
            };
        };
    }

    private static Predicate<JsonNode> fieldTerm(String term) {
        Matcher equality = EQUALITY_TERM.matcher(term);
        if (!equality.matches()) {
            throw ApiException.badRequest("invalid field selector: " + term);
        }
        String[] path = equality.group(1).split("\\.");
        String expected = equality.group(3).strip();
        boolean negated = equality.group(2).equals("!=");
        return object -> Json.text(object, path).equals(expected) != negated;
    }

    /** The selector a {@code LabelSelector} object describes. */
    public static Selector of(JsonNode labelSelector) {
        List<Predicate<JsonNode>> terms =
                new ArrayList<>(ofLabels(labelSelector.path("matchLabels")).terms);
        for (JsonNode item : labelSelector.path("matchExpressions")) {
            String operator = Json.text(item, "operator").toLowerCase(java.util.Locale.ROOT);
            terms.add(
                    expression(
                            Json.text(item, "key"),
                            operator,
                            Set.copyOf(Json.texts(item.path("values")))));
        }
        return new Selector(terms);
    }

    /** The selector of objects that carry all of some labels. */
    public static Selector ofLabels(JsonNode labels) {
        List<Predicate<JsonNode>> terms = new ArrayList<>();
        labels.properties()
                .forEach(
                        label ->
                                terms.add(
                                        expression(
                                                label.getKey(),
                                                "in",
                                                Set.of(label.getValue().asText()))));
        return new Selector(terms);
    }

    @Override
    public boolean test(JsonNode object) {
        for (Predicate<JsonNode> term : terms) {
            if (!term.test(object)) {
                return false;
            }
        }
        return true;
    }
}
