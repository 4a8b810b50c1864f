package io.prestogres.it;

/** {@link TypesIT} with PL/Java under the table function. */
@OverPljava
final class TypesOverPljavaIT extends TypesIT {
  TypesOverPljavaIT(Stack stack) {
    super(stack);
  }
}
