// A user of the API with a server of GitHub Enterprise, as benches set up connections and projects.
export const load = (path) => import(new URL(`../${path}`, import.meta.url).href);
const { eventually } = await load('libs/testing/dist/index.js');
const { ApiClient } = await load('apps/stack-e2e/dist/api.client.js');
const { SimulatorClient } = await load('apps/stack-e2e/dist/simulator.client.js');

export const OWNER = 'acme';

/** A signed-in user of the API, whose connections lead to one simulator. */
export class ConnectedUser {
  static async signIn(apiUrl, user, simulatorUrl) {
    return new ConnectedUser(await ApiClient.signIn(apiUrl, user), new SimulatorClient(simulatorUrl));
  }

  constructor(api, simulator) {
    Object.assign(this, { api, simulator });
  }

  async read(path) {
    return answered(path, await this.api.get(path));
  }

  async create(path, body) {
    return answered(path, await this.api.send('POST', path, body));
  }

  /**
   * Creates a project on a repository of the server, on a connection with an app of its own.
   *
   * @param settings of the project
   * @param signal aborts the wait
   */
  async connect(repository, settings, signal) {
    const connection = await this.#addApp(settings.name);
    const path = `/v1/connections/${connection.id}/repositories?owner=${OWNER}&search=${repository}`;
    const { id: repositoryId } = await eventually(
      async () => (await this.read(path)).items.find(({ name }) => name === repository),
      { what: `${repository} is listed`, everyMs: 100, withinMs: 60_000, signal },
    );
    return this.create('/v1/projects', { repositoryId, productionBranch: 'main', ...settings });
  }

  async #addApp(name) {
    const { callbackUrl, webhookUrl, permissions, events } = await this.read('/v1/app-settings');
    const app = await this.simulator.createApp({
      name,
      url: callbackUrl,
      redirect_url: callbackUrl,
      callback_urls: [callbackUrl],
      hook_attributes: { url: webhookUrl, active: true },
      default_permissions: permissions,
      default_events: events,
      public: false,
    });
    const credentials = { clientId: app.client_id, clientSecret: app.client_secret, privateKey: app.pem };
    const server = { name, serverUrl: this.simulator.url, owner: OWNER };
    const connection = await this.create('/v1/connections/existing', { ...server, appId: app.id, ...credentials });
    await this.simulator.install(app.slug, OWNER);
    return connection;
  }
}

async function answered(path, answer) {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
