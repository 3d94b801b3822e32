import { status } from '@grpc/grpc-js';
import type { Metadata } from '@grpc/grpc-js';
import { Catch, Inject } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { of, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { problemOf } from '../http/problem.js';
import { REQUEST_ID_HEADER, requestIdOf } from '../http/request-ids.js';
import { countRejected, isDenied } from '../limits/rejected-calls.js';
import { callErrorOf } from './call-error.js';
import { streamCallOf } from './stream-call.js';

@Catch()
export class CallErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): Observable<unknown> {
    const callError = callErrorOf(error);
    const problem = problemOf(error);
    const requestId = requestIdOfCall(host);
    callError.metadata.set(REQUEST_ID_HEADER, requestId);
    if (callError.code === status.INTERNAL) this.logger.error({ requestId, err: error }, 'call failed');
    else if (isDenied(problem.status)) this.logger.info({ requestId, code: problem.code }, problem.detail);
    countRejected('grpc', problem);
    const stream = streamCallOf(host);
    if (stream === null) return throwError(() => callError);
    // Nest does not pass the error of a stream's handler on.
    stream.answer(callError);
    return of(null);
  }
}

/** The id that the metadata of the call has, or a new one. */
function requestIdOfCall(host: ArgumentsHost): string {
  const metadata = streamCallOf(host)?.call.metadata ?? host.switchToRpc().getContext<Metadata>();
  return requestIdOf(metadata.get(REQUEST_ID_HEADER)[0]);
}
