package io.warmpath;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.warmpath.block.BlockHasher;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WorkspaceTest {

  private final Workspace.Pool pool =
      new Workspace.Pool(SplittableRandom::new, PromptHasher.own(BlockHasher.keyed(1)));
  private final Workspace workspace = pool.take();

  @Test
  void aWorkspaceIsUsedAgain() {
    workspace.text().append("x".repeat(Workspace.MAX_KEPT / 2));
    pool.give(workspace, Workspace.MAX_KEPT);

    assertSame(workspace, pool.take());
    assertNotSame(workspace, pool.take());
  }

  @Test
  void aWorkspaceThatRefersToALargeBodyIsNotKept() {
    pool.give(workspace, Workspace.MAX_KEPT + 1);

    assertNotSame(workspace, pool.take());
  }

  @Test
  void aWorkspaceThatHeldALongTextIsNotKept() {
    workspace.text().append("x".repeat(Workspace.MAX_KEPT + 1));
    pool.give(workspace, 1);

    assertNotSame(workspace, pool.take());
  }

  @Test
  void aWorkspaceThatHeldManyTokensIsNotKept() {
    workspace.tokens.add(new int[Workspace.MAX_KEPT + 1], 0, Workspace.MAX_KEPT + 1);
    pool.give(workspace, 1);

    assertNotSame(workspace, pool.take());
  }

  @Test
  void aWorkspaceThatHeldManyBlocksIsNotKept() {
    for (int i = 0; i <= Workspace.MAX_KEPT; i++) {
      workspace.chain.add(i);
    }
    pool.give(workspace, 1);

    assertNotSame(workspace, pool.take());
  }
}
