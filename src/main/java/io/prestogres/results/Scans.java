package io.prestogres.results;

import io.prestogres.config.ScanLimits;
import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoSession;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.sql.ScanQuery;
import io.prestogres.sql.Shell;
import io.prestogres.sql.ShellColumn;
import io.prestogres.sql.Translations;
import io.prestogres.sql.Untranslatable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The scans of shells: what Presto answers exactly as PostgreSQL would goes to Presto whole, and
 * everything else is evaluated by PostgreSQL over plain scans. Thread-safe.
 *
 * @param evaluations on whose behalf evaluating backends ask, by their process id
 */
record Scans(
    Vertx vertx,
    EndpointServices services,
    PrestoClient presto,
    Translations translations,
    ScanLimits limits,
    InstanceMetrics metrics,
    Map<Integer, PrestoSession> evaluations) {
  /** PostgreSQL's, which it sends to be read though no table of Presto's has them. */
  private static final Set<String> SYSTEM_COLUMNS =
      Set.of("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid");

  /** The rows of a scan. */
  Future<RowSource> open(Requester requester, ScanQuery scan) {
    return targets(requester, scan.tables(), new ArrayList<>())
        .compose(
            targets -> {
              check(scan, targets);
              return rows(requester, scan, targets);
            })
        .map(
            rows -> {
              String table =
                  scan.tables().stream()
                      .map(ScanQuery.Table::display)
                      .distinct()
                      .collect(Collectors.joining(", "));
              return new CountedScan(
                  rows, table, limits, n -> services.scanned(requester, table, n));
            });
  }

  private Future<List<ScanTarget>> targets(
      Requester requester, List<ScanQuery.Table> tables, List<ScanTarget> found) {
    if (found.size() == tables.size()) {
      return Future.succeededFuture(found);
    }
    ScanQuery.Table table = tables.get(found.size());
    return services
        .shell(requester, table.schema(), table.name())
        .compose(
            target -> {
              found.add(
                  target.orElseThrow(
                      () ->
                          PgException.error(
                              SqlState.UNDEFINED_TABLE,
                              "table \"%s\".\"%s\" is not known to the proxy"
                                  .formatted(table.schema(), table.name()))));
              return targets(requester, tables, found);
            });
  }

  /** Only columns that the shells have, and only constants that mean one thing. */
  private static void check(ScanQuery scan, List<ScanTarget> targets) {
    Set<String> names =
        targets.stream()
            .flatMap(target -> target.shell().columns().stream())
            .map(ShellColumn::name)
            .collect(Collectors.toSet());
    scan.columns().stream()
        .filter(column -> !names.contains(column))
        .findFirst()
        .or(() -> scan.words().stream().filter(SYSTEM_COLUMNS::contains).findFirst())
        .ifPresent(
            column -> {
              throw PgException.error(
                  SqlState.FEATURE_NOT_SUPPORTED,
                  "a table of Presto has no column \"" + column + "\" that could be read");
            });
    scan.doubtful()
        .ifPresent(
            constant -> {
              throw new PgException(
                  ErrorFields.error(
                          SqlState.FEATURE_NOT_SUPPORTED,
                          "the constant '" + constant + "' in an aggregate may mean several dates")
                      .with(
                          ErrorFields.HINT,
                          "Set DateStyle to ISO and IntervalStyle to postgres, in which"
                              + " PostgreSQL's postgres_fdw expects constants to be written."));
            });
  }

  private Future<RowSource> rows(Requester requester, ScanQuery scan, List<ScanTarget> targets) {
    Map<List<String>, Shell> shells = new HashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      ScanQuery.Table table = scan.tables().get(i);
      shells.put(List.of(table.schema(), table.name()), targets.get(i).shell());
    }
    return Future.fromCompletionStage(
            translations.translate(
                scan.text(),
                parts -> Optional.ofNullable(shells.get(parts)),
                targets.get(0).options()),
            vertx.getOrCreateContext())
        .map(
            translation ->
                (RowSource)
                    QueryRows.scan(
                        () ->
                            services
                                .prestoSession(requester)
                                .compose(asking -> presto.start(translation.prestoSql(), asking)),
                        metrics))
        .recover(failure -> evaluate(failure, requester, scan, targets));
  }

  private Future<RowSource> evaluate(
      Throwable failure, Requester requester, ScanQuery scan, List<ScanTarget> targets) {
    if (!(failure instanceof Untranslatable)) {
      return Future.failedFuture(failure);
    }
    metrics.evaluatedByPostgresql();
    return services
        .prestoSession(requester)
        .map(
            asking ->
                LocalEvaluation.start(
                    services.evaluator(requester.database()),
                    targets.stream().map(ScanTarget::shell).toList(),
                    scan,
                    evaluations,
                    asking));
  }
}
