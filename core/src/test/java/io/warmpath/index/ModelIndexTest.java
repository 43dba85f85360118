package io.warmpath.index;

import java.util.function.LongSupplier;

class ModelIndexTest extends IndexContract {

  @Override
  protected KvBlockIndex newIndex(int capacityBlocks, LongSupplier nanoClock) {
    return new ModelIndex(capacityBlocks, nanoClock);
  }
}
