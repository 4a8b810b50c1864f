package io.prestogres.config;

/**
 * How many rows one scan of a shell may read into PostgreSQL.
 *
 * @param scanNoticeRows so many are no news; of more the user is told, with the reason
 * @param scanRowLimit more are an error; 0 for no limit
 */
public record ScanLimits(int scanNoticeRows, int scanRowLimit) {
  /** What holds where the file says nothing. */
  public static final ScanLimits DEFAULT = new ScanLimits(100_000, 0);

  /** Refuses numbers out of bounds. */
  public ScanLimits {
    Bounds.check("scanNoticeRows", scanNoticeRows, Bounds.ROWS);
    Bounds.check("scanRowLimit", scanRowLimit, Bounds.ROWS);
  }
}
