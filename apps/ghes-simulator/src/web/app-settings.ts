import type { FastifyInstance, FastifyRequest } from 'fastify';
import { newClientSecret, newPrivateKey } from '../apps/apps.js';
import { uninstall } from '../apps/installations.js';
import { settingsPath } from '../representations/urls.js';
import { ApiError } from '../rest/api.error.js';
import { accountById, findApp } from '../state/lookup.js';
import type { App } from '../state/model.js';
import { permissionTable } from './app-manifest.js';
import { html, type Html } from './html.js';
import type { Session } from './sessions.js';
import { button, csrfField, type Site } from './site.js';

interface AppRoute {
  readonly Params: { org?: string; slug: string; id?: string };
}

const SHOWN_DELIVERIES = 50;

/** Settings of an app, for its owner. */
export function appSettingsPages(app: FastifyInstance, site: Site): void {
  const { ghes } = site;
  const own = (request: FastifyRequest): App => {
    const owner = site.settingsAccount(request);
    const target = findApp(ghes.store, (request.params as AppRoute['Params']).slug);
    if (target?.ownerId !== owner.id) throw new ApiError(404, 'Not Found');
    return target;
  };

  for (const prefix of ['/organizations/:org/settings/apps', '/settings/apps']) {
    app.get(prefix, (request, reply) => {
      const owner = site.settingsAccount(request);
      const apps = ghes.store.state.apps.filter((item) => item.ownerId === owner.id);
      const path = `${settingsPath(owner)}/apps`;
      const body = html`<h1>GitHub Apps of ${owner.login}</h1>
        <ul>
          ${apps.map((item) => html`<li><a href="${path}/${item.slug}">${item.name}</a></li>`)}
        </ul>
        <p><a href="${path}/new">New GitHub App from a manifest</a></p>`;
      return site.send(request, reply, 'GitHub Apps', body);
    });

    app.get<AppRoute>(`${prefix}/:slug`, (request, reply) => {
      const target = own(request);
      return site.send(request, reply, target.name, appPage(site, site.signedIn(request), target));
    });

    app.post<AppRoute>(`${prefix}/:slug/keys`, async (request, reply) => {
      site.posted(request);
      const target = own(request);
      const pem = await newPrivateKey(ghes, target);
      void reply.header('content-disposition', `attachment; filename="${target.slug}.private-key.pem"`);
      return reply.type('application/x-pem-file').send(pem);
    });

    app.post<AppRoute>(`${prefix}/:slug/keys/:id/delete`, (request, reply) => {
      site.posted(request);
      const target = own(request);
      ghes.store.change(() => (target.keys = target.keys.filter((key) => String(key.id) !== request.params.id)));
      return reply.redirect(request.url.replace(/\/keys\/.*/, ''), 303);
    });

    app.post<AppRoute>(`${prefix}/:slug/client-secrets`, (request, reply) => {
      site.posted(request);
      const secret = newClientSecret(ghes, own(request));
      const body = html`<h1>Client secret</h1>
        <p>It is shown this once:</p>
        <pre>${secret}</pre>`;
      return site.send(request, reply, 'Client secret', body);
    });

    app.post<AppRoute>(`${prefix}/:slug/webhook`, (request, reply) => {
      const { form } = site.posted(request);
      const target = own(request);
      const url = form.get('url') ?? '';
      if (url !== '' && !/^https?:\/\//.test(url)) throw new ApiError(422, 'The webhook URL must be http or https.');
      ghes.store.change(() => {
        target.hook.url = url;
        target.hookActive = url !== '';
        const secret = form.get('secret') ?? '';
        if (secret !== '') target.hook.secret = secret;
        ghes.given.add('webhook-secret', secret);
      });
      return reply.redirect(request.url.replace(/\/webhook$/, ''), 303);
    });

    app.post<AppRoute>(`${prefix}/:slug/deliveries/:id/attempts`, (request, reply) => {
      site.posted(request);
      const target = own(request);
      const record = ghes.deliverer.deliveries.ofApp(target.id).find((item) => String(item.id) === request.params.id);
      if (!record) throw new ApiError(404, 'Not Found');
      ghes.deliverer.redeliver(target, record);
      return reply.redirect(request.url.replace(/\/deliveries\/.*/, '#deliveries'), 303);
    });

    app.post<AppRoute>(`${prefix}/:slug/delete`, (request, reply) => {
      const { session } = site.posted(request);
      const target = own(request);
      const installations = ghes.store.state.installations.filter((item) => item.appId === target.id);
      for (const installation of installations) uninstall(ghes, installation, session.user);
      ghes.store.change((state) => (state.apps = state.apps.filter((item) => item !== target)));
      return reply.redirect(request.url.replace(/\/[^/]+\/delete$/, ''), 303);
    });
  }
}

function appPage(site: Site, session: Session, app: App): Html {
  const { store } = site.ghes;
  const path = `${settingsPath(accountById(store, app.ownerId))}/apps/${app.slug}`;
  return html`<h1>${app.name}</h1>
    <table>
      <tr>
        <th>App ID</th>
        <td>${app.id}</td>
      </tr>
      <tr>
        <th>Client ID</th>
        <td>${app.clientId}</td>
      </tr>
      <tr>
        <th>Slug</th>
        <td><a href="/github-apps/${app.slug}">${app.slug}</a></td>
      </tr>
      <tr>
        <th>Homepage</th>
        <td>${app.externalUrl}</td>
      </tr>
      <tr>
        <th>Client secrets</th>
        <td>${app.clientSecretHashes.length}</td>
      </tr>
    </table>
    ${button(session, `${path}/client-secrets`, 'Generate a new client secret')}
    <h2>Private keys</h2>
    <table>
      ${app.keys.map(
        (key) =>
          html`<tr>
            <td><code>${key.fingerprint}</code></td>
            <td>${key.createdAt}</td>
            <td>${button(session, `${path}/keys/${key.id}/delete`, 'Delete', 'stop')}</td>
          </tr>`,
      )}
    </table>
    ${button(session, `${path}/keys`, 'Generate a private key')}
    <h2>Webhook</h2>
    <form method="post" action="${path}/webhook">
      ${csrfField(session)}
      <label for="url">URL</label>
      <input type="text" id="url" name="url" value="${app.hook.url}" />
      <label for="secret">Secret ${app.hook.secret === null ? '(none)' : '(set; leave empty to keep it)'}</label>
      <input type="password" id="secret" name="secret" autocomplete="off" />
      <p><button>Save</button></p>
    </form>
    ${permissionTable(app.permissions, app.events)} ${installationList(site, app)}
    ${deliveryTable(site, session, app, path)}
    <h2>Danger zone</h2>
    ${button(session, `${path}/delete`, 'Delete this GitHub App', 'stop')}`;
}

function installationList(site: Site, app: App): Html {
  const { store } = site.ghes;
  const items = store.state.installations.filter((item) => item.appId === app.id);
  return html`<h2>Installations</h2>
    <ul>
      ${items.map((item) => {
        const account = accountById(store, item.accountId);
        const link = `${settingsPath(account)}/installations/${item.id}`;
        return html`<li><a href="${link}">${account.login}</a> ${item.suspendedAt === null ? '' : '(suspended)'}</li>`;
      })}
    </ul>
    <p><a href="/github-apps/${app.slug}/installations/new">Install this app</a></p>`;
}

function deliveryTable(site: Site, session: Session, app: App, path: string): Html {
  const records = site.ghes.deliverer.deliveries.ofApp(app.id).slice(0, SHOWN_DELIVERIES);
  return html`<h2 id="deliveries">Recent deliveries</h2>
    <table>
      <tr>
        <th>When</th>
        <th>Event</th>
        <th>Answer</th>
        <th>Delivery</th>
        <th></th>
      </tr>
      ${records.map(
        (record) =>
          html`<tr>
            <td>${record.deliveredAt.slice(0, 19)}${record.redelivery ? ' (again)' : ''}</td>
            <td>${[record.event, record.action].filter(Boolean).join('.')}</td>
            <td class="${record.status === 'OK' ? 'success' : 'failure'}">${record.statusCode} ${record.status}</td>
            <td>
              <details>
                <summary><code>${record.guid}</code></summary>
                <pre>${record.request.payload}</pre>
              </details>
            </td>
            <td>${button(session, `${path}/deliveries/${record.id}/attempts`, 'Redeliver')}</td>
          </tr>`,
      )}
    </table>`;
}
