import { applyDecorators, Controller, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { Transport } from '@nestjs/microservices';
import type { GrpcOptions } from '@nestjs/microservices';
import { bridgeProtoPath } from '@reunite/contracts';
import type { WatchedIdentity } from '@reunite/platform';
import { ActivityInterceptor } from '../activity/activity.interceptor.js';
import { AuthGuard } from '../auth/auth.guard.js';
import { CallErrorFilter } from './call-error.filter.js';

/** A controller of bridge.proto: the same guard as HTTP's, and errors in gRPC's words. */
export const GrpcDoor = () =>
  applyDecorators(
    Controller(),
    UseGuards(AuthGuard),
    UseInterceptors(ActivityInterceptor),
    UseFilters(CallErrorFilter),
  );

export const bridgePackage = 'reunite.bridge.v1';
export const bridgeLoader = { keepCase: false, longs: Number, defaults: true, arrays: true };

export interface GrpcDoorSettings {
  readonly address: string;
  readonly identity: WatchedIdentity;
  readonly maxRequestBytes: number;
  readonly maxConnectionSeconds: number;
  /** Of one connection. */
  readonly maxConcurrentCalls: number;
}

/** Mutual TLS: a caller is a service of ours, and the person it calls for is in the token. */
export function grpcOptions({
  address,
  identity,
  maxRequestBytes,
  maxConnectionSeconds,
  maxConcurrentCalls,
}: GrpcDoorSettings): GrpcOptions {
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
      },
      loader: bridgeLoader,
      maxReceiveMessageLength: maxRequestBytes,
    },
  };
}
