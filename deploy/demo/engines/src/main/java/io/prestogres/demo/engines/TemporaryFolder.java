package io.prestogres.demo.engines;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A folder below {@code java.io.tmpdir} that belongs to one engine and goes with it. */
public final class TemporaryFolder {
  private static final System.Logger LOG = System.getLogger(TemporaryFolder.class.getName());

  private final Path path;

  TemporaryFolder(String prefix) throws IOException {
    this.path = Files.createTempDirectory(prefix);
  }

  /** A new one that goes with this JVM. */
  public static Path untilExit(String prefix) throws IOException {
    TemporaryFolder folder = new TemporaryFolder(prefix);
    Runtime.getRuntime().addShutdownHook(new Thread(folder::deleteOrTell));
    return folder.path();
  }

  private void deleteOrTell() {
    try {
      delete();
    } catch (IOException failure) {
      LOG.log(System.Logger.Level.WARNING, "{0} is left behind: {1}", path, failure);
    }
  }

  Path path() {
    return path;
  }

  void delete() throws IOException {
    delete(path);
  }

  /** Deletes a tree while other threads or processes may still be deleting files in it. */
  static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null && !(failure instanceof NoSuchFileException)) {
              throw failure;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
