package io.prestogres.session;

import io.prestogres.protocol.Frontend;
import java.util.List;

/**
 * A plan, and what PostgreSQL said of the statement before.
 *
 * @param names empty if it was not asked
 */
record Planned(Plan plan, NameResolution names) {

  static Planned failed(Throwable failure) {
    return new Planned(Plan.failed(failure), NameResolution.none());
  }

  static Planned canceled() {
    return new Planned(Plan.canceled(), NameResolution.none());
  }

  /** A rewritten statement does not show what its parameters are, so all types are given. */
  List<Integer> parameterTypes(Frontend.Parse parse) {
    List<Integer> described = names.parameterTypes();
    return described.isEmpty() ? parse.parameterTypes() : described;
  }
}
