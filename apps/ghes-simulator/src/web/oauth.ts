import type { FastifyInstance } from 'fastify';
import type { Ghes } from '../ghes.js';
import { createCode } from '../oauth/user-tokens.js';
import { ApiError } from '../rest/api.error.js';
import type { App } from '../state/model.js';
import { html } from './html.js';
import { csrfField, type Site } from './site.js';

interface AuthorizeRoute {
  readonly Querystring: Record<string, string | undefined>;
}

/** Where a person lets an app act for them. Pages of the OAuth web flow. */
export function oauthPages(app: FastifyInstance, site: Site): void {
  const { ghes } = site;

  app.get<AuthorizeRoute>('/login/oauth/authorize', (request, reply) => {
    const { user } = site.signedIn(request);
    const session = site.signedIn(request);
    const { client, redirectUri } = wanted(ghes, request.query);
    const fields = ['client_id', 'state', 'code_challenge', 'code_challenge_method'].map(
      (name) => html`<input type="hidden" name="${name}" value="${request.query[name] ?? ''}" />`,
    );
    // A form that leads to another site in the end needs its origin named.
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
    const { client, redirectUri } = wanted(ghes, given);
    const target = new URL(redirectUri);
    if (given['authorize'] === '0') target.searchParams.set('error', 'access_denied');
    else {
      const asked = given['code_challenge'];
      const codeChallenge = asked === '' ? undefined : asked;
      target.searchParams.set(
        'code',
        createCode(ghes, { app: client, user: session.user, redirectUri, codeChallenge }),
      );
    }
    if (given['state']) target.searchParams.set('state', given['state']);
    return reply.redirect(target.href, 303);
  });
}

/** @throws ApiError 404 for an unknown app, 400 for an address that is not the app's, or PKCE other than S256. */
function wanted(ghes: Ghes, query: Record<string, string | undefined>): { client: App; redirectUri: string } {
  const client = ghes.store.state.apps.find((item) => item.clientId === query['client_id']);
  if (!client) throw new ApiError(404, 'Not Found');
  const { redirect_uri: asked = '' } = query;
  const redirectUri = asked === '' ? client.callbackUrls[0] : asked;
  if (
    redirectUri === undefined ||
    !client.callbackUrls.some((url) => redirectUri === url || redirectUri.startsWith(`${url}/`))
  ) {
    throw new ApiError(400, 'The redirect_uri is not associated with this application.');
  }
  if (query['code_challenge'] && query['code_challenge_method'] !== 'S256') {
    throw new ApiError(400, 'The code_challenge_method must be S256.');
  }
  return { client, redirectUri };
}
