import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.js';
import { changeAnswer } from './changed-answers.js';
import type { Fault } from './fault-schema.js';
import { replacedAnswer } from './replaced-answers.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** A fault that was asked for takes the answer's place, or changes it. */
    fault?: Fault;
  }
}

function matches({ route }: Fault, method: string, path: string): boolean {
  const [wantedMethod = '', wantedPath = ''] = route.split(' ');
  const pattern = wantedPath.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return (wantedMethod === '*' || wantedMethod === method) && new RegExp(`^${pattern.join('.*')}$`).test(path);
}

export class Faults {
  private faults: Fault[] = [];
  private readonly stopping = new AbortController();

  constructor(private readonly clock: Clock) {}

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
    if (fault.delayMs > 0 && fault.kind !== 'slow-body') {
      await wait(fault.delayMs, undefined, { signal }).catch(() => undefined);
    }
    if (fault.close) {
      reply.hijack();
      request.raw.socket.destroy();
      return;
    }
    const answer = replacedAnswer(fault, this.clock.now());
    if (answer !== undefined || fault.kind !== undefined) request.fault = fault;
    if (answer) await reply.code(answer.status).headers(answer.headers).send(answer.body);
  }

  /** Before the answer goes out. */
  change(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    const { fault } = request;
    return fault ? changeAnswer(fault, reply, payload, this.clock.now()) : Promise.resolve(payload);
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
