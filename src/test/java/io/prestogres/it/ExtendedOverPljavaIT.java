package io.prestogres.it;

/** {@link ExtendedIT} with PL/Java under the table function. */
@OverPljava
final class ExtendedOverPljavaIT extends ExtendedIT {
  ExtendedOverPljavaIT(Stack stack) {
    super(stack);
  }
}
