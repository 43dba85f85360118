package io.warmpath.envoy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.warmpath.DestinationHeaders;
import io.warmpath.envoy.proto.BaseProto;
import io.warmpath.envoy.proto.ExternalProcessorProto;
import io.warmpath.envoy.proto.HttpStatusProto;
import io.warmpath.envoy.proto.ProcessingModeProto;
import io.warmpath.envoy.proto.ProcessingRequest;
import io.warmpath.envoy.proto.StreamedBodyResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Our trimmed protos against all of Envoy's, as its own project publishes them. */
class ProtoTest {

  private static final List<FileDescriptor> OURS = List.of(
      ExternalProcessorProto.getDescriptor(),
      BaseProto.getDescriptor(),
      HttpStatusProto.getDescriptor(),
      ProcessingModeProto.getDescriptor());

  private static final List<FileDescriptor> THEIRS = List.of(
      io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorProto.getDescriptor(),
      io.envoyproxy.envoy.config.core.v3.BaseProto.getDescriptor(),
      io.envoyproxy.envoy.type.v3.HttpStatusProto.getDescriptor(),
      io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingModeProto.getDescriptor());

  @Test
  void theServiceIsEnvoys() {
    MethodDescriptor ours =
        OURS.get(0).findServiceByName("ExternalProcessor").findMethodByName("Process");
    MethodDescriptor theirs =
        THEIRS.get(0).findServiceByName("ExternalProcessor").findMethodByName("Process");

    assertEquals(theirs.getFullName(), ours.getFullName());
    assertEquals(theirs.getInputType().getFullName(), ours.getInputType().getFullName());
    assertEquals(theirs.getOutputType().getFullName(), ours.getOutputType().getFullName());
    assertEquals(theirs.isClientStreaming(), ours.isClientStreaming());
    assertEquals(theirs.isServerStreaming(), ours.isServerStreaming());
    assertEquals(
        "envoy.service.ext_proc.v3.ExternalProcessor/Process", ExtProc.PROCESS.getFullMethodName());
  }

  @Test
  void everyMessageAndFieldIsEnvoys() {
    for (int i = 0; i < OURS.size(); i++) {
      FileDescriptor theirs = THEIRS.get(i);
      assertEquals(theirs.getPackage(), OURS.get(i).getPackage());
      for (Descriptor message : OURS.get(i).getMessageTypes()) {
        compare(message, theirs.findMessageTypeByName(message.getName()));
      }
      for (EnumDescriptor values : OURS.get(i).getEnumTypes()) {
        compare(values, theirs.findEnumTypeByName(values.getName()));
      }
    }
  }

  private static void compare(Descriptor ours, Descriptor theirs) {
    assertNotNull(theirs, ours.getFullName());
    for (FieldDescriptor field : ours.getFields()) {
      FieldDescriptor other = theirs.findFieldByName(field.getName());
      String name = field.getFullName();
      assertNotNull(other, name);
      assertEquals(other.getNumber(), field.getNumber(), name);
      assertEquals(other.getType(), field.getType(), name);
      assertEquals(other.isRepeated(), field.isRepeated(), name);
      assertEquals(other.isMapField(), field.isMapField(), name);
      assertEquals(other.getContainingOneof() == null, field.getContainingOneof() == null, name);
      assertEquals(typeName(other), typeName(field), name);
    }
    ours.getEnumTypes()
        .forEach(values -> compare(values, theirs.findEnumTypeByName(values.getName())));
    ours.getNestedTypes()
        .forEach(nested -> compare(nested, theirs.findNestedTypeByName(nested.getName())));
  }

  private static String typeName(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> field.getMessageType().getFullName();
      case ENUM -> field.getEnumType().getFullName();
      default -> field.getJavaType().name();
    };
  }

  private static void compare(EnumDescriptor ours, EnumDescriptor theirs) {
    assertNotNull(theirs, ours.getFullName());
    for (EnumValueDescriptor value : ours.getValues()) {
      EnumValueDescriptor other = theirs.findValueByName(value.getName());
      assertNotNull(other, value.getFullName());
      assertEquals(other.getNumber(), value.getNumber(), value.getFullName());
    }
  }

  @Test
  void ourAnswersAreReadAsTheyWereMeant() throws Exception {
    byte[] bytes = Answers.requestHeaders(
            Map.of(DestinationHeaders.DESTINATION, "10.0.0.1:8000"), List.of("accept-encoding"))
        .toByteArray();

    io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse read =
        io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse.parseFrom(bytes);

    io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse response =
        read.getRequestHeaders().getResponse();
    assertEquals(true, response.getClearRouteCache());
    assertEquals(
        "10.0.0.1:8000",
        response.getHeaderMutation().getSetHeaders(0).getHeader().getRawValue().toStringUtf8());
    assertEquals("accept-encoding", response.getHeaderMutation().getRemoveHeaders(0));
    assertEquals(
        "10.0.0.1:8000",
        read.getDynamicMetadata()
            .getFieldsOrThrow("envoy.lb")
            .getStructValue()
            .getFieldsOrThrow("x-gateway-destination-endpoint")
            .getStringValue());
    assertArrayEquals(bytes, read.toByteArray());
  }

  @Test
  void envoysMessagesAreReadAsTheyWereMeant() throws Exception {
    byte[] bytes = io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest.newBuilder()
        .setRequestBody(io.envoyproxy.envoy.service.ext_proc.v3.HttpBody.newBuilder()
            .setBody(ByteString.copyFromUtf8("{}"))
            .setEndOfStream(true))
        .setProtocolConfig(
            io.envoyproxy.envoy.service.ext_proc.v3.ProtocolConfiguration.newBuilder()
                .setSendBodyWithoutWaitingForHeaderResponse(true)
                .setRequestBodyModeValue(4))
        .build()
        .toByteArray();

    ProcessingRequest read = ProcessingRequest.parseFrom(bytes);

    assertEquals("{}", read.getRequestBody().getBody().toStringUtf8());
    assertEquals(true, read.getRequestBody().getEndOfStream());
    assertEquals(
        "FULL_DUPLEX_STREAMED", read.getProtocolConfig().getRequestBodyMode().name());
  }

  @Test
  void bodiesAreCutIntoPiecesThatEnvoyTakes() {
    byte[] body = new byte[2 * Answers.MAX_PIECE_BYTES + 1];
    List<StreamedBodyResponse> pieces = new java.util.ArrayList<>();

    Answers.pieces(ByteString.copyFrom(body), true, pieces::add);

    assertEquals(
        List.of(Answers.MAX_PIECE_BYTES, Answers.MAX_PIECE_BYTES, 1),
        pieces.stream().map(piece -> piece.getBody().size()).toList());
    assertEquals(
        List.of(false, false, true),
        pieces.stream().map(StreamedBodyResponse::getEndOfStream).toList());
  }

  @Test
  void anEmptyLastPieceIsStillALastPiece() {
    List<StreamedBodyResponse> pieces = new java.util.ArrayList<>();

    Answers.pieces(ByteString.EMPTY, true, pieces::add);

    assertEquals(1, pieces.size());
    assertEquals(true, pieces.get(0).getEndOfStream());
  }
}
