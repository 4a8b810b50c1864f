package io.prestogres.session;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.prestogres.sql.NameReference;
import io.prestogres.sql.ScannedStatement;
import io.prestogres.sql.Shape;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The prepared statements of a session that were planned, by their names ("" is the unnamed one).
 * One that is missing here although PostgreSQL has it would be bound without a look, so none is
 * dropped to make room: when there are too many, further statements are not planned and scan the
 * shells.
 */
final class PreparedQueries {
  private static final int MOST = 1_000;

  /** NAMEDATALEN - 1: PostgreSQL takes longer names for the same. */
  private static final int LONGEST_NAME = 63;

  private final Map<String, PreparedQuery> byName = new HashMap<>();

  /** Statements by the portals that they were last bound to; what is missing is only told less. */
  private final Map<String, String> portals = new HashMap<>();

  /** The writes that portals hold, whatever has become of their statements since. */
  private final Map<String, Plan.Write> writes = new HashMap<>();

  /** Whether nothing of what the client sends has to be looked at for our sake. */
  boolean isEmpty() {
    return byName.isEmpty() && writes.isEmpty();
  }

  /** Whether any portal holds a write. */
  boolean holdsWrites() {
    return !writes.isEmpty();
  }

  /** The write that a portal holds. */
  Optional<Plan.Write> write(String portal) {
    return Optional.ofNullable(writes.get(portal));
  }

  /**
   * Whether a write may be bound to the portal. PostgreSQL cuts names, so that of two long ones
   * both might mean it.
   */
  boolean takesWrite(Optional<String> portal) {
    return portal.isPresent()
        && portal.get().length() < LONGEST_NAME
        && (writes.size() < MOST || writes.containsKey(portal.get()));
  }

  /** A portal is bound to a statement with this plan. */
  void holds(Optional<String> portal, Optional<Plan.Write> write) {
    portal.ifPresent(
        name -> {
          writes.remove(name);
          write.ifPresent(plan -> writes.put(name, plan));
        });
  }

  /** Whether a statement of that name could be kept. */
  boolean takes(String name) {
    return name.length() <= LONGEST_NAME && (byName.size() < MOST || byName.containsKey(name));
  }

  void put(PreparedQuery query) {
    byName.put(query.parse().name(), query);
  }

  Optional<PreparedQuery> get(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  void remove(String name) {
    byName.remove(name);
    portals.values().removeIf(name::equals);
  }

  /** A statement, of these or not, is bound to a portal. */
  void bound(String portal, String statement) {
    if (!byName.containsKey(statement)) {
      portals.remove(portal);
    } else if (portals.size() < MOST || portals.containsKey(portal)) {
      portals.put(portal, statement);
    }
  }

  void portalClosed(String portal) {
    writes.remove(portal);
    portals.remove(portal);
  }

  /** The columns of the client's own query that a Describe asks about, if another stands for it. */
  List<Backend.Field> described(Buffer describe) {
    return Frontend.namedStatement(describe)
        .or(() -> Frontend.namedPortal(describe).map(portals::get))
        .flatMap(this::get)
        .map(query -> query.planned().columns())
        .orElse(List.of());
  }

  /** The write that a Describe asks about, which has no columns. */
  Optional<Plan.Write> describedWrite(Buffer describe) {
    return Frontend.namedStatement(describe)
        .flatMap(this::get)
        .flatMap(query -> query.planned().write())
        .or(() -> Frontend.namedPortal(describe).flatMap(this::write));
  }

  /**
   * Forgets what a message deallocates. Only where that is certain to succeed: otherwise a
   * statement would stay in PostgreSQL that nobody looks at any more.
   */
  void deallocated(List<ScannedStatement> statements, Upstream.Place place) {
    if (byName.isEmpty()
        || statements.size() != 1
        || !(statements.get(0).shape() instanceof Shape.Harmless harmless)) {
      return;
    }
    ScannedStatement statement = statements.get(0);
    boolean all = statement.hasWord("all");
    if (harmless.verb().equals("DISCARD") && all && place == Upstream.Place.IDLE) {
      byName.clear();
    } else if (harmless.verb().equals("DEALLOCATE") && place != Upstream.Place.IN_BATCH) {
      if (all) {
        byName.clear();
      } else {
        List<NameReference> names = statement.names();
        names.stream()
            .skip(names.size() - 1L)
            .forEach(name -> byName.remove(name.parts().get(name.parts().size() - 1)));
      }
    }
  }
}
