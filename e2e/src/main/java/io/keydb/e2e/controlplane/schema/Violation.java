package io.keydb.e2e.controlplane.schema;

/**
 * One reason why a document is refused.
 *
 * <p>Threads: immutable.
 *
 * @param reason machine-readable cause, for example {@code FieldValueInvalid}
 * @param field path of the field, for example {@code spec.replicas}
 * @param message what is wrong, without the path
 */
public record Violation(String reason, String field, String message) {

    public static Violation invalid(String field, String value, String detail) {
        return new Violation("FieldValueInvalid", field, "Invalid value: " + value + ": " + detail);
    }

    public static Violation required(String field) {
        return new Violation("FieldValueRequired", field, "Required value");
    }

    public static Violation forbidden(String field, String detail) {
        return new Violation("FieldValueForbidden", field, "Forbidden: " + detail);
    }

    /** The path and what is wrong, as a person reads it. */
    public String text() {
        return field + ": " + message;
    }
}
