/**
 * Who is at the other end: the certificates, keys and authorities of TLS, and both sides of SCRAM.
 *
 * <p>{@link io.prestogres.auth.ScramServer} faces a client, {@link io.prestogres.auth.ScramClient}
 * PostgreSQL; neither knows how its messages travel.
 *
 * <p>{@link io.prestogres.auth.TlsFiles} reads the files that an instance names, and reads them
 * again when they change; what it gives out are key and trust managers of the JDK, which always
 * show the newest good files. No sockets here; files are read, so callers must be allowed to block.
 */
@NullMarked
package io.prestogres.auth;

import org.jspecify.annotations.NullMarked;
