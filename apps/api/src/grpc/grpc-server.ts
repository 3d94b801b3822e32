import { applyDecorators, Controller, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { Transport } from '@nestjs/microservices';
import type { GrpcOptions } from '@nestjs/microservices';
import { bridgeProtoPath, PROTO_LOADER_OPTIONS } from '@reunite/contracts';
import { observedCalls } from '@reunite/platform';
import type { WatchedIdentity } from '@reunite/platform';
import { CODE_TRAILER } from '@reunite/vault-client';
import { ActivityInterceptor } from '../activity/activity.interceptor.js';
import { AuthGuard } from '../auth/auth.guard.js';
import { CallErrorFilter } from './call-error.filter.js';
import { limitStreamMessages, StreamCallInterceptor } from './stream-call.js';
import { isTooLargeUploadMessage, UPLOAD_METHOD } from './upload-stream.js';

/** A controller of bridge.proto, with the guard and the activity log of HTTP, and errors as gRPC statuses. */
export const GrpcController = () =>
  applyDecorators(
    Controller(),
    UseGuards(AuthGuard),
    UseInterceptors(StreamCallInterceptor, ActivityInterceptor),
    UseFilters(CallErrorFilter),
  );

export const bridgePackage = 'reunite.bridge.v1';

export interface GrpcServerSettings {
  readonly address: string;
  readonly identity: WatchedIdentity;
  readonly maxRequestBytes: number;
  readonly maxConnectionSeconds: number;
  /** Of one connection. */
  readonly maxConcurrentCalls: number;
}

/** Options of the gRPC server. Mutual TLS authenticates the calling service; the token in the metadata, its user. */
export function grpcOptions({
  address,
  identity,
  maxRequestBytes,
  maxConnectionSeconds,
  maxConcurrentCalls,
}: GrpcServerSettings): GrpcOptions {
  return {
    transport: Transport.GRPC,
    options: {
      package: bridgePackage,
      protoPath: bridgeProtoPath,
      url: address,
      credentials: identity.serverCredentials(),
      channelOptions: {
        'grpc.max_connection_age_ms': maxConnectionSeconds * 1_000,
        'grpc.max_concurrent_streams': maxConcurrentCalls,
        interceptors: [observedCalls(CODE_TRAILER), limitStreamMessages(UPLOAD_METHOD, isTooLargeUploadMessage)],
      },
      loader: PROTO_LOADER_OPTIONS,
      maxReceiveMessageLength: maxRequestBytes,
    },
  };
}
