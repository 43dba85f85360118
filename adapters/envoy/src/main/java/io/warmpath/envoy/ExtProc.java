package io.warmpath.envoy;

import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.warmpath.envoy.proto.HealthCheckRequest;
import io.warmpath.envoy.proto.HealthCheckResponse;
import io.warmpath.envoy.proto.ProcessingRequest;
import io.warmpath.envoy.proto.ProcessingResponse;

/** The gRPC methods that Envoy calls. */
final class ExtProc {

  static final String SERVICE = "envoy.service.ext_proc.v3.ExternalProcessor";
  static final String HEALTH_SERVICE = "grpc.health.v1.Health";

  static final MethodDescriptor<ProcessingRequest, ProcessingResponse> PROCESS =
      MethodDescriptor.<ProcessingRequest, ProcessingResponse>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Process"))
          .setRequestMarshaller(ProtoUtils.marshaller(ProcessingRequest.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(ProcessingResponse.getDefaultInstance()))
          .build();

  static final MethodDescriptor<HealthCheckRequest, HealthCheckResponse> CHECK =
      MethodDescriptor.<HealthCheckRequest, HealthCheckResponse>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName(MethodDescriptor.generateFullMethodName(HEALTH_SERVICE, "Check"))
          .setRequestMarshaller(ProtoUtils.marshaller(HealthCheckRequest.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(HealthCheckResponse.getDefaultInstance()))
          .build();

  private ExtProc() {}
}
