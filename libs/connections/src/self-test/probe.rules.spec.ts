import { describe, expect, it } from '@jest/globals';
import type { VaultWebhook } from '@reunite/contracts';
import { neededEvents, neededPermissions } from '../app-manifest.rules.js';
import {
  certificateProbe,
  clockProbe,
  deliveryLagProbe,
  eventsProbe,
  installationsProbe,
  permissionsProbe,
  rulesetsProbe,
  webhookContentProbe,
  webhookDeliveriesProbe,
  webhookPingProbe,
  webhookUrlProbe,
} from './probe.rules.js';

const certificate = {
  subject: 'CN=ghes',
  issuer: 'CN=Acme CA',
  fingerprint: '',
  validFrom: '2026-01-01T00:00:00Z',
  validTo: '2027-01-01T00:00:00Z',
};
const installation = {
  id: 7,
  owner: 'acme',
  ownerType: 'Organization',
  repositorySelection: 'all',
  suspended: false,
  permissions: { ...neededPermissions },
};
const webhook: VaultWebhook = { url: '', contentType: 'json', verifiesCertificates: true, deliveries: [] };
const delivery = (statusCode: number) => ({ event: 'push', status: 'OK', statusCode, deliveredAt: '2026-01-01' });

describe('the probes of a self-test', () => {
  it.each([
    [200, 'ok'],
    [31, 'ok'],
    [30, 'warning'],
    [0, 'warning'],
    [-1, 'failed'],
  ])('a certificate with %s days left: %s', (daysLeft, state) => {
    expect(certificateProbe('certificate', [{ ...certificate, daysLeft }]).state).toBe(state);
  });

  it('report the certificate of a profile that expires first, and no expired authority as a failure', () => {
    const certificates = [90, -1, 200].map((daysLeft) => ({ ...certificate, subject: `CN=${daysLeft}`, daysLeft }));
    expect(certificateProbe('client-certificate', certificates)).toMatchObject({
      state: 'failed',
      evidence: expect.stringContaining('CN=-1'),
      remedy: expect.stringContaining('client certificate'),
    });
    expect(certificateProbe('ca-bundle', certificates)).toMatchObject({ state: 'warning' });
    expect(certificateProbe('ca-bundle', [])).toMatchObject({ state: 'skipped' });
  });

  it.each([
    [59, 'ok', 'ahead'],
    [-61, 'warning', 'behind'],
  ])('a clock that is %s s ahead: %s', (seconds, state, direction) => {
    expect(clockProbe(seconds)).toMatchObject({ state, evidence: expect.stringContaining(direction) });
  });

  it('name the permissions and events that an app lacks', () => {
    expect(permissionsProbe({ permissions: { ...neededPermissions } }).state).toBe('ok');
    const { contents: _, ...without } = neededPermissions;
    expect(permissionsProbe({ permissions: without }).evidence).toContain('contents: write');
    expect(eventsProbe({ events: [...neededEvents] }).state).toBe('ok');
    expect(eventsProbe({ events: [] })).toMatchObject({ state: 'failed', evidence: expect.stringContaining('push') });
  });

  it('tell a missing, a suspended and an outdated installation apart', () => {
    expect(installationsProbe([installation]).state).toBe('ok');
    expect(installationsProbe([]).evidence).toContain('not installed');
    expect(installationsProbe([{ ...installation, suspended: true }]).evidence).toContain('suspended');
    expect(installationsProbe([{ ...installation, permissions: {} }]).remedy).toContain('accept');
  });

  it('report what the rules of a branch reject, and required statuses that are never reported', () => {
    const branch = { name: 'acme/docs main', rules: ['pull_request'], unreported: [] };
    expect(rulesetsProbe([]).state).toBe('skipped');
    expect(rulesetsProbe([branch])).toMatchObject({ state: 'ok', evidence: expect.stringContaining('pull request') });
    expect(rulesetsProbe([{ ...branch, rules: ['required_signatures'] }])).toMatchObject({
      state: 'warning',
      evidence: 'acme/docs main requires signed commits.',
    });
    expect(rulesetsProbe([{ ...branch, unreported: ['Reunite (Old): build'] }])).toMatchObject({
      state: 'failed',
      evidence: expect.stringContaining('acme/docs main requires Reunite (Old): build'),
    });
  });

  it('expect no repository permissions of an installation on an enterprise', () => {
    const enterprise = { ...installation, owner: 'acme-group', ownerType: 'Enterprise', permissions: {} };
    expect(installationsProbe([installation, enterprise]).state).toBe('ok');
    expect(installationsProbe([enterprise])).toMatchObject({
      state: 'warning',
      evidence: 'The app is installed on the enterprise acme-group only, which has no repositories.',
    });
  });

  it('accept the URLs that reach the connection, by origin and path or by path only', () => {
    const state = (url: string, accepted: string[]) => webhookUrlProbe({ ...webhook, url }, accepted).state;
    expect(state('https://in.example/webhooks/github/con_1', ['https://in.example/webhooks/github/con_1'])).toBe('ok');
    expect(state('https://old.example/webhooks/github/con_1', ['https://in.example/webhooks/github/con_1'])).toBe(
      'failed',
    );
    expect(state('https://any.example/webhooks/github/con_1', ['/webhooks/github/con_1'])).toBe('ok');
    expect(state('', ['/webhooks/github/con_1'])).toBe('failed');
  });

  it('report another content type and an unverified certificate', () => {
    expect(webhookContentProbe(webhook).state).toBe('ok');
    expect(webhookContentProbe({ ...webhook, contentType: 'form' }).state).toBe('failed');
    expect(webhookContentProbe({ ...webhook, verifiesCertificates: false }).state).toBe('warning');
  });

  it('attack: text of the server is cut, and without characters that PostgreSQL rejects', () => {
    const { evidence } = webhookPingProbe({ event: 'a\u0000\ud800', status: 'x'.repeat(100_000), statusCode: 500 });
    expect(evidence).toHaveLength(1_000);
    expect(evidence).toMatch(/^A delivery \(a\u{fffd}\u{fffd}\) ended with "x/u);
  });

  it('count failed deliveries up to the last success, and explain the last one', () => {
    const of = (...codes: number[]) => webhookDeliveriesProbe({ ...webhook, deliveries: codes.map(delivery) });
    expect(of(202, 500, 500).state).toBe('ok');
    expect(of(401, 401, 202)).toMatchObject({
      state: 'failed',
      evidence: expect.stringContaining('last 2 deliveries'),
      remedy: expect.stringContaining('secret'),
    });
    expect(of().state).toBe('warning');
  });

  it('tell a received, an unanswered, a rejected and an impossible ping apart', () => {
    const of = (statusCode: number) => webhookPingProbe({ event: 'ping', status: '', statusCode }).state;
    expect([of(202), of(0), of(404), webhookPingProbe(null).state]).toEqual(['ok', 'warning', 'failed', 'skipped']);
  });

  it('report deliveries that wait for more than a minute', () => {
    expect([null, 60, 61].map((seconds) => deliveryLagProbe(seconds).state)).toEqual(['ok', 'ok', 'warning']);
  });
});
