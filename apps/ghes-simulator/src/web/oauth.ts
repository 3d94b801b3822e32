import type { FastifyInstance } from 'fastify';
import { authorizationOf, authorizeUser, denyAuthorization } from '../oauth/authorization.js';
import { html } from './html.js';
import { csrfField, type Site } from './site.js';

interface AuthorizeRoute {
  readonly Querystring: Record<string, string | undefined>;
}

/** Pages of the OAuth web flow, on which a user authorizes an app. */
export function oauthPages(app: FastifyInstance, site: Site): void {
  const { ghes } = site;

  app.get<AuthorizeRoute>('/login/oauth/authorize', (request, reply) => {
    const session = site.signedIn(request);
    const { user } = session;
    const { client, redirectUri } = authorizationOf(ghes, request.query);
    const fields = ['client_id', 'state', 'code_challenge', 'code_challenge_method'].map(
      (name) => html`<input type="hidden" name="${name}" value="${request.query[name] ?? ''}" />`,
    );
    // Browsers apply form-action to the redirect target too, so the callback's origin must be listed.
    void reply.header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' ${new URL(redirectUri).origin}`,
    );
    const body = html`<h1>Authorize ${client.name}</h1>
      <p>${client.name} wants to act on your behalf, ${user.login}, and then sends you to ${redirectUri}.</p>
      <form method="post" action="/login/oauth/authorize">
        ${csrfField(session)} ${fields}
        <input type="hidden" name="redirect_uri" value="${redirectUri}" />
        <button class="go" name="authorize" value="1">Authorize ${client.name}</button>
        <button name="authorize" value="0">Cancel</button>
      </form>`;
    return site.send(request, reply, `Authorize ${client.name}`, body);
  });

  app.post('/login/oauth/authorize', (request, reply) => {
    const { session, form } = site.posted(request);
    const given = Object.fromEntries(form);
    const target =
      given['authorize'] === '0' ? denyAuthorization(ghes, given) : authorizeUser(ghes, session.user, given);
    return reply.redirect(target.href, 303);
  });
}
