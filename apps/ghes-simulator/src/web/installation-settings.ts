import type { FastifyInstance, FastifyRequest } from 'fastify';
import { chooseRepositories, suspend, uninstall, unsuspend } from '../apps/installations.js';
import { settingsPath } from '../representations/urls.js';
import { ApiError } from '../rest/api.error.js';
import { appById, findInstallation } from '../state/lookup.js';
import type { Account, Installation } from '../state/model.js';
import { permissionTable } from './app-manifest.js';
import { html, type Html } from './html.js';
import { chosen, repositoryChoice } from './install.js';
import type { Session } from './sessions.js';
import { button, csrfField, type Site } from './site.js';

interface InstallationRoute {
  readonly Params: { org?: string; id: string };
}

/** Apps installed on an account, for its owner. */
export function installationSettingsPages(app: FastifyInstance, site: Site): void {
  const { ghes } = site;
  const own = (request: FastifyRequest): { installation: Installation; account: Account } => {
    const account = site.settingsAccount(request);
    const installation = findInstallation(ghes.store, Number((request.params as InstallationRoute['Params']).id));
    if (installation?.accountId !== account.id) throw new ApiError(404, 'Not Found');
    return { installation, account };
  };

  for (const prefix of ['/organizations/:org/settings/installations', '/settings/installations']) {
    app.get(prefix, (request, reply) => {
      const account = site.settingsAccount(request);
      const items = ghes.store.state.installations.filter((item) => item.accountId === account.id);
      const path = `${settingsPath(account)}/installations`;
      const body = html`<h1>Apps installed on ${account.login}</h1>
        <ul>
          ${items.map((item) => html`<li><a href="${path}/${item.id}">${appById(ghes.store, item.appId).name}</a></li>`)}
        </ul>`;
      return site.send(request, reply, 'Installed apps', body);
    });

    app.get<InstallationRoute>(`${prefix}/:id`, (request, reply) => {
      const { installation, account } = own(request);
      const body = installationPage(site, site.signedIn(request), installation, account);
      return site.send(request, reply, 'Installed app', body);
    });

    app.post<InstallationRoute>(`${prefix}/:id`, (request, reply) => {
      const { session, form } = site.posted(request);
      const { installation, account } = own(request);
      chooseRepositories(ghes, installation, chosen(ghes, account, form), session.user);
      return reply.redirect(request.url, 303);
    });

    for (const [name, act] of Object.entries({ suspend, unsuspend, uninstall })) {
      app.post<InstallationRoute>(`${prefix}/:id/${name}`, (request, reply) => {
        const { session } = site.posted(request);
        const { installation, account } = own(request);
        act(ghes, installation, session.user);
        const back = `${settingsPath(account)}/installations`;
        return reply.redirect(name === 'uninstall' ? back : `${back}/${installation.id}`, 303);
      });
    }
  }
}

function installationPage(site: Site, session: Session, installation: Installation, account: Account): Html {
  const app = appById(site.ghes.store, installation.appId);
  const path = `${settingsPath(account)}/installations/${installation.id}`;
  const suspended = installation.suspendedAt !== null;
  return html`<h1>${app.name} on ${account.login}</h1>
    ${suspended ? html`<p class="box fault" role="status">Suspended since ${installation.suspendedAt}.</p>` : ''}
    <p class="muted">Installation ${installation.id} of <a href="/github-apps/${app.slug}">${app.slug}</a></p>
    <form method="post" action="${path}">
      ${csrfField(session)} ${repositoryChoice(site.ghes, [account], installation)}
      <p><button class="go">Save</button></p>
    </form>
    ${permissionTable(installation.permissions, installation.events)}
    <h2>Danger zone</h2>
    ${button(session, `${path}/${suspended ? 'unsuspend' : 'suspend'}`, suspended ? 'Unsuspend' : 'Suspend')}
    ${button(session, `${path}/uninstall`, 'Uninstall', 'stop')}`;
}
