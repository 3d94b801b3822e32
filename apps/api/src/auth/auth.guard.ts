import type { Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import { Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ForbiddenError } from '@reunite/contracts';
import { serviceOfCertificate } from '@reunite/platform';
import { addLogFields, addSpanIds } from '@reunite/telemetry';
import type { FastifyRequest } from 'fastify';
import { streamCallOf } from '../grpc/stream-call.js';
import { SETTINGS } from '../settings.js';
import type { ApiSettings } from '../settings.js';
import { ACCESS, rememberCaller } from './access.decorators.js';
import type { Access } from './access.decorators.js';
import { CallerAdmission } from './caller-admission.js';
import { bearerToken, tokenOf } from './credentials.rules.js';
import { assertSameOrigin } from './same-origin.js';

/** Probes of orchestrators, which have no token. Their responses are about no organization. */
const OPEN_ROUTES = new Set<string | undefined>(['/healthz', '/readyz']);

type Call = Pick<ServerUnaryCall<unknown, unknown>, 'getAuthContext'>;

/** Authenticates and authorizes each call over HTTP and gRPC. Without a declaration, a call needs the role `read`. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly admission: CallerAdmission,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const declared = [context.getHandler(), context.getClass()];
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, declared) ?? 'read';
    if (context.getType() === 'rpc') {
      const stream = streamCallOf(context);
      this.assertAllowedService(stream?.call ?? context.getArgByIndex<Call>(2));
      const metadata = stream?.call.metadata ?? context.switchToRpc().getContext<Metadata>();
      const [authorization] = metadata.get('authorization');
      await this.admit(context, access === 'public' ? 'read' : access, bearerToken(authorization?.toString()));
      return true;
    }
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (access === 'public' || OPEN_ROUTES.has(request.routeOptions.url)) {
      assertSameOrigin(request, this.settings.publicUrl, false);
    } else {
      await this.admit(context, access, tokenOf(request, this.settings.publicUrl));
    }
    return true;
  }

  private async admit(
    context: ExecutionContext,
    role: Exclude<Access, 'public'>,
    token: string | undefined,
  ): Promise<void> {
    const caller = await this.admission.admit(token, role);
    addLogFields({ organization: caller.organizationId });
    addSpanIds({ organization: caller.organizationId });
    rememberCaller(context, caller);
  }

  /** Any certificate of the authority can open a connection, but only these services may call. @throws ForbiddenError */
  private assertAllowedService(call: Call): void {
    const certificate = call.getAuthContext().sslPeerCertificate;
    const service = certificate === undefined ? null : serviceOfCertificate(certificate.raw);
    if (service !== null && this.settings.grpcAllowedCallers.includes(service)) return;
    throw new ForbiddenError('The certificate of this client names no service that may call the API.');
  }
}
