import type { Metadata } from '@grpc/grpc-js';
import { Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ForbiddenError, includesRole } from '@reunite/contracts';
import type { FastifyRequest } from 'fastify';
import { SETTINGS } from '../settings.js';
import type { ApiSettings } from '../settings.js';
import { ACCESS, rememberCaller } from './access.decorators.js';
import type { Access } from './access.decorators.js';
import { assertSameOrigin } from './same-origin.js';
import { SESSION_COOKIE } from './session-cookie.js';
import { TokenVerifier } from './token-verifier.js';
import { UnauthenticatedError } from './unauthenticated.error.js';

/** For orchestrators and Prometheus, which have no token. They tell nothing of any organization. */
const openRoutes = new Set<string | undefined>(['/healthz', '/readyz', '/metrics']);

/** Who calls, and may they: for HTTP and gRPC. What is not declared public needs a token and the role `read`. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const declared = [context.getHandler(), context.getClass()];
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, declared) ?? 'read';
    if (context.getType() === 'rpc') {
      const [authorization] = context.switchToRpc().getContext<Metadata>().get('authorization');
      await this.admit(context, access, bearerToken(authorization?.toString()));
      return true;
    }
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (access === 'public' || openRoutes.has(request.routeOptions.url)) {
      assertSameOrigin(request, this.settings.publicUrl, false);
    } else {
      await this.admit(context, access, this.tokenOf(request));
    }
    return true;
  }

  private async admit(context: ExecutionContext, access: Access, token: string | undefined): Promise<void> {
    if (token === undefined) throw new UnauthenticatedError('Sign in first.');
    const caller = await this.tokens.verify(token);
    if (access !== 'public' && !includesRole(caller.roles, access)) {
      const held = caller.roles.join(', ') || 'none';
      throw new ForbiddenError(`This needs the role "${access}" in ${caller.organizationName}; yours: ${held}.`);
    }
    rememberCaller(context, caller);
  }

  private tokenOf(request: FastifyRequest): string | undefined {
    const { authorization } = request.headers;
    if (authorization !== undefined) return bearerToken(authorization);
    const cookie = request.cookies[SESSION_COOKIE];
    if (cookie !== undefined) assertSameOrigin(request, this.settings.publicUrl, true);
    return cookie;
  }
}

export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([^ ]+)$/i.exec(authorization ?? '')?.[1];
}
