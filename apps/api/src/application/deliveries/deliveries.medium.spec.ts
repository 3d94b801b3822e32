import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Delivery, DeliveryPayload, Page, Problem } from '@reunite/contracts';
import { seed } from '../../../test/seed.js';
import type { Seeded } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';

describe('the deliveries of a connection', () => {
  const api = useApi();
  let things: Seeded;
  let path: string;

  beforeEach(async () => {
    things = await seed(api.resources.dataSource, 'org_acme');
    path = `/v1/connections/${things.connectionId}`;
  });

  const query = <Row>(sql: string, values: unknown[] = []) => api.resources.dataSource.query<Row[]>(sql, values);
  const list = async (filter: string) =>
    (await (await api.call('GET', `${path}/deliveries?${filter}`)).json()) as Page<Delivery>;

  it('are listed with what they are about and how long they took', async () => {
    await query(
      `UPDATE webhook_delivery SET repository = 'acme/docs', sender = 'octocat', action = 'opened', attempts = 2,
              processed_at = received_at + interval '1.5 seconds' WHERE id = $1`,
      [things.deliveryId],
    );
    const { items } = await list('state=processed&repository=ACME/docs');
    expect(items).toEqual([
      expect.objectContaining({
        ...{ id: things.deliveryId, event: 'push', action: 'opened', repository: 'acme/docs', sender: 'octocat' },
        ...{ state: 'processed', outcome: 'synced', attempts: 2, size: 2, durationMs: 1_500 },
      }),
    ]);
    expect((await list('state=failed')).items).toEqual([]);
    expect((await list(`search=${things.deliveryId}`)).items).toHaveLength(1);
    expect((await list('until=2020-01-01T00:00:00Z')).items).toEqual([]);
  });

  it.each([
    ['state', 'state=done'],
    ['since', 'since=yesterday'],
    ['limit', 'limit=1000'],
    ['repository', `repository=${'x'.repeat(300)}`],
  ])('reject an invalid %s, and name it', async (field, filter) => {
    const answer = await api.call('GET', `${path}/deliveries?${filter}`);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as Problem).violations).toEqual([expect.objectContaining({ path: field })]);
  });

  describe('a payload', () => {
    const payload = (as: string) => api.call('GET', `${path}/deliveries/${things.deliveryId}/payload`, { as });
    const store = (body: string, form = false) =>
      query(
        `WITH delivery AS (UPDATE webhook_delivery SET form = $3, size = length($2::bytea) WHERE id = $1 RETURNING id)
         INSERT INTO webhook_payload SELECT id, 0, $2::bytea FROM delivery`,
        [things.deliveryId, Buffer.from(body), form],
      );

    it('is returned to owners with its headers, without secret values', async () => {
      await store('{"ref":"refs/heads/main","hook":{"config":{"secret":"hunter2"}}}');
      const answer = (await (await payload('ada')).json()) as DeliveryPayload;
      expect(JSON.parse(answer.payload ?? '')).toEqual({
        ref: 'refs/heads/main',
        hook: { config: { secret: '[redacted]' } },
      });
      expect(answer.headers).toContainEqual({ name: 'x-github-event', value: 'push' });
    });

    it('is read from a form', async () => {
      await store(new URLSearchParams({ payload: '{"zen":"a+b"}' }).toString(), true);
      expect(JSON.parse(((await (await payload('ada')).json()) as DeliveryPayload).payload ?? '')).toEqual({
        zen: 'a+b',
      });
    });

    it('is not returned if it is large', async () => {
      await query('UPDATE webhook_delivery SET size = 20000000 WHERE id = $1', [things.deliveryId]);
      expect(await (await payload('ada')).json()).toMatchObject({ payload: null, size: 20_000_000 });
    });

    it('attack: is not returned to a member who is no owner, nor to another organization', async () => {
      expect((await payload('grace')).status).toBe(403);
      expect((await payload('mallory')).status).toBe(404);
    });
  });

  it('are processed again on demand, which is recorded', async () => {
    const redeliver = (as: string, id = things.deliveryId) =>
      api.call('POST', `${path}/deliveries/${id}/redeliver`, { as });
    expect((await redeliver('mallory')).status).toBe(404);
    expect((await redeliver('ada', 'dlv_missing')).status).toBe(404);
    // PostgreSQL rejects the character.
    expect((await redeliver('ada', '%00')).status).toBe(404);
    expect((await list('state=processed')).items).toHaveLength(1);
    expect((await redeliver('ada')).status).toBe(202);
    expect((await list('state=received')).items).toEqual([
      expect.objectContaining({ id: things.deliveryId, outcome: null, durationMs: null }),
    ]);
    const { items } = (await (await api.call('GET', '/v1/activity?limit=5')).json()) as Page<{ action: string }>;
    expect(items.map(({ action }) => action)).toContain('delivery.redeliver');
  });

  it('show how many did not arrive and were recovered', async () => {
    const nothing = { checkedAt: null, skippedReason: null, missed: 0, recovered: 0, lost: 0, open: 0 };
    expect(await api.json('GET', `${path}/delivery-recovery`)).toEqual(nothing);
    expect((await api.call('POST', `${path}/delivery-recovery`)).status).toBe(202);
    await query(
      `INSERT INTO delivery_recovery (connection_id, checked_at, missed, recovered) VALUES ($1, now(), 5, 3)`,
      [things.connectionId],
    );
    await query(
      `INSERT INTO missed_delivery (connection_id, key, server_id, guid, event, delivered_at)
       VALUES ($1, gen_random_uuid(), 1, 'g', 'push', now())`,
      [things.connectionId],
    );
    expect(await api.json('GET', `${path}/delivery-recovery`)).toEqual({
      ...nothing,
      ...{ checkedAt: expect.stringMatching(/^20/), missed: 5, recovered: 3, open: 1 },
    });
  });
});
