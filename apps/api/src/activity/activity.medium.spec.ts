import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Activity, Page } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import { decodeJwt } from 'jose';
import { pino } from 'pino';
import { PUBLIC_URL } from '../../test/test-api.js';
import { seed } from '../../test/seed.js';
import type { Seeded } from '../../test/seed.js';
import { useApi } from '../../test/use-api.js';
import { LiveEventHub } from '../live/live-event-hub.js';

describe('the activity log', () => {
  const api = useApi();
  let acme: Seeded;
  beforeAll(async () => {
    acme = await seed(api.resources.dataSource, 'org_acme');
  });

  const list = async (query = '', as = 'ada') =>
    (await api.json('GET', `/v1/activity${query}`, { as })) as unknown as Page<Activity>;

  it('attack: the activity log identifies the member who deletes something', async () => {
    await api.call('DELETE', `/v1/projects/${acme.projectId}`);
    const { items } = await list();
    expect(items[0]).toMatchObject({
      action: 'project.delete',
      target: acme.projectId,
      subject: 'local|ada',
      name: 'Ada',
      protocol: 'http',
      address: '127.0.0.1',
      outcome: 'ok',
      sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('records a change that failed with its error code, and the organization of the caller', async () => {
    await api.call('DELETE', `/v1/connections/${acme.connectionId}?name=wrong`, { as: 'mallory' });
    const [newest] = (await list('', 'mallory')).items;
    expect(newest).toMatchObject({ action: 'connection.delete', outcome: 'not-found', name: 'Mallory' });
    expect((await list()).items.map(({ name }) => name)).not.toContain('Mallory');
  });

  it('is paged with a cursor, the newest first', async () => {
    for (const name of ['One', 'Two']) {
      await api.call('POST', '/v1/projects', { body: { name, repositoryId: 'rep_x', productionBranch: 'main' } });
    }
    const first = await list('?limit=1');
    const second = await list(`?limit=1&after=${first.endCursor ?? ''}`);
    const names = [first, second].map(({ items }) => items[0]?.details['name']);
    expect(names).toEqual(['Two', 'One']);
  });

  it('attack: a member without the role admin cannot read who did what', async () => {
    expect((await api.call('GET', '/v1/activity', { as: 'grace' })).status).toBe(403);
  });

  it('attack: the session cookie is worth nothing after signing out, and its event stream ends', async () => {
    const signedIn = await api.call('POST', '/auth/local/sign-in', { as: null, body: { user: 'ada' } });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const session = { as: null, headers: { cookie, origin: PUBLIC_URL } };
    expect((await api.call('GET', '/v1/session', session)).status).toBe(200);
    const events = await api.call('GET', '/v1/events', session);

    expect((await api.call('POST', '/auth/sign-out', session)).status).toBe(204);

    expect(await events.text()).toContain('retry');
    const after = await api.call('GET', '/v1/session', session);
    expect([after.status, ((await after.json()) as { code: string }).code]).toEqual([401, 'unauthenticated']);
    expect((await api.call('GET', '/v1/session')).status).toBe(200);
  });

  it('attack: signing out ends the event streams on other replicas', async () => {
    const { url } = api.resources.dataSource.options as { url: string };
    const replica = new LiveEventHub(url, pino({ enabled: false }), {
      ...{ perCaller: 9, perOrganization: 9, recentEvents: 9 },
    });
    await replica.start();
    try {
      const signedIn = await api.call('POST', '/auth/local/sign-in', { as: null, body: { user: 'ada' } });
      const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
      const { jti: sessionId = '' } = decodeJwt(cookie.slice(cookie.indexOf('=') + 1));
      const ended: string[] = [];
      const join = (session: string) => {
        const stream = {
          event: () => undefined,
          position: () => undefined,
          gap: () => undefined,
          end: () => void ended.push(session),
        };
        replica.join({ organizationId: 'org_acme', subject: 'local|ada', sessionId: session }, stream, null);
      };
      join(sessionId);
      join('another session');
      await api.call('POST', '/auth/sign-out', { as: null, headers: { cookie, origin: PUBLIC_URL } });
      await eventually(() => ended.length > 0);
      expect(ended).toEqual([sessionId]);
    } finally {
      await replica.close();
    }
  });
});
