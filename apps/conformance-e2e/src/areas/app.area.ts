import { deepEqual, equal, ok } from 'node:assert/strict';
import type { ConvertedApp, GhesClient } from '@reunite/ghes-client';
import { z } from 'zod';
import { BrowserSession } from '../browser-session.js';
import { all, userCallback } from '../test-server.js';
import type { TestInstallation, TestServer } from '../test-server.js';

const installed = z.object({ id: z.number() });

/** Creates an app from a manifest, calls its own routes, installs it and creates an installation token. */
export async function installApp(server: TestServer): Promise<TestInstallation> {
  const { ghes, simulator } = server;
  const app = await convertManifest(server);
  const jwt = () => ghes.signAppJwt({ appId: app.id, sign: ghes.privateKeySigner(app.pem) });
  const asApp = server.as({ type: 'app', jwt });
  equal((await ghes.getAuthenticatedApp(asApp)).slug, app.slug);
  await hookConfig(server, app, asApp);

  await simulator.send('/installation-requests', { app: app.slug, account: 'acme', login: 'hubot' });
  deepEqual(
    (await all(ghes.listInstallationRequests(asApp))).map(({ account }) => account.login),
    ['acme'],
  );
  const choice = { app: app.slug, account: 'acme', repositories: ['docs'] };
  const { id: installationId } = await simulator.control('POST', '/installations', installed, choice);
  await simulator.send('/installations', { ...choice, repositories: ['docs', 'empty'] });
  await simulator.send('/installations', choice);
  await simulator.send('/installations', { ...choice, repositories: 'all' });
  await simulator.send(`/installations/${installationId}/suspend`, {});
  await simulator.send(`/installations/${installationId}/unsuspend`, {});
  ok((await all(ghes.listInstallations(asApp))).some(({ id }) => id === installationId));

  const { token } = await ghes.createInstallationAccessToken(asApp, { installationId });
  const installationToken = () => Promise.resolve(token);
  const asInstallation = server.as({ type: 'installation', token: installationToken });
  const names = (await all(ghes.listReposAccessibleToInstallation(asInstallation))).map((item) => item.full_name);
  ok(names.includes('acme/docs') && names.includes('acme/empty'), names.join());
  return { ...server, app, asApp, installationId, installationToken, asInstallation };
}

async function convertManifest({ ghes, simulator, receiver, as }: TestServer): Promise<ConvertedApp> {
  const octocat = await BrowserSession.signIn(simulator.url, 'octocat');
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
      checks: 'write',
      administration: 'read',
      members: 'read',
      emails: 'read',
    },
    default_events: ['push', 'create', 'delete', 'pull_request'],
  };
}

/** Waits for pending deliveries first, because a new secret applies from the next delivery on. */
async function hookConfig(
  { ghes, simulator, receiver }: TestServer,
  app: ConvertedApp,
  asApp: GhesClient,
): Promise<void> {
  await simulator.send('/deliveries/settle', {});
  equal((await ghes.getWebhookConfigForApp(asApp)).url, receiver.url);
  const secret = `${app.webhook_secret ?? ''}-changed`;
  receiver.secrets.push(secret);
  const changed = await ghes.updateWebhookConfigForApp(asApp, { url: receiver.url, secret });
  equal(changed.content_type, 'json');
}
