package io.warmpath.index;

import java.util.function.LongSupplier;

class FlatBlockIndexTest extends IndexContract {

  @Override
  protected KvBlockIndex newIndex(int capacityBlocks, LongSupplier nanoClock) {
    return KvBlockIndex.builder()
        .capacityBlocks(capacityBlocks)
        .nanoClock(nanoClock)
        .flat()
        .build();
  }
}
