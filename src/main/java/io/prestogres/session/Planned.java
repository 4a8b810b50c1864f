package io.prestogres.session;

import io.prestogres.metrics.Route;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.Frontend;
import java.util.List;
import java.util.Optional;

/**
 * A plan, and what PostgreSQL said of the statement before.
 *
 * @param names empty if it was not asked
 * @param plain whether the statement is a query and nothing else
 */
record Planned(Plan plan, NameResolution names, boolean plain) {

  static Planned failed(Throwable failure) {
    return new Planned(Plan.failed(failure), NameResolution.none(), false);
  }

  static Planned canceled() {
    return new Planned(Plan.canceled(), NameResolution.none(), false);
  }

  /** The route of a plan that sends the statement. */
  Route route() {
    if (plan instanceof Plan.Write) {
      return Route.WRITE;
    }
    return plan instanceof Plan.Send send ? send.route() : Route.REFUSED;
  }

  /** The same statement, answered with an error. */
  Planned refused(ErrorFields error) {
    return new Planned(new Plan.Refuse(error), names, false);
  }

  /** What is sent for a statement of the client's; empty for a plan that sends nothing. */
  Optional<String> text(String own) {
    if (plan instanceof Plan.Write write) {
      return Optional.of(write.write().asQuery());
    }
    return plan instanceof Plan.Send send ? Optional.of(send.text().orElse(own)) : Optional.empty();
  }

  /** The write, if it is one. */
  Optional<Plan.Write> write() {
    return plan instanceof Plan.Write write ? Optional.of(write) : Optional.empty();
  }

  /** Why the statement scans, as far as there is anything to say. */
  String reason() {
    return plan instanceof Plan.Send send ? send.reason() : "";
  }

  /** The columns of the client's own query, if another has taken its place. */
  List<Backend.Field> columns() {
    return plain && route() == Route.WHOLE ? names.fields() : List.of();
  }

  /** A rewritten statement does not show what its parameters are, so all types are given. */
  List<Integer> parameterTypes(Frontend.Parse parse) {
    List<Integer> described = names.parameterTypes();
    return described.isEmpty() ? parse.parameterTypes() : described;
  }
}
