package io.prestogres.demo.engines;

import java.io.IOException;
import java.nio.file.Path;

/** Standard input of an engine's process, at whose other end is whoever started it. */
final class StandardInput {
  private StandardInput() {}

  /**
   * Ends this process when standard input ends, so that it cannot outlive whoever started it, not
   * even one that was killed; the folder goes with it.
   */
  static void endProcessWithIt(Path folder) {
    Thread watcher = new Thread(() -> awaitEnd(folder), "standard-input");
    watcher.setDaemon(true);
    watcher.start();
  }

  /** From now on the folder goes with this process, however it ends; its log is of no use more. */
  static void deleteAtExit(Path folder) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "folder"));
  }

  private static void awaitEnd(Path folder) {
    try {
      while (System.in.read() >= 0) {
        // Nobody writes; only the end matters.
      }
    } catch (IOException brokenPipe) {
      System.err.println(brokenPipe);
    }
    delete(folder);
    // An orderly shutdown takes seconds and has nothing to save here.
    Runtime.getRuntime().halt(0);
  }

  private static void delete(Path folder) {
    try {
      TemporaryFolder.delete(folder);
    } catch (IOException failure) {
      System.err.println("could not delete " + folder + ": " + failure);
    }
  }
}
