package io.prestogres.session;

import io.prestogres.sql.ScannedStatement;
import java.util.List;

/**
 * What has to be planned.
 *
 * @param text of the Query or Parse message
 * @param statements all that stand in it
 * @param parameterTypes the OIDs that a Parse gives
 */
record PlanRequest(String text, List<ScannedStatement> statements, List<Integer> parameterTypes) {

  PlanRequest {
    statements = List.copyOf(statements);
    parameterTypes = List.copyOf(parameterTypes);
  }
}
