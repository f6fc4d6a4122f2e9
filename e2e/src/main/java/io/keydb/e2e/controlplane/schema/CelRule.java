package io.keydb.e2e.controlplane.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.keydb.e2e.controlplane.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One {@code x-kubernetes-validations} entry, compiled.
 *
 * <p>A rule that reads {@code oldSelf} is a transition rule: it is judged only when there is an old
 * value, unless {@code optionalOldSelf} makes {@code oldSelf} an optional.
 *
 * <p>Threads: immutable.
 */
final class CelRule {

    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
    private static final Pattern OLD_SELF = Pattern.compile("\\boldSelf\\b");

    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.standardCelRuntimeBuilder()
                    .setOptions(OPTIONS)
                    .addLibraries(
                            CelExtensions.strings(),
                            CelExtensions.optional(),
                            CelExtensions.sets(OPTIONS))
                    .addFunctionBindings(KubernetesFunctions.bindings())
                    .build();

    private final JsonNode declaration;
    private final CelRuntime.Program rule;
    private final CelRuntime.@Nullable Program message;
    private final boolean transition;

    private CelRule(
            JsonNode declaration, CelRuntime.Program rule, CelRuntime.@Nullable Program message) {
        this.declaration = declaration;
        this.rule = rule;
        this.message = message;
        this.transition = OLD_SELF.matcher(Json.text(declaration, "rule")).find();
    }

    /** Compiles a rule, or reports why it cannot be. */
    static @Nullable CelRule compile(
            JsonNode declaration,
            CelType self,
            CelTypeProvider types,
            String path,
            List<Violation> violations) {
        boolean optionalOld = declaration.path("optionalOldSelf").asBoolean();
        CelCompiler compiler =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setOptions(OPTIONS)
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                        .addLibraries(
                                CelExtensions.strings(),
                                CelExtensions.optional(),
                                CelExtensions.sets(OPTIONS))
                        .addFunctionDeclarations(KubernetesFunctions.declarations())
                        .setTypeProvider(types)
                        .addVar("self", self)
                        .addVar(
                                "oldSelf",
                                optionalOld ? dev.cel.common.types.OptionalType.create(self) : self)
                        .build();
        CelRuntime.Program rule =
                program(
                        compiler,
                        Json.text(declaration, "rule"),
                        SimpleType.BOOL,
                        path + ".rule",
                        violations);
        String expression = Json.text(declaration, "messageExpression");
        CelRuntime.Program message =
                expression.isEmpty()
                        ? null
                        : program(
                                compiler,
                                expression,
                                SimpleType.STRING,
                                path + ".messageExpression",
                                violations);
        return rule == null ? null : new CelRule(declaration, rule, message);
    }

    private static CelRuntime.@Nullable Program program(
            CelCompiler compiler,
            String expression,
            CelType result,
            String path,
            List<Violation> violations) {
        try {
            CelAbstractSyntaxTree tree = compiler.compile(expression).getAst();
            if (!tree.getResultType().equals(result)
                    && !tree.getResultType().equals(SimpleType.DYN)) {
                violations.add(
                        Violation.invalid(
                                path,
                                Json.write(Json.object().textNode(expression)),
                                "must evaluate to " + result.name()));
                return null;
            }
            return RUNTIME.createProgram(tree);
        } catch (CelValidationException | CelEvaluationException e) {
            violations.add(
                    Violation.invalid(
                            path,
                            Json.write(Json.object().textNode(expression)),
                            "compilation failed: " + e.getMessage()));
            return null;
        }
    }

    /** Judges a value. */
    void check(
            JsonNode value,
            @Nullable JsonNode old,
            JsonNode schema,
            String path,
            List<Violation> violations) {
        boolean optionalOld = declaration.path("optionalOldSelf").asBoolean();
        if (transition && old == null && !optionalOld) {
            return;
        }
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", SchemaTypes.valueOf(value, schema));
        if (optionalOld) {
            variables.put(
                    "oldSelf",
                    java.util.Optional.ofNullable(old)
                            .map(present -> SchemaTypes.valueOf(present, schema)));
        } else if (old != null) {
            variables.put("oldSelf", SchemaTypes.valueOf(old, schema));
        }
        String text = Json.text(declaration, "rule");
        String shown =
                value.isContainerNode()
                        ? SchemaValidation.quoted(value.isArray() ? "array" : "object")
                        : Json.write(value);
        try {
            if (!Boolean.TRUE.equals(rule.eval(variables))) {
                violations.add(violation(fieldPath(path), shown, refusal(variables, text)));
            }
        } catch (CelEvaluationException e) {
            violations.add(
                    Violation.invalid(
                            fieldPath(path), shown, e.getMessage() + " evaluating rule: " + text));
        }
    }

    private String fieldPath(String path) {
        String field = Json.text(declaration, "fieldPath");
        String whole = path + field;
        return whole.startsWith(".") ? whole.substring(1) : whole;
    }

    private Violation violation(String path, String shown, String message) {
        return switch (Json.text(declaration, "reason")) {
            case "FieldValueForbidden" -> Violation.forbidden(path, message);
            case "FieldValueRequired" ->
                    new Violation("FieldValueRequired", path, "Required value: " + message);
            case "FieldValueDuplicate" ->
                    new Violation("FieldValueDuplicate", path, "Duplicate value: " + shown);
            default -> Violation.invalid(path, shown, message);
        };
    }

    private String refusal(Map<String, Object> variables, String text) {
        if (message != null) {
            try {
                Object result = message.eval(variables);
                if (result instanceof String words && !words.isBlank()) {
                    return words;
                }
            } catch (CelEvaluationException _) {
                // As in the real server, a message that cannot be made falls back to the fixed one.
            }
        }
        String fixed = Json.text(declaration, "message");
        return fixed.isEmpty() ? "failed rule: " + text : fixed;
    }
}
