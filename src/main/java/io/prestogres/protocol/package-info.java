/** Frames and messages of the PostgreSQL protocol; no input or output. */
@NullMarked
package io.prestogres.protocol;

import org.jspecify.annotations.NullMarked;
