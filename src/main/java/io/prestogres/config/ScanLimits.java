package io.prestogres.config;

/**
 * How many rows one scan of a shell may read into PostgreSQL.
 *
 * @param noticeRows so many are no news; of more the user is told, with the reason
 * @param rowLimit more are an error; 0 for no limit
 */
public record ScanLimits(int noticeRows, int rowLimit) {
  /** What holds where the file says nothing. */
  public static final ScanLimits DEFAULT = new ScanLimits(100_000, 0);

  /** Refuses numbers out of bounds. */
  public ScanLimits {
    Bounds.check("noticeRows", noticeRows, Bounds.ROWS);
    Bounds.check("rowLimit", rowLimit, Bounds.ROWS);
  }
}
