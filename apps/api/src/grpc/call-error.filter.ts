import { status } from '@grpc/grpc-js';
import { Catch, Inject } from '@nestjs/common';
import type { ExceptionFilter } from '@nestjs/common';
import { throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { problemOf } from '../http/problem.js';
import { countRejected, isDenied } from '../limits/rejected-calls.js';
import { callErrorOf } from './call-error.js';

@Catch()
export class CallErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown): Observable<never> {
    const callError = callErrorOf(error);
    const problem = problemOf(error);
    if (callError.code === status.INTERNAL) this.logger.error({ err: error }, 'call failed');
    else if (isDenied(problem.status)) this.logger.info({ code: problem.code }, problem.detail);
    countRejected('grpc', problem);
    return throwError(() => callError);
  }
}
