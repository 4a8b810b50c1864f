/**
 * Every meter of the program. {@link io.prestogres.metrics.ProxyMetrics} owns the registry and the
 * text that Prometheus reads; {@link io.prestogres.metrics.InstanceMetrics} is what the parts of
 * one instance count with.
 *
 * <p>Labels are the instance's name from the configuration and constants of this package's enums,
 * never anything that a client sent. Meters are made once, before the first session. Micrometer may
 * be named in this package only.
 */
@NullMarked
package io.prestogres.metrics;

import org.jspecify.annotations.NullMarked;
