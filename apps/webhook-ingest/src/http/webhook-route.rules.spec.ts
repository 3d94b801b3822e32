import { describe, expect, it } from '@jest/globals';
import { isWebhookUrl, webhookRoute } from './webhook-route.rules.js';

const app = (id: string) => ({ 'x-github-hook-installation-target-id': id });

describe('the address of a webhook', () => {
  it.each(['/webhooks/github/con_1', '/webhooks/github/con_1/', '/webhooks/github/con_1?x=/healthz'])(
    '%s names the connection',
    (url) => {
      expect(isWebhookUrl(url)).toBe(true);
      expect(webhookRoute(url, app('7'))).toEqual({ kind: 'connection', connectionId: 'con_1' });
    },
  );

  it.each(['/api/webhooks/git/github_server', '/webhooks/git/github_server?a=b'])(
    '%s takes the app’s id from the header, and needs it',
    (url) => {
      expect(isWebhookUrl(url)).toBe(true);
      expect(webhookRoute(url, app('7'))).toEqual({ kind: 'app', appId: '7' });
      for (const id of ['', '0', '-1', '7a', '7, 8', '1'.repeat(19)]) expect(webhookRoute(url, app(id))).toBeNull();
      expect(webhookRoute(url, {})).toBeNull();
    },
  );

  it.each(['/', '/healthz', '/webhooks/github/', '/webhooks/github/a/b', '/webhooks', '/x?/webhooks/github/con_1'])(
    'is not %s',
    (url) => {
      expect(isWebhookUrl(url)).toBe(false);
    },
  );
});
