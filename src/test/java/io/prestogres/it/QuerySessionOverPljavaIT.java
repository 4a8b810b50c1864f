package io.prestogres.it;

/** {@link QuerySessionIT} with PL/Java under the table function. */
@OverPljava
final class QuerySessionOverPljavaIT extends QuerySessionIT {
  QuerySessionOverPljavaIT(Stack stack) {
    super(stack);
  }
}
