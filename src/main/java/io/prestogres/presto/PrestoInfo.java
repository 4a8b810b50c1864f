package io.prestogres.presto;

/**
 * What a coordinator says about itself.
 *
 * @param version the release, such as {@code 0.296}
 * @param environment the name its operators gave it
 * @param starting true while it refuses queries because it is not yet ready
 */
public record PrestoInfo(String version, String environment, boolean starting) {}
