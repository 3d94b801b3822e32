import type { TLSSocket } from 'node:tls';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Requirements of a gateway in front of the server. They apply to programs, because users have a network of their own.
 */
export interface GatewayOptions {
  readonly header?: { readonly name: string; readonly value: string } | undefined;
  readonly requireClientCertificate: boolean;
}

/** Paths for programs: REST, GraphQL, the token endpoint of OAuth, git. */
const PROGRAM_PATH = /^\/(api\/|login\/oauth\/access_token|[^/]+\/[^/]+\.git\/)/;

/** Rejects requests of programs as nginx and API gateways do: before the server, and not in its format. */
export function gatewayHook({ header, requireClientCertificate }: GatewayOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!PROGRAM_PATH.test(request.url)) return;
    const { authorized = false } = request.raw.socket as Partial<TLSSocket>;
    if (requireClientCertificate && !authorized) {
      await reject(reply, 400, '400 No required SSL certificate was sent');
    } else if (header && request.headers[header.name.toLowerCase()] !== header.value) {
      await reject(reply, 403, `403 The header ${header.name} is missing or wrong`);
    }
  };
}

async function reject(reply: FastifyReply, status: number, text: string): Promise<void> {
  await reply.code(status).type('text/html').send(`<html><body><h1>${text}</h1></body></html>`);
}
