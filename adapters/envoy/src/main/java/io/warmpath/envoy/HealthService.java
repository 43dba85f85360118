package io.warmpath.envoy;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.warmpath.envoy.proto.HealthCheckRequest;
import io.warmpath.envoy.proto.HealthCheckResponse;
import io.warmpath.envoy.proto.HealthCheckResponse.ServingStatus;
import java.util.function.BooleanSupplier;

/**
 * gRPC's health service. Any service name is answered, as by llm-d's picker, because gateways ask for
 * different ones; {@code liveness} is always well, all others are as ready as the picker.
 */
final class HealthService implements BindableService {

  private static final String LIVENESS = "liveness";

  private final BooleanSupplier ready;

  HealthService(BooleanSupplier ready) {
    this.ready = ready;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(ExtProc.HEALTH_SERVICE)
        .addMethod(ExtProc.CHECK, ServerCalls.asyncUnaryCall(this::check))
        .build();
  }

  private void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> out) {
    boolean serving = request.getService().equals(LIVENESS) || ready.getAsBoolean();
    out.onNext(HealthCheckResponse.newBuilder()
        .setStatus(serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING)
        .build());
    out.onCompleted();
  }
}
