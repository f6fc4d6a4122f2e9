package io.keydb.server.persistence.aof;

import io.keydb.server.persistence.DataFileException;
import io.keydb.server.persistence.FileSink;
import io.keydb.server.persistence.aof.AofManifest.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of an append-only file, and its manifest, which is replaced in one step.
 *
 * <p>Threads: safe; the manifest is changed under the monitor.
 */
final class AofDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(AofDirectory.class);

    private final Path folder;
    private final Path oldFile;
    private final String name;
    private AofManifest manifest = AofManifest.NONE;

    /**
     * @param parent the folder of all data
     * @param folderName {@code appenddirname}
     * @param name {@code appendfilename}
     */
    AofDirectory(Path parent, String folderName, String name) {
        this.folder = parent.resolve(folderName);
        this.oldFile = parent.resolve(name);
        this.name = name;
    }

    Path folder() {
        return folder;
    }

    Path path(Part part) {
        return folder.resolve(part.name());
    }

    synchronized AofManifest manifest() {
        return manifest;
    }

    private Path manifestFile() {
        return folder.resolve(name + ".manifest");
    }

    /** Whether there is anything to be loaded. */
    boolean hasFiles() {
        return Files.exists(manifestFile()) || Files.isRegularFile(oldFile);
    }

    /**
     * Reads the manifest. The single file of servers before 7.0 is taken over as the base.
     *
     * @throws DataFileException when it is damaged
     */
    synchronized void open() throws IOException {
        Path file = manifestFile();
        if (Files.exists(file)) {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            manifest = AofManifest.parse(text, file.toString());
        }
        if (Files.isRegularFile(oldFile) && isForOldFile()) {
            takeOver();
        }
    }

    /** Whether the manifest knows no other file than the old one, which is not there yet. */
    private boolean isForOldFile() {
        Part base = manifest.base();
        return manifest.isEmpty()
                || (base != null
                        && manifest.increments().isEmpty()
                        && base.name().equals(name)
                        && !Files.exists(path(base)));
    }

    private void takeOver() throws IOException {
        Files.createDirectories(folder);
        if (manifest.isEmpty()) {
            replace(new AofManifest(new Part(name, 1), List.of(), List.of()));
        }
        Files.move(oldFile, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        FileSink.syncFolder(oldFile);
        FileSink.syncFolder(folder.resolve(name));
        LOG.info(
                "Successfully migrated an old-style AOF file ({}) into the AOF directory ({}).",
                name,
                folder);
    }

    /** The base that comes next. */
    synchronized Part nextBase(boolean isRdb) {
        return manifest.nextBase(name, isRdb);
    }

    /** The increment that comes next. */
    synchronized Part nextIncrement() {
        return manifest.nextIncrement(name);
    }

    /** One more increment belongs to it from now on. */
    synchronized void add(Part increment) throws IOException {
        replace(manifest.withIncrement(increment));
    }

    /**
     * A new base, with the increments from {@code first} on, takes the place of all before, which
     * is removed.
     */
    synchronized void rewritten(Part base, @Nullable Part first) throws IOException {
        replace(manifest.rewritten(base, first));
    }

    /** Removes what is no longer needed. What cannot be removed is tried again the next time. */
    synchronized void removeHistory() throws IOException {
        if (manifest.history().isEmpty()) {
            return;
        }
        for (Part part : manifest.history()) {
            LOG.info("Removing the history file {} in the background", part.name());
            Files.deleteIfExists(path(part));
        }
        replace(manifest.withoutHistory());
    }

    private void replace(AofManifest next) throws IOException {
        Files.createDirectories(folder);
        Path file = manifestFile();
        byte[] text = next.text().getBytes(StandardCharsets.UTF_8);
        try (FileSink sink = FileSink.create(folder.resolve("temp-" + name + ".manifest"), false)) {
            sink.write(text, 0, text.length);
            sink.publish(file);
        }
        manifest = next;
    }
}
