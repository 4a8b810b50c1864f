/**
 * Trino's rows by way of the client inside of trino-jdbc. Its JDBC classes are passed by: their
 * getters show years before Christ wrongly and keep only the number of an error, while the client
 * has the values and the error's name as the coordinator sent them.
 *
 * <p>Main path: {@link io.prestogres.functions.trino.TrinoLink} sends a statement; {@code
 * TrinoRows} follows its pages; {@code TrinoValues} reads what is in them.
 */
@NullMarked
package io.prestogres.functions.trino;

import org.jspecify.annotations.NullMarked;
