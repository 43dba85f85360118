package io.warmpath.engine;

import static io.warmpath.engine.MessagePackReader.ARRAY;
import static io.warmpath.engine.MessagePackReader.NIL;
import static io.warmpath.engine.MessagePackReader.STRING;

import io.warmpath.engine.KvEventStats.Reason;

/**
 * What else than tokens names the blocks of a {@code BlockStored}: the salt, and from which block on
 * something that cannot be named here, such as an image.
 *
 * <p><b>Threads:</b> one. <b>Cost:</b> one pass over the keys; no allocation.
 */
final class BlockKeys {

  private final MessagePackReader reader;
  private final KvEventFields event;
  private int opaqueFrom;

  /** Creates the keys of whatever {@code event} was read last, from the same reader. */
  BlockKeys(MessagePackReader reader, KvEventFields event) {
    this.reader = reader;
    this.event = event;
  }

  /**
   * Gives the event its salt and finds the first block that depends on something else than tokens,
   * adapter and salt. The reader stays where it is.
   *
   * <p>Each block has a list of keys, untagged in every version: the adapter's name, the salt (first
   * block of a prompt only), {@code [image, offset]}, a digest of prompt embeddings. An adapter that
   * is known by number only (vLLM before 0.14) cannot be told from another one.
   *
   * @return index of that block, {@link KvEventFields#NEVER} if there is none
   */
  int opaqueFrom() {
    opaqueFrom = event.loraIdGiven && event.adapterLength == 0 ? 0 : KvEventFields.NEVER;
    if (event.foreignToken != KvEventFields.NEVER) {
      opaqueFrom =
          Math.min(opaqueFrom, event.blockSize > 0 ? event.foreignToken / event.blockSize : 0);
    }
    int end = reader.position();
    if (event.extraKeysAt != KvEventFields.ABSENT) {
      reader.position(event.extraKeysAt);
      readKeysOfBlocks(false);
    }
    if (event.mmKeysAt != KvEventFields.ABSENT) {
      reader.position(event.mmKeysAt);
      readKeysOfBlocks(true);
    }
    reader.position(end);
    return opaqueFrom;
  }

  private void readKeysOfBlocks(boolean onlyImages) {
    int kind = reader.next();
    if (kind != ARRAY) {
      if (kind != NIL) {
        event.fail(Reason.WRONG_TYPE);
      }
      return;
    }
    int blocks = reader.count();
    for (int block = 0; block < blocks; block++) {
      int keys = reader.next();
      if (keys == ARRAY) {
        readKeys(block, reader.count(), onlyImages);
      } else if (keys != NIL) {
        reader.skipMembers();
        opaqueFrom = Math.min(opaqueFrom, block);
      }
    }
  }

  private void readKeys(int block, int keys, boolean onlyImages) {
    boolean adapterSeen = false;
    boolean saltSeen = false;
    for (int i = 0; i < keys; i++) {
      boolean text = reader.next() == STRING && !onlyImages;
      if (text && !adapterSeen && isAdapter()) {
        adapterSeen = true;
      } else if (text && !saltSeen && block == 0 && !event.hasParent) {
        saltSeen = true;
        event.saltFrom = reader.from();
        event.saltLength = reader.count();
      } else {
        reader.skipMembers();
        opaqueFrom = Math.min(opaqueFrom, block);
      }
    }
  }

  private boolean isAdapter() {
    return event.adapterLength > 0 && reader.isText(event.adapterFrom, event.adapterLength);
  }
}
