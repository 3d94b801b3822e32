import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createFromManifest, nameIsTaken } from '../apps/apps.js';
import { parseManifest, type Manifest } from '../apps/manifest.js';
import { settingsPath } from '../representations/urls.js';
import { ApiError } from '../rest/api.error.js';
import type { Account, Permissions } from '../state/model.js';
import { html, type Html } from './html.js';
import { csrfField, type Site } from './site.js';

interface PendingManifest {
  readonly text: string;
  readonly state: string | undefined;
  readonly expiresAt: number;
}

interface NewAppRoute {
  readonly Params: { org?: string };
  readonly Querystring: { state?: string; manifest_key?: string };
  readonly Body: URLSearchParams | undefined;
}

const PENDING_LIFE_MS = 60 * 60 * 1000;
const MOST_PENDING = 1000;

/**
 * The manifest flow. A form of another site posts the manifest, without the session cookie (SameSite) and possibly
 * before the user has signed in. So the manifest is stored under a random key, and the browser is redirected to a page
 * of this server.
 */
class PendingManifests {
  private readonly pending = new Map<string, PendingManifest>();

  constructor(private readonly now: () => Date) {}

  add(text: string, state: string | undefined): string {
    const key = randomBytes(20).toString('hex');
    this.pending.set(key, { text, state, expiresAt: this.now().getTime() + PENDING_LIFE_MS });
    const [oldest] = this.pending.keys();
    if (this.pending.size > MOST_PENDING && oldest !== undefined) this.pending.delete(oldest);
    return key;
  }

  get(key: string): PendingManifest {
    const pending = this.pending.get(key);
    if (pending && pending.expiresAt > this.now().getTime()) return pending;
    throw new ApiError(404, 'This app registration has expired. Start again from the application that sent you here.');
  }

  remove(key: string): void {
    this.pending.delete(key);
  }
}

export function appManifestPages(app: FastifyInstance, site: Site): void {
  const pending = new PendingManifests(() => site.ghes.clock.now());
  for (const prefix of ['/organizations/:org/settings/apps', '/settings/apps']) {
    app.post<NewAppRoute>(`${prefix}/new`, (request, reply) => {
      const text = request.body?.get('manifest');
      if (!text) throw new ApiError(422, 'The form field "manifest" is missing.');
      const key = pending.add(text, request.query.state);
      return reply.redirect(`${request.url.split('?')[0] ?? ''}?manifest_key=${key}`, 303);
    });

    app.get<NewAppRoute>(`${prefix}/new`, (request, reply) => {
      const owner = site.settingsAccount(request);
      const key = request.query.manifest_key;
      const body =
        key === undefined ? pasteForm(owner, request.query.state) : review(site, request, owner, pending.get(key), key);
      return site.send(request, reply, 'Create GitHub App', body);
    });

    app.post<NewAppRoute>(prefix, (request, reply) => createApp(site, pending, request, reply));
  }
}

function createApp(site: Site, pending: PendingManifests, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { session, form } = site.posted(request);
  const owner = site.settingsAccount(request);
  const key = form.get('manifest_key') ?? '';
  const { text, state } = pending.get(key);
  const result = parseManifest(text);
  const name = (form.get('name') ?? '').trim();
  const faults = result.ok ? nameFaults(site, owner, name) : result.faults;
  if (!result.ok || faults.length > 0) throw new ApiError(422, faults.join(' '));
  pending.remove(key);
  const code = createFromManifest(site.ghes, owner, session.user, { ...result.manifest, name });
  const target = new URL(result.manifest.redirect_url);
  target.searchParams.set('code', code);
  if (state !== undefined) target.searchParams.set('state', state);
  return reply.redirect(target.href, 302);
}

function nameFaults(site: Site, owner: Account, name: string): string[] {
  if (name === '' || name.length > 34) return ['The name must have 1 to 34 characters.'];
  return nameIsTaken(site.ghes, name, owner.id) ? [`The name "${name}" is already taken on this server.`] : [];
}

function review(site: Site, request: FastifyRequest, owner: Account, { text }: PendingManifest, key: string): Html {
  const result = parseManifest(text);
  if (!result.ok) {
    return html`<h1>The GitHub App cannot be created</h1>
      <div class="box fault" role="alert">
        <p>The manifest is not valid:</p>
        <ul>
          ${result.faults.map((fault) => html`<li>${fault}</li>`)}
        </ul>
      </div>`;
  }
  const { manifest } = result;
  const session = site.signedIn(request);
  const [taken] = nameFaults(site, owner, manifest.name);
  return html`<h1>Create GitHub App for ${owner.login}</h1>
    ${taken === undefined ? '' : html`<p class="box fault" role="alert">${taken} Choose another.</p>`}
    <form method="post" action="${settingsPath(owner)}/apps">
      ${csrfField(session)}
      <input type="hidden" name="manifest_key" value="${key}" />
      <label for="name">GitHub App name</label>
      <input type="text" id="name" name="name" value="${manifest.name}" maxlength="34" required />
      ${manifestFacts(manifest)}
      <p><button class="go">Create GitHub App for ${owner.login}</button></p>
    </form>`;
}

function manifestFacts(manifest: Manifest): Html {
  const hook = manifest.hook_attributes;
  return html`<p class="muted">${manifest.description}</p>
    <table>
      <tr>
        <th>Homepage</th>
        <td>${manifest.url}</td>
      </tr>
      <tr>
        <th>Webhook</th>
        <td>${hook ? `${hook.url}${hook.active ? '' : ' (not active)'}` : 'none'}</td>
      </tr>
      <tr>
        <th>Then back to</th>
        <td>${manifest.redirect_url}</td>
      </tr>
      <tr>
        <th>Can be installed</th>
        <td>${manifest.public ? 'on any account' : 'only on this account'}</td>
      </tr>
    </table>
    ${permissionTable(manifest.default_permissions, manifest.default_events)}`;
}

export function permissionTable(permissions: Permissions, events: readonly string[]): Html {
  return html`<h2>Permissions</h2>
    <table>
      ${Object.entries(permissions).map(
        ([name, level]) =>
          html`<tr>
            <td>${name}</td>
            <td>${level}</td>
          </tr>`,
      )}
    </table>
    <h2>Events</h2>
    <p>${events.length === 0 ? 'none' : events.join(', ')}</p>`;
}

function pasteForm(owner: Account, state: string | undefined): Html {
  const query = state === undefined ? '' : `?state=${encodeURIComponent(state)}`;
  return html`<h1>Create GitHub App for ${owner.login}</h1>
    <form method="post" action="${settingsPath(owner)}/apps/new${query}">
      <label for="manifest">Manifest (JSON)</label>
      <textarea id="manifest" name="manifest" rows="16" required></textarea>
      <p><button class="go">Continue</button></p>
    </form>`;
}
