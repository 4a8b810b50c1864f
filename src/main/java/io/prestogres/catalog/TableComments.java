package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.literal;

import io.prestogres.config.PrestoConfig;
import io.prestogres.sql.Shell;
import io.vertx.core.Future;
import java.util.List;

/**
 * Gives the shells of one database the comments of Presto's tables, which it tells by a query for
 * each: a few at a time, in the background. Trino lists them, and the mirror reads them with the
 * columns. Touched on the mirror's context only.
 */
final class TableComments {
  private final MirrorParts parts;
  private final String database;
  private final String catalog;
  private final SlowRound rounds;

  TableComments(MirrorParts parts, String database, String catalog) {
    this.parts = parts;
    this.database = database;
    this.catalog = catalog;
    this.rounds = new SlowRound(parts.clock());
  }

  /** Another round, if one is due and none runs. */
  void advance(MirroredDatabase mirrored) {
    if (parts.config().presto().flavor() == PrestoConfig.Flavor.PRESTO) {
      rounds.advance(
          mirrored.shells(),
          parts.config().catalog().tableComments(),
          (oid, shell) -> learn(shell, mirrored.isForeign(oid)));
    }
  }

  private Future<Boolean> learn(Shell shell, boolean foreign) {
    ShellKind kind = foreign ? ShellKind.FOREIGN : ShellKind.TABLE;
    return parts
        .reader()
        .comment(catalog, shell)
        .compose(
            comment ->
                QuietWrite.run(
                    parts.connections().pool(database),
                    record(shell, comment),
                    () ->
                        List.of(
                            "SET LOCAL ROLE " + Foundation.OWNER,
                            ShellSql.commentOn(kind, shell, comment))));
  }

  /** Changes nothing, and returns nothing, if the same is written down already. */
  private static String record(Shell shell, String comment) {
    String key = literal(StandingTable.ITSELF);
    String text = comment.isEmpty() ? "NULL" : literal(comment);
    return "UPDATE prestogres.shell SET comments = "
        + (comment.isEmpty()
            ? "comments - " + key
            : "comments || pg_catalog.jsonb_build_object(" + key + ", " + text + "::text)")
        + " WHERE schema_name = "
        + literal(shell.schema())
        + " AND table_name = "
        + literal(shell.name())
        + " AND comments ->> "
        + key
        + " IS DISTINCT FROM "
        + text
        + " RETURNING true";
  }
}
