import { status } from '@grpc/grpc-js';
import { Catch, Inject } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { of, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { problemOf } from '../http/problem.js';
import { countRejected, isDenied } from '../limits/rejected-calls.js';
import { callErrorOf } from './call-error.js';
import { streamCallOf } from './stream-call.js';

@Catch()
export class CallErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): Observable<unknown> {
    const callError = callErrorOf(error);
    const problem = problemOf(error);
    if (callError.code === status.INTERNAL) this.logger.error({ err: error }, 'call failed');
    else if (isDenied(problem.status)) this.logger.info({ code: problem.code }, problem.detail);
    countRejected('grpc', problem);
    const stream = streamCallOf(host);
    if (stream === null) return throwError(() => callError);
    // Nest does not pass the error of a stream's handler on.
    stream.answer(callError);
    return of(null);
  }
}
