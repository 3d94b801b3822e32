import { equal, ok } from 'node:assert/strict';
import type { ConvertedApp, GhesClient } from '@reunite/ghes-client';
import { z } from 'zod';
import { Person } from '../person.js';
import { all, userCallback } from '../stage.js';
import type { InstalledStage, Stage } from '../stage.js';

const installed = z.object({ id: z.number() });

/** The manifest flow, the app's own routes, its installation, and a token for it. */
export async function installApp(stage: Stage): Promise<InstalledStage> {
  const { ghes, simulator } = stage;
  const app = await convertManifest(stage);
  const jwt = () => ghes.signAppJwt({ appId: app.id, privateKeyPem: app.pem });
  const asApp = stage.as({ type: 'app', jwt });
  equal((await ghes.getAuthenticatedApp(asApp)).slug, app.slug);
  await hookConfig(stage, app, asApp);

  const choice = { app: app.slug, account: 'acme', repositories: ['docs'] };
  const { id: installationId } = await simulator.control('POST', '/installations', installed, choice);
  await simulator.tell('/installations', { ...choice, repositories: ['docs', 'empty'] });
  await simulator.tell('/installations', choice);
  await simulator.tell('/installations', { ...choice, repositories: 'all' });
  await simulator.tell(`/installations/${installationId}/suspend`, {});
  await simulator.tell(`/installations/${installationId}/unsuspend`, {});
  ok((await all(ghes.listInstallations(asApp))).some(({ id }) => id === installationId));

  const { token } = await ghes.createInstallationAccessToken(asApp, { installationId });
  const installationToken = () => Promise.resolve(token);
  const asInstallation = stage.as({ type: 'installation', token: installationToken });
  const names = (await all(ghes.listReposAccessibleToInstallation(asInstallation))).map((item) => item.full_name);
  ok(names.includes('acme/docs') && names.includes('acme/empty'), names.join());
  return { ...stage, app, asApp, installationId, installationToken, asInstallation };
}

async function convertManifest({ ghes, simulator, receiver, as }: Stage): Promise<ConvertedApp> {
  const octocat = await Person.signIn(simulator.url, 'octocat');
  const back = await octocat.createApp('acme', manifest(receiver.url), 'state-of-the-flow');
  equal(back.searchParams.get('state'), 'state-of-the-flow');
  const code = back.searchParams.get('code') ?? '';
  const app = await ghes.convertManifestCode(as({ type: 'none' }), { code });
  receiver.secrets.push(app.webhook_secret ?? '');
  return app;
}

function manifest(hookUrl: string) {
  return {
    name: 'Conformance',
    url: 'http://localhost:1/',
    redirect_url: 'http://localhost:1/manifest',
    callback_urls: [userCallback],
    hook_attributes: { url: hookUrl },
    default_permissions: {
      contents: 'write',
      pull_requests: 'write',
      statuses: 'write',
      checks: 'read',
      administration: 'read',
      members: 'read',
      emails: 'read',
    },
    default_events: ['push', 'create', 'delete', 'pull_request'],
  };
}

/** A new secret counts from the next delivery on, so nothing may be under way. */
async function hookConfig({ ghes, simulator, receiver }: Stage, app: ConvertedApp, asApp: GhesClient): Promise<void> {
  await simulator.tell('/deliveries/settle', {});
  equal((await ghes.getWebhookConfigForApp(asApp)).url, receiver.url);
  const secret = `${app.webhook_secret ?? ''}-changed`;
  receiver.secrets.push(secret);
  const changed = await ghes.updateWebhookConfigForApp(asApp, { url: receiver.url, secret });
  equal(changed.content_type, 'json');
}
