package io.prestogres.it;

/** {@link CancelIT} with PL/Java under the table function. */
@OverPljava
final class CancelOverPljavaIT extends CancelIT {
  CancelOverPljavaIT(Stack stack) {
    super(stack);
  }
}
