import { describe, expect, it } from '@jest/globals';
import { appWarning } from './app-warning.rules.js';

const app = {
  ...{ id: 7, slug: 'docs', name: 'Docs', htmlUrl: '', owner: 'acme', permissions: {} },
  events: ['create', 'delete', 'pull_request', 'push'],
};
const connection = { connectionId: 'con_1', isShared: false };
const warning = (changes: object, own = connection) => appWarning({ ...app, ...changes }, own);

describe('the warning for an app', () => {
  it('is none if it sends all events here', () => {
    expect(warning({})).toBeNull();
    expect(warning({ webhookUrl: 'https://hooks.example/webhooks/github/con_1' })).toBeNull();
    expect(warning({ webhookUrl: 'https://hooks.example/base/api/webhooks/git/github_server' })).toBeNull();
  });

  it('names the events that it does not subscribe to', () => {
    expect(warning({ events: ['push'] })).toContain('does not subscribe to create, delete, pull_request');
  });

  it('names the place where it sends webhooks instead', () => {
    expect(warning({ webhookUrl: 'https://elsewhere.example/hook' })).toContain('https://elsewhere.example/hook');
    expect(warning({ webhookUrl: 'https://hooks.example/webhooks/github/con_2' })).toContain('con_2');
    expect(warning({ webhookUrl: '' })).toContain('has no webhook URL');
  });

  it('is that another provider uses the app, which explains missing webhooks', () => {
    expect(warning({}, { ...connection, isShared: true })).toContain('Another provider uses the same app');
  });
});
