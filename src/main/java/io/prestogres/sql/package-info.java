/**
 * What a client wrote, understood as far as the proxy needs: split and classified by a lexer of our
 * own, parsed by JSqlParser, translated into Presto's SQL when the answer is certain to be
 * PostgreSQL's, quoted.
 *
 * <p>Main path: {@link io.prestogres.sql.StatementScanner} looks at every message and decides what
 * it is; {@link io.prestogres.sql.Translator} turns a query over shells into Presto's SQL or
 * refuses it; {@link io.prestogres.sql.TableFunctionCall} writes the call that takes the query's
 * place.
 *
 * <p>Nothing in here does input or output, knows a session, or resolves a name by itself: the
 * caller brings a {@link io.prestogres.sql.ShellResolver}. JSqlParser is used in this package only,
 * and called in {@link io.prestogres.sql.SqlParser} only.
 */
@NullMarked
package io.prestogres.sql;

import org.jspecify.annotations.NullMarked;
