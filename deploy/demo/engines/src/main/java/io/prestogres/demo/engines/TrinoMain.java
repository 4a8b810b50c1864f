package io.prestogres.demo.engines;

import java.io.PrintStream;
import java.nio.file.Path;

/**
 * The main class of Trino's own process. Arguments are its folder and its address, which is written
 * to standard output in one line when Trino is up.
 *
 * <p>Trino's classes are newer than this module's Java, so they are called by name.
 */
final class TrinoMain {
  private TrinoMain() {}

  public static void main(String[] arguments) throws ReflectiveOperationException {
    // Trino sends what is printed to its log.
    PrintStream out = System.out;
    Path folder = Path.of(arguments[0]);
    StandardInput.endProcessWithIt(folder);
    Class.forName("io.trino.server.TrinoServer")
        .getMethod("main", String[].class)
        .invoke(null, (Object) new String[0]);
    StandardInput.deleteAtExit(folder);
    out.println("READY " + arguments[1]);
    out.flush();
  }
}
