package io.prestogres.demo.engines;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * PostgreSQL's programs in a jar that is not on the class path. The jar is for one platform, which
 * is trusted to be this one.
 */
record ArchivedPrograms(Path jar) implements PgBinaryResolver {
  private static final String SUFFIX = ".txz";

  @Override
  public InputStream getPgBinary(String system, String machineHardware) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<? extends ZipEntry> archives =
          zip.stream().filter(entry -> entry.getName().endsWith(SUFFIX)).toList();
      if (archives.size() != 1) {
        throw new IOException(jar + " holds " + archives.size() + " files *" + SUFFIX + ", not 1");
      }
      try (InputStream in = zip.getInputStream(archives.get(0))) {
        return new ByteArrayInputStream(in.readAllBytes());
      }
    }
  }
}
