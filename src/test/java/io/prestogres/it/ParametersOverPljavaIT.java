package io.prestogres.it;

/** {@link ParametersIT} with PL/Java under the table function. */
@OverPljava
final class ParametersOverPljavaIT extends ParametersIT {}
