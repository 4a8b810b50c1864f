package io.prestogres.results;

import io.prestogres.sql.Shell;
import io.prestogres.sql.TranslationOptions;

/** A shell to be scanned, and what a translation may rely on in its database. */
public record ScanTarget(Shell shell, TranslationOptions options) {}
