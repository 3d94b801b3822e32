import type { Metadata } from '@grpc/grpc-js';
import { createParamDecorator, Injectable, UseInterceptors } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { InvalidInputError } from '@reunite/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tap } from 'rxjs';
import type { Observable } from 'rxjs';
import type { ExpectedVersion } from '../application/precondition.error.js';

/**
 * Parses `If-Match`: an ETag of ours, which is the version of the object in quotes, or `*`.
 *
 * @throws InvalidInputError
 */
export function expectedVersion(ifMatch: string | undefined): ExpectedVersion {
  if (ifMatch === undefined) return null;
  if (ifMatch === '*') return 'any';
  const [, version] = /^"(\d{1,15})"$/.exec(ifMatch) ?? [];
  if (version === undefined) throw new InvalidInputError('Send the ETag of the object unchanged as If-Match.');
  return Number(version);
}

/** `If-Match` of a request: the HTTP header, or the metadata `if-match` of a gRPC call. */
export const IfMatch = createParamDecorator((_data: unknown, context: ExecutionContext): ExpectedVersion => {
  if (context.getType() === 'rpc') {
    return expectedVersion(context.switchToRpc().getContext<Metadata>().get('if-match')[0]?.toString());
  }
  return expectedVersion(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']);
});

/** Answers the `version` of the object as its ETag. */
@Injectable()
class VersionInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<{ readonly version: number }>): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(tap(({ version }) => void reply.header('etag', `"${version}"`)));
  }
}

export const AnswersEtag = () => UseInterceptors(VersionInterceptor);
