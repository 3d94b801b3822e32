import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.js';
import { matchesRoute } from '../route-pattern.js';
import { changeAnswer } from './changed-answers.js';
import type { Fault } from './fault-schema.js';
import { replacedAnswer } from './replaced-answers.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The fault that replaces or changes the answer of this request. */
    // eslint-disable-next-line no-restricted-syntax -- set by a hook
    fault?: Fault;
  }
}

/** Faults that were ordered through the control. Each request meets at most one: the first that matches. */
export class Faults {
  private faults: Fault[] = [];
  private readonly paused = new Set<() => void>();
  private readonly stopping = new AbortController();

  constructor(private readonly clock: Clock) {}

  /** Ends every delay and pause. */
  stop(): void {
    this.stopping.abort();
    this.resume();
  }

  /** Number of paused requests. */
  get pausedRequests(): number {
    return this.paused.size;
  }

  /** Resumes all paused requests. */
  resume(): void {
    for (const resume of this.paused) resume();
    this.paused.clear();
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

  /** Delays, pauses, answers or cuts a request before it is routed. */
  async apply(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const fault = this.take(request.method, request.url);
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
    if (fault.pause === 'request') await this.resumed();
    const answer = replacedAnswer(fault, this.clock.now());
    if (answer !== undefined || fault.kind !== undefined || fault.pause === 'answer') request.fault = fault;
    if (answer) await reply.code(answer.status).headers(answer.headers).send(answer.body);
  }

  /** Changes an answer before it is sent. */
  async change(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    const { fault } = request;
    if (!fault) return payload;
    if (fault.pause === 'answer') await this.resumed();
    return changeAnswer(fault, reply, payload, this.clock.now());
  }

  private resumed(): Promise<void> {
    if (this.stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.paused.add(resolve));
  }

  private take(method: string, url: string): Fault | undefined {
    const fault = this.faults.find(({ route }) => matchesRoute(route, method, url));
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
