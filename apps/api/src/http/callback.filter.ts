import { Catch, Inject } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UnauthenticatedError } from '../auth/unauthenticated.error.js';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { problemOf } from './problem.js';

/** Redirects the browser: to the sign-in and back, or to the console with the error. */
@Catch()
export class CallbackFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply.code(303).header('location', this.locationAfter(error, request.url)).send();
  }

  private locationAfter(error: unknown, url: string): string {
    if (error instanceof UnauthenticatedError) return `/sign-in?${new URLSearchParams({ next: url }).toString()}`;
    const { status, code, detail } = problemOf(error);
    if (status === 500) this.logger.error({ err: error }, 'callback failed');
    else this.logger.warn({ code, status }, detail);
    const page = url.startsWith('/callback/oauth2') ? '/identity' : '/connections';
    return `${page}?${new URLSearchParams({ problem: code }).toString()}`;
  }
}
