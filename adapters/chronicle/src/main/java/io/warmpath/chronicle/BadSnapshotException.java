package io.warmpath.chronicle;

import java.io.IOException;
import java.io.Serial;

/** No snapshot, not a whole one, or another index's; the message goes on after the name of the file. */
final class BadSnapshotException extends IOException {

  @Serial
  private static final long serialVersionUID = 1;

  private final String finding;

  BadSnapshotException(String finding) {
    super(finding);
    this.finding = finding;
  }

  String finding() {
    return finding;
  }
}
