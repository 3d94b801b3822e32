import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../access/actor.js';
import { requireRepository } from '../access/authorize.js';
import type { Ghes } from '../ghes.js';
import { ApiError } from '../rest/api.error.js';
import { administers, findAccount } from '../state/lookup.js';
import type { Account, PermissionLevel, Repository } from '../state/model.js';
import { html, type Html } from './html.js';
import { sameSecret, type Session, type Sessions } from './sessions.js';

/** A posted form. */
export type Form = URLSearchParams;

/** Shared by all pages: the server, the sessions and the layout. */
export class Site {
  constructor(
    readonly ghes: Ghes,
    readonly sessions: Sessions,
  ) {}

  /** @throws ApiError 401, which is answered with the sign-in page */
  signedIn(request: FastifyRequest): Session {
    const session = this.sessions.of(request);
    if (!session) throw new ApiError(401, 'Sign in first.');
    return session;
  }

  /** A form that a signed-in user posted from a page of this server. @throws ApiError 401, 403 */
  posted(request: FastifyRequest): { session: Session; form: Form } {
    const session = this.signedIn(request);
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    if (!sameSecret(form.get('csrf') ?? '', session.csrf)) {
      throw new ApiError(403, 'This form was not sent from a page of this server. Go back, reload and try again.');
    }
    return { session, form };
  }

  repository(request: FastifyRequest, permission = 'contents', level: PermissionLevel = 'read'): Repository {
    const user = this.sessions.of(request)?.user;
    const actor: Actor = user ? { kind: 'user', user } : { kind: 'anonymous' };
    const { owner = '', repo = '' } = request.params as Record<string, string>;
    return requireRepository(this.ghes, actor, { owner, repo }, permission, level);
  }

  /** The account that a settings page is about: `:org`, or the signed-in user. @throws ApiError 403, 404 */
  settingsAccount(request: FastifyRequest): Account {
    const { user } = this.signedIn(request);
    const { org } = request.params as Record<string, string>;
    const account = org === undefined ? user : findAccount(this.ghes.store, org);
    if (!account || (org !== undefined && account.type !== 'Organization')) throw new ApiError(404, 'Not Found');
    if (!administers(this.ghes.store, account, user)) {
      throw new ApiError(403, `Only an owner of ${account.login} may do this; you are signed in as ${user.login}.`);
    }
    return account;
  }

  send(request: FastifyRequest, reply: FastifyReply, title: string, body: Html): FastifyReply {
    return reply.type('text/html; charset=utf-8').send(this.page(request, title, body));
  }

  private page(request: FastifyRequest, title: string, body: Html): string {
    const session = this.sessions.of(request);
    const who = session
      ? html`<span>${session.user.login}</span>
          <form method="post" action="/logout">${csrfField(session)}<button>Sign out</button></form>`
      : html`<a href="/login?return_to=${encodeURIComponent(request.url)}">Sign in</a>`;
    return html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width" />
          <title>${title} · GitHub Enterprise simulator</title>
          <link rel="stylesheet" href="/assets/site.css" />
        </head>
        <body>
          <header>
            <a href="/"><strong>GitHub Enterprise simulator</strong></a>
            <span class="spacer"></span>${who}
          </header>
          <main>${body}</main>
        </body>
      </html>`.text;
  }
}

export function csrfField(session: Session): Html {
  return html`<input type="hidden" name="csrf" value="${session.csrf}" />`;
}

/** A form with one button. */
export function button(session: Session, action: string, label: string, kind = ''): Html {
  return html`<form class="inline" method="post" action="${action}">
    ${csrfField(session)}<button class="${kind}">${label}</button>
  </form>`;
}
