import { Server } from '@grpc/grpc-js';
import type { handleUnaryCall, ServerCredentials, ServerUnaryCall, UntypedHandleCall } from '@grpc/grpc-js';
import { Inject, Injectable } from '@nestjs/common';
import { isCoded } from '@reunite/contracts';
import type { VaultMethod } from '@reunite/contracts';
import { observedCalls } from '@reunite/platform';
import { addLogFields, addSpanIds } from '@reunite/telemetry';
import { CODE_TRAILER, vaultServiceDefinition } from '@reunite/vault-client';
import { authorize } from '../access/access.js';
import { CallerIdentity } from '../access/caller-identity.js';
import { CallRateLimitedError } from '../access/rate-limited.error.js';
import { RATE_LIMITS } from '../access/rate-limits.js';
import type { RateLimits } from '../access/rate-limits.js';
import { AuditLog } from '../audit/audit-log.js';
import { CallRecord } from '../audit/call-record.js';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { countUnaudited } from '../vault-metrics.js';
import { codeOf, toCallError } from './error-status.js';
import { parseRequest } from './requests.js';
import { VaultHandlers } from './vault-handlers.js';

type Call = ServerUnaryCall<Record<string, unknown>, unknown>;

/** A connection profile has up to three texts with certificates, 64 KB each. */
const MAX_REQUEST_BYTES = 262_144;
/** Time in ms that running calls have to finish on shutdown. */
const SHUTDOWN_MS = 10_000;
/**
 * Time in ms that running calls have to finish on a connection that reached its maximum age. Clients wait at most 60 s.
 */
const GRACE_MS = 65_000;

/**
 * The gRPC server: mutual TLS and, around every call, authentication, rate limits, authorization and audit. It uses
 * grpc-js directly, because Nest's transport hides the bound port and has no single place around a call.
 */
@Injectable()
export class VaultServer {
  private readonly callers = new CallerIdentity();
  private server: Server | undefined;

  constructor(
    private readonly handlers: VaultHandlers,
    private readonly audit: AuditLog,
    @Inject(RATE_LIMITS) private readonly limits: RateLimits,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @param maxConnectionAgeMs maximum age of a connection. Certificates are verified when a connection opens, so this
   *   bounds how long one outlives the replacement of its authority.
   * @returns the port
   */
  async listen(address: string, credentials: ServerCredentials, maxConnectionAgeMs: number): Promise<number> {
    const server = new Server({
      'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
      'grpc.max_connection_age_ms': maxConnectionAgeMs,
      'grpc.max_connection_age_grace_ms': GRACE_MS,
      interceptors: [observedCalls(CODE_TRAILER)],
    });
    this.server = server;
    const service = vaultServiceDefinition();
    const handlers = Object.values(service).map(({ originalName }) => {
      const method = originalName as VaultMethod;
      const handler: handleUnaryCall<Record<string, unknown>, unknown> = (call, callback) => {
        this.answer(method, call).then(
          (response) => callback(null, response),
          (error: unknown) => callback(toCallError(error)),
        );
      };
      return [method, handler] as const;
    });
    server.addService(service, Object.fromEntries<UntypedHandleCall>(handlers));
    return new Promise((resolve, reject) => {
      server.bindAsync(address, credentials, (error, port) => (error ? reject(error) : resolve(port)));
    });
  }

  /** Rejects new calls and waits for running ones. */
  async close(): Promise<void> {
    const server = this.server;
    if (!server) return;
    const force = setTimeout(() => server.forceShutdown(), SHUTDOWN_MS);
    await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    clearTimeout(force);
  }

  private async answer(method: VaultMethod, call: Call): Promise<object> {
    const caller = this.callers.of(call);
    const record = new CallRecord(this.audit, caller ?? 'unknown', method, cancellationOf(call));
    // Until the caller is authorized, its claims are recorded without an organization's chain.
    record.scope = { organizationId: excerpt(call.request['organizationId']) };
    record.connectionId = excerpt(call.request['connectionId']);
    try {
      // Before authorization, so that denied calls are limited too.
      await this.limits.services.consume(caller ?? 'unknown');
      authorize(caller, method);
      const request = parseRequest(method, call.request);
      record.organizationId = request.organizationId;
      addIds(record);
      if (request.organizationId !== '') await this.limits.organizations.consume(request.organizationId);
      record.subject = request.subject ?? '';
      record.scope = {};
      const response = await this.handlers.handle(method, request, record);
      await record.succeed();
      return response;
    } catch (error) {
      await this.failed(method, record, error);
      throw error;
    }
  }

  private async failed(method: VaultMethod, record: CallRecord, error: unknown): Promise<void> {
    if (error instanceof CallRateLimitedError) {
      if (error.rejected === 0) return;
      record.scope = { rejected: error.rejected };
    }
    const code = codeOf(error);
    const fields = { method, connectionId: record.connectionId, code };
    if (isCoded(error)) this.logger.warn(fields, error.message);
    // Only the stack: other fields of a foreign error, such as a query's parameters, may contain secrets.
    else this.logger.error({ ...fields, stack: error instanceof Error ? error.stack : String(error) }, 'call failed');
    await record.fail(code).catch((failure: unknown) => {
      countUnaudited();
      this.logger.error({ ...fields, failure: String(failure) }, 'failed call not audited');
    });
  }
}

function addIds({ organizationId, connectionId }: CallRecord): void {
  const ids = {
    ...(organizationId !== '' && { organization: organizationId }),
    ...(connectionId !== null && { connection: connectionId }),
  };
  addLogFields(ids);
  addSpanIds(ids);
}

/** Aborts when the caller cancels the call or its deadline passes, so that no server request outlives its caller. */
function cancellationOf(call: Call): AbortSignal {
  const controller = new AbortController();
  call.once('cancelled', () => controller.abort());
  return controller.signal;
}

/** Bounds an unvalidated value. PostgreSQL rejects NUL and lone surrogates. */
function excerpt(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.slice(0, 200).replace(/[\p{Cc}\p{Cs}]/gu, '\u{fffd}');
}
