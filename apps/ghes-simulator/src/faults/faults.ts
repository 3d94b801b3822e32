import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

/** What goes wrong with the next requests of a route. */
export const faultSchema = z.object({
  /** Method and path, `*` for any run of characters: `GET /api/v3/repos/*`, `* /acme/docs.git/*`. */
  route: z.string().regex(/^(\*|[A-Z]+) \/\S*$/, 'must be a method (or *), a space and a path'),
  count: z.int().min(1).default(1),
  /** How many matching requests pass untouched first. */
  after: z.int().min(0).default(0),
  delayMs: z.int().min(0).max(600_000).default(0),
  /** Cuts the connection without an answer. */
  close: z.boolean().default(false),
  /** Answers instead of the route. Without it (and without `close`) the request goes on after the delay. */
  status: z.int().min(200).max(599).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
});

export type Fault = z.infer<typeof faultSchema>;

function matches({ route }: Fault, method: string, path: string): boolean {
  const [wantedMethod = '', wantedPath = ''] = route.split(' ');
  const pattern = wantedPath.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return (wantedMethod === '*' || wantedMethod === method) && new RegExp(`^${pattern.join('.*')}$`).test(path);
}

export class Faults {
  private faults: Fault[] = [];
  private readonly stopping = new AbortController();

  /** Ends every delay. */
  stop(): void {
    this.stopping.abort();
  }

  add(fault: Fault): void {
    this.faults.push({ ...fault });
  }

  list(): readonly Fault[] {
    return this.faults;
  }

  clear(): void {
    this.faults = [];
  }

  /** Before routing: the request may be delayed, answered or cut here. */
  async apply(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const fault = this.take(request.method, request.url.split('?')[0] ?? '/');
    if (!fault) return;
    const { signal } = this.stopping;
    if (fault.delayMs > 0) await wait(fault.delayMs, undefined, { signal }).catch(() => undefined);
    if (fault.close) {
      reply.hijack();
      request.raw.socket.destroy();
    } else if (fault.status !== undefined) {
      await reply
        .code(fault.status)
        .headers(fault.headers)
        .send(fault.body ?? { message: 'A fault was asked for.', status: String(fault.status) });
    }
  }

  private take(method: string, path: string): Fault | undefined {
    const fault = this.faults.find((item) => matches(item, method, path));
    if (!fault) return undefined;
    if (fault.after > 0) {
      fault.after -= 1;
      return undefined;
    }
    fault.count -= 1;
    if (fault.count === 0) this.faults = this.faults.filter((item) => item !== fault);
    return fault;
  }
}
