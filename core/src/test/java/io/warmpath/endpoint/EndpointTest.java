package io.warmpath.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointTest {

  private final List<Endpoint> dropped = new ArrayList<>();
  private final EndpointRegistry registry =
      new EndpointRegistry(e -> e.port(), dropped::add, metrics -> {});

  @Test
  void anAddressIsReadAndWrittenAlikeForNamesAndIpVersions() {
    for (String address : List.of("pod-1:8000", "10.0.0.7:8000", "[fd00::7]:8000")) {
      assertEquals(address, Endpoint.of(address).address());
    }
    assertEquals("fd00::7", Endpoint.of("[fd00::7]:8000").host());
  }

  @Test
  void anAddressWithoutAPortIsRefusedWithTheFix() {
    var e = assertThrows(IllegalArgumentException.class, () -> Endpoint.of("pod-1"));

    assertEquals("endpoint 'pod-1' has no port; write host:port", e.getMessage());
  }

  @Test
  void aPartOutOfRangeIsNamed() {
    var port = assertThrows(IllegalArgumentException.class, () -> new Endpoint("p", "h", 70000, 0));
    var rank = assertThrows(IllegalArgumentException.class, () -> new Endpoint("p", "h", 80, -1));

    assertEquals("endpoint 'p': port must be in [1, 65535], was 70000", port.getMessage());
    assertEquals("endpoint 'p': rank must be at least 0, was -1", rank.getMessage());
  }

  @Test
  void aHostWithAPortOrBracketsIsRefusedAtOnce() {
    for (String host : List.of("10.0.0.7:8000", "pod:x", ":1", "[fd00::7]")) {
      var e = assertThrows(IllegalArgumentException.class, () -> new Endpoint("p", host, 80, 0));

      assertEquals(
          "endpoint 'p': host must be a name or an IP address, without brackets and port, was '"
              + host + "'",
          e.getMessage());
    }
    assertEquals("[fd00::7]:80", new Endpoint("p", "fd00::7", 80, 0).address());
  }

  @Test
  void addingTwiceKeepsTheState() {
    EndpointState state = registry.add(Endpoint.of("h:1"));

    assertSame(state, registry.add(Endpoint.of("h:1")));
    assertEquals(1, registry.states().size());
  }

  @Test
  void removingTellsWhoDropsTheBlocks() {
    registry.add(Endpoint.of("h:1"));

    assertTrue(registry.remove(Endpoint.of("h:1")));
    assertFalse(registry.remove(Endpoint.of("h:1")));
    assertEquals(List.of(Endpoint.of("h:1")), dropped);
    assertTrue(registry.states().isEmpty());
  }

  @Test
  void onlyWhatIsNotRegisteredIsForgottenAgain() {
    EndpointState state = registry.add(Endpoint.of("h:1"));
    registry.forgetIfRemoved(Endpoint.of("h:1"));
    assertEquals(List.of(), dropped);
    assertFalse(state.isRemoved());

    registry.remove(Endpoint.of("h:1"));
    registry.forgetIfRemoved(Endpoint.of("h:1"));

    assertTrue(state.isRemoved());
    assertEquals(List.of(Endpoint.of("h:1"), Endpoint.of("h:1")), dropped);
  }

  @Test
  void anUnreachableEndpointIsAvoidedForAWhileOrUntilItAnswers() {
    EndpointState state = registry.add(Endpoint.of("h:1"));
    state.unreachable(100);
    assertTrue(state.isAvoided(99));
    assertFalse(state.isAvoided(100));

    state.unreachable(200);
    state.reachable();
    assertFalse(state.isAvoided(150));
    assertEquals(2, state.failures());
  }
}
