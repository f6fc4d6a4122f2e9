package io.keydb.e2e.permissions;

import java.util.List;

/**
 * What a request wants to do, in the words of role-based access control.
 *
 * <p>Threads: immutable.
 *
 * @param verbs all needed; an apply needs two, as it may create
 * @param group API group, empty for the core group
 * @param resource plural name, with the subresource after a slash
 */
record Access(List<String> verbs, String group, String resource) {

    /** The path of every request that is not about a resource: discovery, version, health. */
    private static final Access NOTHING = new Access(List.of(), "", "");

    /** Everybody may ask about their own permissions. */
    private static final String REVIEWS = "authorization.k8s.io";

    private static final String OWN_GROUP = "keydb.io";

    private static final String APPLY = "application/apply-patch+yaml";

    /** The access that a request line and its content type ask for. */
    static Access of(String method, String target, String contentType) {
        String path = target.replaceFirst("\\?.*", "");
        List<String> parts = List.of(path.substring(1).split("/"));
        boolean core = parts.getFirst().equals("api");
        int groupParts = core ? 2 : 3;
        if (parts.size() <= groupParts || !(core || parts.getFirst().equals("apis"))) {
            return NOTHING;
        }
        String group = core ? "" : parts.get(1);
        List<String> rest = parts.subList(groupParts, parts.size());
        if (rest.getFirst().equals("namespaces") && rest.size() > 2) {
            rest = rest.subList(2, rest.size());
        }
        if (group.equals(REVIEWS)) {
            return NOTHING;
        }
        String resource = rest.size() > 2 ? rest.getFirst() + "/" + rest.get(2) : rest.getFirst();
        boolean watch = target.matches(".*[?&]watch=(true|1)(&.*)?");
        boolean named = rest.size() > 1;
        String verb = verb(method, named, watch);
        boolean apply = contentType.startsWith(APPLY) && mayCreate(group, resource);
        return new Access(apply ? List.of(verb, "create") : List.of(verb), group, resource);
    }

    /**
     * Whether an apply may find nothing there and create it: not a subresource, and not what only
     * users create.
     */
    private static boolean mayCreate(String group, String resource) {
        return !resource.contains("/") && !group.equals(OWN_GROUP);
    }

    private static String verb(String method, boolean named, boolean watch) {
        return switch (method) {
            case "GET" -> watch ? "watch" : named ? "get" : "list";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> named ? "delete" : "deletecollection";
            default -> method;
        };
    }
}
