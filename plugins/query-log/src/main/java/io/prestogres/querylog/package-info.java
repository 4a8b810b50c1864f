/**
 * A plugin that writes one line of JSON for every statement: who, how long, how much, how it ended.
 * {@link io.prestogres.querylog.QueryLogPlugin} is the way in.
 */
@NullMarked
package io.prestogres.querylog;

import org.jspecify.annotations.NullMarked;
