package io.keydb.server.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Says why a file cannot be used, in the words of the operating system.
 *
 * <p>Threads: immutable.
 */
public final class FileError {
    private FileError() {}

    /** The reason, without the name of the file. */
    public static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException absent -> "No such file or directory";
            case AccessDeniedException denied -> "Permission denied";
            case NotDirectoryException file -> "Not a directory";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(cause.getMessage());
        };
    }
}
