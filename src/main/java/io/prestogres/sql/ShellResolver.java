package io.prestogres.sql;

import java.util.List;
import java.util.Optional;

/** Tells which shell a written name means; only PostgreSQL can know, so the caller brings this. */
@FunctionalInterface
public interface ShellResolver {

  /**
   * The shell that the name means.
   *
   * @param parts the parts of the name, one to three, folded as PostgreSQL folds them
   */
  Optional<Shell> shell(List<String> parts);
}
