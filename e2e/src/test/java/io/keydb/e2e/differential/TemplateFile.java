package io.keydb.e2e.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The templates of one family, with the letters that only it knows and the commands that come
 * first.
 *
 * <p>Threads: immutable.
 *
 * @param family the name of the file without its extension
 * @param templates as often as they weigh
 * @param letters words by letter
 * @param preparations commands sent to both servers before a run
 */
record TemplateFile(
        String family,
        List<Template> templates,
        Map<Character, List<String>> letters,
        List<List<String>> preparations) {

    /** All files, in the order of their names. */
    static List<TemplateFile> all() throws IOException {
        Path folder = ScriptFiles.root().resolve("random");
        List<TemplateFile> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replace(".txt", "");
                found.add(parse(name, Files.readAllLines(file)));
            }
        }
        return found;
    }

    static TemplateFile parse(String family, List<String> lines) {
        TemplateFile file =
                new TemplateFile(
                        family, new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>());
        for (String line : lines) {
            file.add(line.strip());
        }
        return file;
    }

    private void add(String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        if (line.startsWith("!")) {
            preparations.add(Words.split(line.substring(1)));
        } else if (line.matches("[A-Z] = .*")) {
            letters.put(line.charAt(0), Words.split(line.substring(4)));
        } else {
            int weight = 1;
            String text = line;
            if (line.matches("\\d+\\* .*")) {
                int star = line.indexOf('*');
                weight = Integer.parseInt(line.substring(0, star));
                text = line.substring(star + 2);
            }
            Template template = Template.parse(family, text);
            for (int i = 0; i < weight; i++) {
                templates.add(template);
            }
        }
    }
}
