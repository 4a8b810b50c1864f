package io.prestogres.session;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.prestogres.sql.ScannedStatement;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A prepared statement of the client's that was planned, with what it was planned by. PostgreSQL
 * would look its names up again when the search_path has changed, so they are asked for again
 * before it is bound, unless nothing has run in between.
 *
 * @param parse the client's own message
 * @param planned its plan, and what PostgreSQL said of it
 * @param checkedAt {@link ExchangeQueue#statements} when it said so
 * @param standing whether PostgreSQL has the statement as it was planned
 */
record PreparedQuery(
    Frontend.Parse parse,
    List<ScannedStatement> statements,
    Planned planned,
    long checkedAt,
    boolean standing) {

  PreparedQuery {
    statements = List.copyOf(statements);
  }

  /** What PostgreSQL said of it. */
  NameResolution names() {
    return planned.names();
  }

  /** Whether the names still mean what they meant. */
  boolean holds(NameResolution now) {
    return standing
        && names().shells().equals(now.shells())
        && names().currentSchema().equals(now.currentSchema());
  }

  /** Whether a client that has had this statement described can go on with another plan of it. */
  boolean describedLike(NameResolution other) {
    List<Backend.Field> mine = names().fields();
    List<Backend.Field> others = other.fields();
    return mine.size() == others.size()
        && IntStream.range(0, mine.size()).allMatch(i -> mine.get(i).isLike(others.get(i)))
        && names().parameterTypes().equals(other.parameterTypes());
  }

  PreparedQuery checkedAt(long count) {
    return new PreparedQuery(parse, statements, planned, count, standing);
  }

  PreparedQuery planned(Planned again, long count) {
    return new PreparedQuery(parse, statements, again, count, true);
  }

  /** The same, with a statement in PostgreSQL that must not run. */
  PreparedQuery fallen() {
    return new PreparedQuery(parse, statements, planned, -1, false);
  }
}
