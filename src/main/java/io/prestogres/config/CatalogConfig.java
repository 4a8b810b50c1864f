package io.prestogres.config;

import java.time.Duration;
import java.util.List;

/**
 * How the shells are kept fresh, and of which tables there are any.
 *
 * @param refresh the age from which the shells of a catalog are compared with Presto's tables again
 * @param connectTimeout the longest that a connecting client waits for that
 * @param waitFor what a connecting client waits for
 * @param readTimeout the longest that the metadata of one schema may take
 * @param schemas when the tables of a schema are read
 * @param include patterns of the schemas or tables that are shown; all if there are none
 * @param exclude patterns of those that are not
 * @param maxTables the most tables of a catalog that are shown
 * @param unlistedSchemas schemas that are mirrored although Presto does not list them, in catalogs
 *     that have them
 * @param defaultSchema the schema that the search_path of mirrored databases starts with; "" leaves
 *     it as it is
 * @param createDatabases whether a login to a database named like a catalog makes it
 * @param statistics the age from which Presto is asked again how large a table is; zero is never
 * @param tableComments the age from which Presto is asked again for a table's comment; zero is
 *     never
 * @param perUserVisibility whether users may read those shells only that Presto lets them see
 */
public record CatalogConfig(
    Duration refresh,
    Duration connectTimeout,
    WaitFor waitFor,
    Duration readTimeout,
    Schemas schemas,
    List<String> include,
    List<String> exclude,
    int maxTables,
    List<String> unlistedSchemas,
    String defaultSchema,
    boolean createDatabases,
    Duration statistics,
    Duration tableComments,
    boolean perUserVisibility) {

  /** What a connecting client waits for. */
  public enum WaitFor {
    /** Shells that are no older than {@code refresh}. */
    FRESH,
    /** Shells of whatever age; for a first mirror therefore. */
    FIRST,
    /** Nothing: it gets what is there. */
    NOTHING
  }

  /** When the tables of a schema are read. */
  public enum Schemas {
    /** Always. */
    EAGER,
    /** From the time on that somebody asks for them. */
    LAZY
  }

  /** What holds where the file says nothing. */
  public static final CatalogConfig DEFAULT =
      new CatalogConfig(
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          WaitFor.FRESH,
          Duration.ofSeconds(30),
          Schemas.EAGER,
          List.of(),
          List.of(),
          100_000,
          List.of(),
          "",
          false,
          Duration.ofDays(1),
          Duration.ofDays(1),
          false);

  /** Refuses durations and numbers that are out of bounds. */
  public CatalogConfig {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    unlistedSchemas = List.copyOf(unlistedSchemas);
    Bounds.check("refresh", refresh, Bounds.REFRESH);
    Bounds.check("connectTimeout", connectTimeout, Bounds.TIMEOUT);
    Bounds.check("readTimeout", readTimeout, Bounds.TIMEOUT);
    Bounds.check("maxTables", maxTables, Bounds.TABLES);
    Bounds.check("statistics", statistics, Bounds.AGE_OR_NEVER);
    Bounds.check("tableComments", tableComments, Bounds.AGE_OR_NEVER);
  }
}
