package io.prestogres.catalog;

import io.prestogres.sql.NameFilter;
import io.prestogres.sql.Shell;
import io.prestogres.sql.TranslationOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A database in which a Presto catalog is shown, as of the last refresh. Thread-safe; every look
 * sees one whole state.
 */
public final class MirroredDatabase {
  private final String name;
  private final String catalog;
  private volatile State state;

  /** What is known at one time. */
  record State(
      Map<Long, Shell> shells,
      Set<Long> withoutChild,
      Map<String, Shell> byName,
      Set<String> names,
      NameFilter filter,
      Set<String> schemas,
      Set<String> unread,
      TranslationOptions options) {
    /**
     * Of what stands; takes long.
     *
     * @param unread schemas whose tables Presto was never asked for
     * @param nanIsGreatest whether Presto is known to compare NaN as PostgreSQL does
     */
    static State of(StandingCatalog standing, Set<String> unread, boolean nanIsGreatest) {
      Map<String, Shell> byName = new HashMap<>();
      Set<String> names = new HashSet<>();
      Map<Long, Shell> shells = new HashMap<>();
      Set<Long> withoutChild = new HashSet<>();
      for (StandingTable table : standing.tables()) {
        Shell shell = table.shell();
        shells.put(table.oid(), shell);
        if (!table.kind().hasChild()) {
          withoutChild.add(table.oid());
        }
        byName.put(shell.schema() + "\0" + shell.name(), shell);
        names.add(shell.name());
      }
      Set<String> words = new HashSet<>(names);
      words.addAll(unread);
      return new State(
          shells,
          withoutChild,
          byName,
          names,
          NameFilter.of(words),
          standing.mirroredSchemas(),
          Set.copyOf(unread),
          new TranslationOptions(standing.bytewise(), nanIsGreatest));
    }
  }

  /** A database as it stands. */
  MirroredDatabase(String name, String catalog, State state) {
    this.name = name;
    this.catalog = catalog;
    this.state = state;
  }

  void update(State now) {
    state = now;
  }

  /** The database's name. */
  public String name() {
    return name;
  }

  /** The Presto catalog that is shown in it. */
  public String catalog() {
    return catalog;
  }

  /** Whether a dotted name may mean a shell; whether it does, PostgreSQL has to be asked. */
  public boolean mayName(List<String> parts) {
    return state.names().contains(parts.get(parts.size() - 1))
        && (parts.size() < 3 || parts.get(0).equals(name));
  }

  /** Whether a message may name a shell or be a statement of Presto's, by a look at its bytes. */
  public boolean mayConcern(byte[] text) {
    return state.filter().mayConcern(text);
  }

  /** Whether the schema is one of Presto's. */
  public boolean hasSchema(String schema) {
    return state.schemas().contains(schema);
  }

  /** Whether the schema is one of Presto's of whose tables nothing is known yet. */
  public boolean isUnread(String schema) {
    return state.unread().contains(schema);
  }

  /** Whether the name of a shell occurs in a text in lower case, wherever. */
  public boolean namesOccurIn(String text) {
    return state.names().stream().anyMatch(text::contains);
  }

  /** The shell with this OID. */
  public Optional<Shell> shell(long oid) {
    return Optional.ofNullable(state.shells().get(oid));
  }

  /** The shell of this schema and name. */
  public Optional<Shell> shell(String schema, String table) {
    return Optional.ofNullable(state.byName().get(schema + "\0" + table));
  }

  /** The schemas that have shells. */
  Set<String> shellSchemas() {
    return state.shells().values().stream().map(Shell::schema).collect(Collectors.toSet());
  }

  /** All shells, by their OID. */
  Map<Long, Shell> shells() {
    return state.shells();
  }

  /** Whether a shell is the foreign table itself. */
  public boolean isForeign(long oid) {
    return state.withoutChild().contains(oid);
  }

  /** How many shells there are. */
  public int size() {
    return state.shells().size();
  }

  /** What a translation may rely on in this database. */
  public TranslationOptions translationOptions() {
    return state.options();
  }
}
