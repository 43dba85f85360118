package io.warmpath;

import io.warmpath.block.BlockChain;
import io.warmpath.schedule.Cycle;
import io.warmpath.token.TokenBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The memory that preparing and scheduling one request takes, reused from request to request. */
final class Workspace {

  /** Most bytes, characters, tokens or blocks of a request whose workspace is kept: 1 Mi of each. */
  static final int MAX_KEPT = 1 << 20;

  final TokenBuffer tokens = new TokenBuffer();
  final BlockChain chain = new BlockChain();
  final PromptHasher hasher;
  final Cycle cycle;
  private final StringBuilder text = new StringBuilder();

  private Workspace(RandomGenerator random, PromptHasher hasher) {
    this.hasher = hasher;
    cycle = new Cycle(random);
  }

  /** Returns an empty text. */
  StringBuilder text() {
    text.setLength(0);
    return text;
  }

  /** The cycle refers to its last request, so the body counts as well as what has grown. */
  private boolean isSmall(int bodyBytes) {
    return bodyBytes <= MAX_KEPT
        && text.capacity() <= MAX_KEPT
        && tokens.ids().length <= MAX_KEPT
        && chain.hashes().length <= MAX_KEPT;
  }

  /**
   * Idle workspaces. At most as many are kept as there are slots, and none that has seen a request
   * larger than {@link #MAX_KEPT}; who finds none makes a new one.
   *
   * <p>slot | written by (getAndSet) | read by (getAndSet) | enough because taking empties it: a
   * workspace has one owner at a time, and the exchange publishes what the last owner wrote.
   */
  static final class Pool {
    private static final int SLOTS = 64;

    private final AtomicReferenceArray<@Nullable Workspace> idle =
        new AtomicReferenceArray<>(SLOTS);
    private final Supplier<? extends RandomGenerator> randoms;
    private final Supplier<PromptHasher> hashers;

    Pool(Supplier<? extends RandomGenerator> randoms, Supplier<PromptHasher> hashers) {
      this.randoms = randoms;
      this.hashers = hashers;
    }

    /** Lends a workspace for one piece of work on a request whose body has so many bytes. */
    <T extends @Nullable Object> T use(int bodyBytes, Function<Workspace, T> work) {
      Workspace workspace = take();
      try {
        return work.apply(workspace);
      } finally {
        give(workspace, bodyBytes);
      }
    }

    Workspace take() {
      for (int i = 0; i < SLOTS; i++) {
        if (idle.getPlain(i) != null) {
          Workspace found = idle.getAndSet(i, null);
          if (found != null) {
            return found;
          }
        }
      }
      return new Workspace(randoms.get(), hashers.get());
    }

    void give(Workspace workspace, int bodyBytes) {
      if (!workspace.isSmall(bodyBytes)) {
        return;
      }
      for (int i = 0; i < SLOTS; i++) {
        if (idle.getPlain(i) == null && idle.compareAndSet(i, null, workspace)) {
          return;
        }
      }
    }
  }
}
