import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Ghes } from '../ghes.js';
import { accountById } from '../state/lookup.js';
import type { Account } from '../state/model.js';

export interface Session {
  readonly user: Account;
  /** CSRF token of all forms. */
  readonly csrf: string;
}

/** Sessions by cookie, in memory: a restart signs all users out. */
export class Sessions {
  private readonly sessions = new Map<string, { userId: number; csrf: string }>();

  constructor(private readonly ghes: Ghes) {}

  of(request: FastifyRequest): Session | undefined {
    const session = this.sessions.get(this.idFrom(request) ?? '');
    return session && { user: accountById(this.ghes.store, session.userId), csrf: session.csrf };
  }

  start(reply: FastifyReply, user: Account): void {
    const id = randomBytes(32).toString('hex');
    this.sessions.set(id, { userId: user.id, csrf: randomBytes(32).toString('hex') });
    void reply.header('set-cookie', this.cookie(id));
  }

  end(request: FastifyRequest, reply: FastifyReply): void {
    this.sessions.delete(this.idFrom(request) ?? '');
    void reply.header('set-cookie', `${this.cookie('')}; Max-Age=0`);
  }

  /** Cookies are shared between the ports of a host, so each server needs its own cookie name. */
  private get name(): string {
    const { port } = new URL(this.ghes.settings.publicUrl);
    return port === '' ? 'user_session' : `user_session_${port}`;
  }

  private cookie(id: string): string {
    const secure = this.ghes.settings.publicUrl.startsWith('https:') ? '; Secure' : '';
    return `${this.name}=${id}; Path=/; HttpOnly; SameSite=Lax${secure}`;
  }

  private idFrom(request: FastifyRequest): string | undefined {
    const cookies = (request.headers.cookie ?? '').split(/;\s*/);
    return cookies.find((item) => item.startsWith(`${this.name}=`))?.slice(this.name.length + 1);
  }
}

export function sameSecret(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
