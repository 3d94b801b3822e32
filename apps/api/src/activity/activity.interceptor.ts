import { Readable } from 'node:stream';
import type { Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import { Inject, Injectable, SetMetadata } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ActivityLog } from '@reunite/database';
import type { ActivityRecord } from '@reunite/database';
import type { FastifyRequest } from 'fastify';
import { catchError, from, mergeMap, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { callerOf } from '../auth/access.decorators.js';
import { streamCallOf } from '../grpc/stream-call.js';
import { problemOf } from '../http/problem.js';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';

export const ACTION = Symbol('action');

/** The call changes something: it is recorded under this name in the activity log. */
export const Records = (action: string) => SetMetadata(ACTION, action);

/** Fields of a request that describe its target and are not secret. */
const DETAILS = ['branch', 'newBranch', 'name', 'headBranch', 'baseBranch', 'login'];
const MAX_DETAIL = 200;

type Fields = Readonly<Record<string, unknown>>;
type GrpcCall = Pick<ServerUnaryCall<unknown, unknown>, 'getPeer'> & { readonly metadata: Metadata };

/** Records each call of a handler with {@link Records} when it finishes or fails. */
@Injectable()
export class ActivityInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly log: ActivityLog,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const action = this.reflector.get<string | undefined>(ACTION, context.getHandler());
    if (action === undefined) return next.handle();
    return next.handle().pipe(
      mergeMap(async (result: unknown) => {
        await this.record(context, action, 'ok', result);
        return result;
      }),
      catchError((error: unknown) =>
        from(this.record(context, action, problemOf(error).code, null)).pipe(mergeMap(() => throwError(() => error))),
      ),
    );
  }

  /** The change is committed, so a failure to record it is logged and not returned. */
  private async record(context: ExecutionContext, action: string, outcome: string, result: unknown): Promise<void> {
    const caller = callerOf(context);
    const request = requestOf(context);
    try {
      await this.log.add({
        organizationId: caller.organizationId,
        subject: caller.subject,
        name: caller.name,
        sessionId: caller.sessionId,
        action,
        outcome,
        target: targetOf(request.fields, result),
        details: detailsOf(request.fields),
        protocol: request.protocol,
        address: request.address,
      });
    } catch (error) {
      this.logger.error({ err: error, action, outcome, subject: caller.subject }, 'activity not recorded');
    }
  }
}

interface RecordedRequest extends Pick<ActivityRecord, 'protocol' | 'address'> {
  readonly fields: Fields;
}

function requestOf(context: ExecutionContext): RecordedRequest {
  if (context.getType() === 'rpc') {
    const stream = streamCallOf(context);
    if (stream !== null) return { protocol: 'grpc', address: stream.call.getPeer(), fields: {} };
    const call = context.getArgByIndex<GrpcCall>(2);
    return { protocol: 'grpc', address: call.getPeer(), fields: context.switchToRpc().getData<Fields>() };
  }
  const { params, query, body, ip } = context.switchToHttp().getRequest<FastifyRequest>();
  return { protocol: 'http', address: ip, fields: { ...fieldsOf(body), ...fieldsOf(query), ...fieldsOf(params) } };
}

function fieldsOf(value: unknown): Fields {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Readable);
  return isRecord ? (value as Fields) : {};
}

/** The id in the request, with the number of the pull request; for a new thing, the id in the response. */
function targetOf(request: Fields, result: unknown): string | null {
  const { id, number } = request;
  if (typeof id === 'string' && id !== '') {
    return typeof number === 'number' || typeof number === 'string' ? `${id}#${number}` : id;
  }
  const created = fieldsOf(result);
  const createdId = created['id'] ?? created['connectionId'];
  return typeof createdId === 'string' ? createdId : null;
}

function detailsOf(request: Fields): Record<string, string> {
  const details = DETAILS.flatMap((key) => {
    const value = request[key];
    return typeof value === 'string' && value !== '' ? [[key, value.slice(0, MAX_DETAIL)] as const] : [];
  });
  return Object.fromEntries(details);
}
