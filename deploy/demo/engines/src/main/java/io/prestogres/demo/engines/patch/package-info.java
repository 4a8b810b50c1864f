/**
 * The build step that makes the connectors of Presto 0.287 work in Presto 0.296. {@link
 * io.prestogres.demo.engines.patch.PatchConnectors} runs in the Maven build only; what it writes
 * refers to {@link io.prestogres.demo.engines.patch.NamedColumn}.
 */
@NullMarked
package io.prestogres.demo.engines.patch;

import org.jspecify.annotations.NullMarked;
