package io.warmpath.index;

import java.util.function.LongSupplier;

class RunBlockIndexContractTest extends IndexContract {

  @Override
  protected KvBlockIndex newIndex(int capacityBlocks, LongSupplier nanoClock) {
    return KvBlockIndex.create(capacityBlocks, nanoClock);
  }
}
