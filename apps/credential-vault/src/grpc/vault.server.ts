import { Server } from '@grpc/grpc-js';
import type { handleUnaryCall, ServerCredentials, ServerUnaryCall, UntypedHandleCall } from '@grpc/grpc-js';
import { Inject, Injectable } from '@nestjs/common';
import { isCoded } from '@reunite/contracts';
import type { VaultMethod } from '@reunite/contracts';
import { vaultServiceDefinition } from '@reunite/vault-client';
import { authorize } from '../access/access.js';
import { CallerIdentity } from '../access/caller-identity.js';
import { CallerLimit } from '../access/caller-limit.js';
import { CallerLimitedError } from '../access/caller-limited.error.js';
import { AuditLog } from '../audit/audit-log.js';
import { CallRecord } from '../audit/call-record.js';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { codeOf, toCallError } from './error-status.js';
import { parseRequest } from './requests.js';
import { VaultHandlers } from './vault-handlers.js';

type Call = ServerUnaryCall<Record<string, unknown>, unknown>;

const MAX_REQUEST_BYTES = 65_536;
const LAST_CALLS_MS = 10_000;
/** A connection that has to end lets its calls come to their end; the longest that a client waits for one is 60 s. */
const GRACE_MS = 65_000;

/**
 * The gRPC server: mutual TLS, and for every call who is it, may it, what came of it. It is grpc-js's own and not Nest's
 * transport, because that hides the port that was bound and has no one place around a call.
 */
@Injectable()
export class VaultServer {
  private readonly callers = new CallerIdentity();
  private server: Server | undefined;

  constructor(
    private readonly handlers: VaultHandlers,
    private readonly audit: AuditLog,
    private readonly limit: CallerLimit,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @param maxConnectionAgeMs a certificate is looked at when a connection is made: how long one goes on whose authority
   *   was replaced
   * @returns the port
   */
  async listen(address: string, credentials: ServerCredentials, maxConnectionAgeMs: number): Promise<number> {
    const server = new Server({
      'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
      'grpc.max_connection_age_ms': maxConnectionAgeMs,
      'grpc.max_connection_age_grace_ms': GRACE_MS,
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

  /** Takes no more calls and lets those that run come to their end. */
  async close(): Promise<void> {
    const server = this.server;
    if (!server) return;
    const force = setTimeout(() => server.forceShutdown(), LAST_CALLS_MS);
    await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    clearTimeout(force);
  }

  private async answer(method: VaultMethod, call: Call): Promise<object> {
    const caller = this.callers.of(call);
    const record = new CallRecord(this.audit, caller ?? 'unknown', method);
    // Until the caller is believed, what it says of itself is only noted, and in no organization's chain.
    record.scope = { organizationId: excerpt(call.request['organizationId']) };
    record.connectionId = excerpt(call.request['connectionId']);
    try {
      // Before anything else, so that a caller that is refused is limited, too.
      this.limit.take(caller ?? 'unknown');
      authorize(caller, method);
      const request = parseRequest(method, call.request);
      record.organizationId = request.organizationId;
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
    if (error instanceof CallerLimitedError) {
      if (error.refused === 0) return;
      record.scope = { refused: error.refused };
    }
    const code = codeOf(error);
    const fields = { method, connectionId: record.connectionId, code };
    if (isCoded(error)) this.logger.warn(fields, error.message);
    // The stack only: other fields of a foreign error, such as a query's parameters, are nobody's business.
    else this.logger.error({ ...fields, stack: error instanceof Error ? error.stack : String(error) }, 'call failed');
    await record.fail(code).catch((failure: unknown) => {
      this.logger.error({ ...fields, failure: String(failure) }, 'the failed call could not be audited');
    });
  }
}

/** Of what nobody has checked yet; PostgreSQL takes neither NUL nor half a character. */
function excerpt(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.slice(0, 200).replace(/[\p{Cc}\p{Cs}]/gu, '\u{fffd}');
}
