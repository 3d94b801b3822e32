import { Catch, HttpException, Inject } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { RateLimitedError } from '../limits/rate-limited.error.js';
import { countRejected, isDenied } from '../limits/rejected-calls.js';
import { SETTINGS } from '../settings.js';
import type { ApiSettings } from '../settings.js';
import { problemOf } from './problem.js';

/** Every error as `application/problem+json` (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (isReadiness(error)) {
      void reply.code(error.getStatus()).send(error.getResponse());
      return;
    }
    const problem = problemOf(error, this.settings.publicUrl);
    const { method, routeOptions } = request;
    const fields = {
      requestId: request.id,
      method,
      route: routeOptions.url,
      code: problem.code,
      status: problem.status,
    };
    // A failure of another service (502 to 504) is described by its message; only our own needs a stack.
    if (problem.status === 500) this.logger.error({ ...fields, err: error }, 'request failed');
    else this.logger[levelOf(problem.status)]({ ...fields, address: request.ip }, problem.detail);
    countRejected('http', problem);
    // The rest of such a body is not worth reading.
    if (problem.status === 413) reply.header('connection', 'close');
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    if (error instanceof RateLimitedError) reply.header('retry-after', String(error.retryAfterSeconds));
    else if (problem.status === 503) reply.header('retry-after', '5');
    void reply.code(problem.status).type('application/problem+json').send(problem);
  }
}

/** Denied calls and calls for objects that the caller must not see, which operators monitor. */
function levelOf(status: number): 'warn' | 'info' | 'debug' {
  if (status > 500) return 'warn';
  return isDenied(status) ? 'info' : 'debug';
}

/** `/readyz` reports failed checks in a format of its own, for orchestrators. */
function isReadiness(error: unknown): error is HttpException {
  if (!(error instanceof HttpException)) return false;
  const body = error.getResponse();
  return typeof body === 'object' && 'down' in body;
}
