package io.keydb.e2e.differential;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keydb.e2e.process.RespClient;
import io.keydb.e2e.process.RespReply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every script gives the same replies on a stock server and on ours, in RESP2 and in RESP3. {@code
 * -Ddifferential.script=string/} runs only the scripts whose name starts so.
 */
class DifferentialTest {

    private static ServerPair shared;

    @BeforeAll
    static void startServers() throws Exception {
        shared = ServerPair.start(List.of());
    }

    @AfterAll
    static void stopServers() throws IOException {
        if (shared != null) {
            shared.close();
        }
    }

    @TestFactory
    Stream<DynamicContainer> everyScriptGivesTheSameReplies() throws IOException {
        String only = System.getProperty("differential.script", "");
        Map<String, List<DynamicTest>> byGroup = new LinkedHashMap<>();
        for (Script script : ScriptFiles.all()) {
            if (!script.name().startsWith(only)) {
                continue;
            }
            String group = script.name().substring(0, script.name().indexOf('/'));
            for (int protocol : script.protocols()) {
                byGroup.computeIfAbsent(group, _ -> new ArrayList<>())
                        .add(
                                DynamicTest.dynamicTest(
                                        script.name() + " in RESP" + protocol,
                                        () -> run(script, protocol)));
            }
        }
        return byGroup.entrySet().stream()
                .map(group -> DynamicContainer.dynamicContainer(group.getKey(), group.getValue()));
    }

    private static void run(Script script, int protocol) throws Exception {
        if (script.serverDirectives().isPresent()) {
            try (ServerPair own = ServerPair.start(script.serverDirectives().get())) {
                compare(own, script, protocol);
            }
            return;
        }
        shared.clear();
        for (String command : script.needs()) {
            assumeTrue(hasCommand(command), "our server has no " + command + " yet");
        }
        compare(shared, script, protocol);
    }

    private static void compare(ServerPair servers, Script script, int protocol) throws Exception {
        try (Session stock = new Session(servers.stock(), protocol, script.plain());
                Session ours = new Session(servers.ours(), protocol, script.plain())) {
            List<String> differences = new ScriptRunner(stock, ours).run(script);
            if (!differences.isEmpty()) {
                fail(differences.size() + " lines differ\n" + String.join("\n", differences));
            }
        }
    }

    private static boolean hasCommand(String command) throws IOException {
        try (RespClient client = shared.ours().connect()) {
            RespReply info = client.call("COMMAND", "INFO", command);
            return !info.children().getFirst().isNull();
        }
    }
}
