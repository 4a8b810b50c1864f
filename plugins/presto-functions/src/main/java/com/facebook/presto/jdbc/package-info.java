/**
 * The one class of ours that has to be a neighbour of presto-jdbc's own: see {@link
 * com.facebook.presto.jdbc.PrestoLink}.
 */
@NullMarked
package com.facebook.presto.jdbc;

import org.jspecify.annotations.NullMarked;
