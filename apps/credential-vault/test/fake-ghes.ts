import { createVerify, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { FakeOAuth } from './fake-oauth.js';

/** The operations of a GHES that the vault uses, with a real key pair. All instances have the same ids (P6). */
export interface FakeGhes {
  readonly origin: string;
  /** Every secret that this server returned. */
  readonly secrets: string[];
  readonly requests: { route: string; body: unknown; authorization: string }[];
  /** Webhook secret and owner in the next manifest conversions. */
  webhookSecret: string | null;
  owner: string;
  /** Number of further requests as the app that are answered 401, as by a server that has just created it. */
  notReadyFor: number;
  suspended: boolean;
  /** Difference between its clock and ours, which affects JWTs, the Date header and the expiry of tokens. */
  clockSkewMs: number;
  tokenLifeMs: number;
  /** Appended to every installation token. */
  tokenPadding: string;
  /** Routes whose next requests are answered 502, one per entry. */
  failing: string[];
  /** Delay of a route's responses in ms. */
  readonly delays: Map<string, number>;
  /** The current secret of the app's webhook. */
  hookSecret: string | null;
  /** Public keys of the app. */
  acceptedKeys: string[];
  /** The app's id in responses. */
  appId: number;
  /** Users and their authorizations of the app. */
  readonly oauth: FakeOAuth;
  /** Routes of requests whose connection was closed before the response. */
  readonly abandoned: string[];
  /** Called with each route before the response. */
  onRequest: (route: string) => void;
  count(route: string): number;
  close(): Promise<void>;
}

export const APP_ID = 1;
export const CLIENT_ID = 'Iv1.0123456789abcdef';
export const INSTALLATION_ID = 7;
const TOKEN_DELAY_MS = 30;

export function rsaKeyPair(type: 'pkcs1' | 'pkcs8') {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type, format: 'pem' },
  });
}

/** One line of a key: a search for the whole text would miss copies with other line breaks. */
export function lineOf(privateKey: string): string {
  return privateKey.split('\n')[5] ?? '';
}

export async function startFakeGhes(): Promise<FakeGhes> {
  const { privateKey, publicKey } = rsaKeyPair('pkcs1');
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const now = () => Date.now() + ghes.clockSkewMs;
  const secret = (padding = '') => {
    const value = `secret-${randomBytes(16).toString('hex')}${padding}`;
    ghes.secrets.push(value);
    return value;
  };
  const ghes: FakeGhes = {
    origin,
    secrets: [lineOf(privateKey)],
    acceptedKeys: [publicKey],
    appId: APP_ID,
    oauth: new FakeOAuth(secret),
    requests: [],
    webhookSecret: null,
    owner: 'acme',
    notReadyFor: 0,
    suspended: false,
    clockSkewMs: 0,
    tokenLifeMs: 3_600_000,
    tokenPadding: '',
    failing: [],
    delays: new Map(),
    abandoned: [],
    hookSecret: null,
    onRequest: () => undefined,
    count: (route) => ghes.requests.filter((request) => request.route === route).length,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  const app = () => ({
    id: ghes.appId,
    slug: 'reunite',
    name: 'Reunite',
    client_id: CLIENT_ID,
    html_url: `${origin}/github-apps/reunite`,
    owner: { id: 3, login: ghes.owner, type: 'Organization' },
    permissions: { contents: 'write', metadata: 'read' },
    events: ['push'],
  });

  const routes: Record<string, (body: Record<string, unknown>) => unknown> = {
    'POST /app-manifests/conversions': () => ({
      ...app(),
      client_secret: ghes.oauth.newClientSecret(),
      webhook_secret: ghes.webhookSecret,
      pem: privateKey,
    }),
    'GET /app': app,
    'GET /meta': () => ({ verifiable_password_authentication: false, installed_version: '3.19.0' }),
    'PATCH /app/hook/config': (body) => {
      ghes.hookSecret = String(body['secret']);
      ghes.secrets.push(ghes.hookSecret);
      return { url: 'http://localhost/webhooks', content_type: 'json' };
    },
    'GET /app/installations': () => [
      {
        id: INSTALLATION_ID,
        app_id: APP_ID,
        app_slug: 'reunite',
        account: { id: 3, login: 'acme', type: 'Organization' },
        target_type: 'Organization',
        repository_selection: 'all',
        permissions: { contents: 'write' },
        events: ['push'],
        html_url: `${origin}/organizations/acme/settings/installations/7`,
        suspended_at: ghes.suspended ? '2026-01-01T00:00:00Z' : null,
      },
    ],
    'POST /app/installations/access_tokens': () => ({
      token: secret(ghes.tokenPadding),
      expires_at: new Date(now() + ghes.tokenLifeMs).toISOString(),
    }),
    'DELETE /installation/token': () => null,
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace('/api/v3', '').replace(/\?.*$/, '');
    const plain = path
      .replace(/^(\/app-manifests)\/[^/]+/, '$1')
      .replace(/^(\/app\/installations)\/\d+/, '$1')
      .replace(/^(\/applications)\/[^/]+/, '$1');
    const route = `${request.method ?? ''} ${plain}`;
    const body = await readJson(request);
    const authorization = request.headers.authorization ?? '';
    ghes.requests.push({ route, body, authorization });
    ghes.onRequest(route);
    response.once('close', () => {
      if (!response.writableFinished) ghes.abandoned.push(route);
    });
    await wait(ghes.delays.get(route) ?? 0);
    const [status, value] =
      ghes.oauth.answer(route, body, authorization, ghes.failing) ?? (await outcome(route, body, authorization));
    response.writeHead(status, { 'content-type': 'application/json', date: new Date(now()).toUTCString() });
    response.end(status === 204 ? '' : JSON.stringify(value));
  }

  async function outcome(
    route: string,
    body: Record<string, unknown>,
    authorization: string,
  ): Promise<[status: number, value: unknown]> {
    const handler = routes[route];
    if (!handler) return [404, { message: 'Not Found' }];
    if (ghes.failing.includes(route)) {
      ghes.failing.splice(ghes.failing.indexOf(route), 1);
      return [502, { message: 'Bad Gateway' }];
    }
    if (route === 'POST /app-manifests/conversions') return [201, handler(body)];
    if (route === 'DELETE /installation/token') return [204, null];
    if (route === 'GET /meta') return [200, handler(body)];
    if (issuerOf(authorization) !== APP_ID) return [404, { message: 'Integration not found' }];
    const signed = ghes.acceptedKeys.some((key) => isSigned(authorization, key));
    if (ghes.notReadyFor-- > 0 || !signed || !isCurrent(authorization, now()))
      return [401, { message: 'A JSON web token could not be decoded' }];
    if (!route.endsWith('/access_tokens')) return [200, handler(body)];
    await wait(TOKEN_DELAY_MS);
    if (ghes.suspended) return [403, { message: 'This installation has been suspended' }];
    return [201, handler(body)];
  }

  return ghes;
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (request.headers['content-type'] === 'application/x-www-form-urlencoded') {
    return Object.fromEntries(new URLSearchParams(text));
  }
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

function isSigned(authorization: string, publicKey: string): boolean {
  const [header = '', payload = '', signature = ''] = authorization.replace('Bearer ', '').split('.');
  return createVerify('sha256').update(`${header}.${payload}`).verify(publicKey, Buffer.from(signature, 'base64url'));
}

/** True if the JWT is not from the future, not expired and valid for at most ten minutes. */
function isCurrent(authorization: string, now: number): boolean {
  const { iat = NaN, exp = NaN } = claimsOf(authorization);
  return iat * 1_000 <= now && exp * 1_000 > now && exp - iat <= 600;
}

function issuerOf(authorization: string): number {
  return Number(claimsOf(authorization).iss);
}

function claimsOf(authorization: string): { iss?: unknown; iat?: number; exp?: number } {
  const [, payload = ''] = authorization.split('.');
  if (payload === '') return {};
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { iss: unknown; iat: number; exp: number };
}
