/**
 * The configuration file: YAML in, immutable validated records out.
 *
 * <p>{@code ConfigLoader} reads the file into a tree that knows its lines, has every block read
 * into its record, checks what spans blocks, and throws one {@link
 * io.prestogres.config.ConfigException} that lists every mistake. The defaults stand in the records
 * and in {@code config.yml.example}; a test keeps the two equal.
 *
 * <p>Nothing here opens a connection or knows who uses a value. The YAML library may be named in
 * this package only.
 */
@NullMarked
package io.prestogres.config;

import org.jspecify.annotations.NullMarked;
