package io.prestogres.catalog;

import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoSession;
import io.vertx.core.Future;
import java.util.List;

/**
 * Where Presto sees NaN. PostgreSQL has it equal to itself and above all numbers; so has Presto
 * since 0.288 unless it is told not to ({@code use-new-nan-definition}), older releases and Trino
 * have not. A version number would not tell.
 */
final class NanOrder {
  private static final System.Logger LOG = System.getLogger(NanOrder.class.getName());

  /**
   * Asks for all that a translation relies on. Calls of constants are computed by the coordinator,
   * what stands over rows is computed by a worker, which may be another program.
   */
  static final String QUESTION =
      "SELECT cast(nan() = nan() AND nan() > 1e308"
          + " AND count_if(x = x) = 2 AND count_if(x > 1e308) = 1"
          + " AND is_nan(max(x)) AND NOT is_nan(min(x)) AS varchar)"
          + " FROM unnest(ARRAY[nan(), 1e0]) AS t (x)";

  private NanOrder() {}

  /**
   * Whether it is PostgreSQL's.
   *
   * @return never fails: false, which costs speed alone, if Presto does not say so
   */
  static Future<Boolean> isPostgresqls(PrestoClient presto, PrestoSession session) {
    return MetadataRows.read(presto, QUESTION, session)
        .map(rows -> rows.equals(List.of(List.of("true"))))
        .recover(
            failure -> {
              LOG.log(
                  System.Logger.Level.WARNING,
                  "how Presto compares NaN is not known, so conditions on doubles stay slow: {0}",
                  failure.getMessage());
              return Future.succeededFuture(false);
            });
  }
}
