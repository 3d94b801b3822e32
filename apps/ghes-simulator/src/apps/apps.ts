import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { toTimestamp } from '../clock.js';
import { hashSecret } from '../access/secrets.js';
import type { Ghes } from '../ghes.js';
import { notFound } from '../rest/api.error.js';
import { appById, findAccount, findApp } from '../state/lookup.js';
import type { Account, App } from '../state/model.js';
import { sendPing } from '../webhooks/app-events.js';
import type { AppCredentials } from './app-credentials.js';
import type { Manifest } from './manifest.js';

const CODE_LIFE_MS = 60 * 60 * 1000;

export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** True if another app has the name, or another account than the owner has it as its login. */
export function nameIsTaken(ghes: Ghes, name: string, ownerId: number): boolean {
  const account = findAccount(ghes.store, slugOf(name));
  return findApp(ghes.store, slugOf(name)) !== undefined || (account !== undefined && account.id !== ownerId);
}

/** Creates an app without key and secret. @returns the code by which its credentials can be fetched once */
export function createFromManifest(ghes: Ghes, owner: Account, creator: Account, manifest: Manifest): string {
  const { store, clock } = ghes;
  const now = clock.timestamp();
  const code = randomBytes(20).toString('hex');
  ghes.given.add('manifest-code', code);
  const slug = slugOf(manifest.name);
  const hook = manifest.hook_attributes;
  const secret = hook && ghes.settings.conversionWebhookSecret ? randomBytes(20).toString('hex') : null;
  ghes.given.add('webhook-secret', secret);
  const app = store.change((state) => {
    const bot: Account = {
      id: store.nextId('account'),
      login: `${slug}[bot]`,
      type: 'Bot',
      name: manifest.name,
      createdAt: now,
    };
    const created: App = {
      id: store.nextId('app'),
      slug,
      clientId: `Iv1.${randomBytes(8).toString('hex')}`,
      ownerId: owner.id,
      botId: bot.id,
      name: manifest.name,
      description: manifest.description ?? null,
      externalUrl: manifest.url,
      callbackUrls: manifest.callback_urls,
      setupUrl: manifest.setup_url ?? null,
      setupOnUpdate: manifest.setup_on_update,
      public: manifest.public,
      permissions: { ...manifest.default_permissions, metadata: manifest.default_permissions['metadata'] ?? 'read' },
      events: [...manifest.default_events].sort(),
      hookId: store.nextId('hook'),
      hookActive: hook?.active ?? false,
      hook: { url: hook?.url ?? '', contentType: 'json', insecureSsl: '0', secret },
      keys: [],
      clientSecretHashes: [],
      createdAt: now,
      updatedAt: now,
    };
    state.accounts.push(bot);
    state.apps.push(created);
    const expiresAt = toTimestamp(new Date(clock.now().getTime() + CODE_LIFE_MS));
    state.manifestCodes.push({ codeHash: hashSecret(code), appId: created.id, expiresAt });
    return created;
  });
  sendPing(ghes, app, creator);
  return code;
}

/**
 * Exchanges a code for the app's credentials, once. The server stores only hashes and the public key.
 *
 * @throws ApiError 404 if the code is unknown, used or older than an hour
 */
export async function convertManifestCode(ghes: Ghes, code: string): Promise<AppCredentials> {
  const { store, clock } = ghes;
  const entry = store.state.manifestCodes.find((item) => item.codeHash === hashSecret(code));
  if (!entry) throw notFound();
  store.change((state) => (state.manifestCodes = state.manifestCodes.filter((item) => item !== entry)));
  if (new Date(entry.expiresAt) <= clock.now()) throw notFound();
  const app = appById(store, entry.appId);
  return {
    app,
    clientSecret: newClientSecret(ghes, app),
    pem: await newPrivateKey(ghes, app),
    webhookSecret: app.hook.secret,
  };
}

export function newClientSecret(ghes: Ghes, app: App): string {
  const secret = randomBytes(20).toString('hex');
  ghes.given.add('client-secret', secret);
  ghes.store.change(() => app.clientSecretHashes.push(hashSecret(secret)));
  return secret;
}

/** Adds a key to the app. @returns the private key as PEM (PKCS#1), which is not stored */
export async function newPrivateKey(ghes: Ghes, app: App): Promise<string> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const fingerprint = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
  ghes.store.change(() =>
    app.keys.push({
      id: ghes.store.nextId('key'),
      publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      fingerprint: `SHA256:${fingerprint}`,
      createdAt: ghes.clock.timestamp(),
    }),
  );
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  ghes.given.add('private-key', pem);
  return pem;
}
