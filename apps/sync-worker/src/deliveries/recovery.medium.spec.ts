import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@reunite/testing';
import { VaultError } from '@reunite/vault-client';
import { followDeliveryLog, TestReceiver } from '../../test/delivery-log.js';
import { useWorker } from '../../test/use-worker.js';
import type { Project } from '../../test/project.js';

interface Recovery {
  readonly missed: number;
  readonly recovered: number;
  readonly lost: number;
  readonly open: number;
  readonly skippedReason: string | null;
}

const worker = useWorker();
describe('recovery of deliveries', () => {
  let project: Project;
  let receiver: TestReceiver;
  /** Id of the newest delivery in the log when the test began. */
  let start: number;

  beforeEach(async () => {
    await worker().start();
    receiver = await TestReceiver.start(worker());
    project = await worker().connect({ branchPreviews: 'all' });
    await query(`UPDATE connection SET app_id = 7, created_at = now() - interval '1 day'`);
    followDeliveryLog(worker().vault, worker().ghes);
    await worker().ghes.sendWebhooksTo(receiver.urlOf(project.connectionId));
    // The deliveries of earlier tests were for other connections.
    const [newest] = (await (await worker().ghes.asApp('GET', '/app/hook/deliveries')).json()) as { id: number }[];
    start = newest?.id ?? 0;
    await query('INSERT INTO delivery_recovery (connection_id, read_to) VALUES ($1, $2)', [
      project.connectionId,
      start,
    ]);
  });
  afterEach(async () => {
    await worker().ghes.sendWebhooksTo('');
    await receiver.stop();
  });

  const query = <Row>(sql: string, values: unknown[] = []) => worker().resources.dataSource.query<Row[]>(sql, values);

  /** Runs the job as if the time for requested deliveries to arrive had passed. */
  async function recover(): Promise<void> {
    await query(`UPDATE missed_delivery SET requested_at = requested_at - interval '5 minutes'`);
    await worker().rerun('recoverDeliveries', { v: 1, connectionId: project.connectionId });
    await worker().ghes.settleDeliveries();
  }

  async function recovery(): Promise<Recovery> {
    const [row] = await query<Recovery>(
      `SELECT missed::int, recovered::int, lost::int, skipped_reason AS "skippedReason",
                (SELECT count(*)::int FROM missed_delivery WHERE lost_at IS NULL) AS open
           FROM delivery_recovery WHERE connection_id = $1`,
      [project.connectionId],
    );
    return row!;
  }

  /** True if every ref of the server is synced to its commit. */
  async function hasConverged(): Promise<boolean> {
    const heads = worker().ghes.git.git('for-each-ref', '--format=%(refname) %(objectname)', '--sort=refname');
    return (await project.synced()).join('\n') === heads;
  }

  const redeliveries = async () => (await worker().ghes.requests('POST /api/v3/app/hook/deliveries/*')).length;
  const payloadReads = async () =>
    (await worker().ghes.requests('GET /api/v3/app/hook/deliveries/*')).filter(({ path }) => /\d$/.test(path)).length;

  it('reaches the state of the server after dropped, lost, doubled and reordered deliveries (P2, P3)', async () => {
    const { ghes } = worker();
    ghes.git.push('main', { 'index.md': '# Welcome' });
    await ghes.settleDeliveries();
    // In this order: of each push, one delivery for the ref's creation and one for its commits.
    for (const kind of ['drop', 'duplicate', 'swallow', 'reorder', 'drop', 'drop', 'duplicate', 'reorder']) {
      await ghes.deliveryFault(kind);
    }
    ghes.git.push('one', { 'one.md': '# One' });
    ghes.git.push('two', { 'two.md': '# Two' });
    ghes.git.push('main', { 'index.md': '# Welcome back' });
    ghes.git.push('one', { 'one.md': '# One, again' });
    ghes.git.delete('two');
    ghes.git.push('three', { 'three.md': '# Three' });
    await ghes.settleDeliveries();

    await recover();
    await recover();
    await eventually(hasConverged, { withinMs: 20_000 });
    const { missed, recovered, ...rest } = await recovery();
    expect(missed).toBe(4);
    expect({ recovered, ...rest }).toEqual({ recovered: 4, lost: 0, open: 0, skippedReason: null });
    const rows = await query<{ guid: string }>('SELECT guid FROM webhook_delivery ORDER BY guid');
    expect(new Set(rows.map(({ guid }) => guid)).size).toBe(rows.length);
    expect([await redeliveries(), await payloadReads()]).toEqual([4, 0]);
  });

  it('reads the payloads from the log if redeliveries do not arrive', async () => {
    const { ghes } = worker();
    receiver.rejects = true;
    ghes.git.push('main', { 'index.md': '# Welcome' });
    ghes.git.push('topic', { 'topic.md': '# Topic' });
    await ghes.settleDeliveries();
    await recover();
    expect(await recovery()).toMatchObject({ recovered: 0, lost: 0 });
    const { missed } = await recovery();
    expect(missed).toBeGreaterThan(0);

    await recover();
    expect(await recovery()).toEqual({ missed, recovered: missed, lost: 0, open: 0, skippedReason: null });
    await eventually(hasConverged, { withinMs: 20_000 });
    // What the server delivers later is a duplicate.
    receiver.rejects = false;
    const [newest] = (await (await ghes.asApp('GET', '/app/hook/deliveries')).json()) as { id: number }[];
    await ghes.asApp('POST', `/app/hook/deliveries/${newest!.id}/attempts`);
    await ghes.settleDeliveries();
    expect(await query('SELECT 1 FROM webhook_delivery')).toHaveLength(missed);
  });

  it('gives up what the log no longer has, and does not ask again', async () => {
    const { ghes, vault } = worker();
    await ghes.deliveryFault('drop', 2);
    ghes.git.push('main', { 'index.md': '# Welcome' });
    await ghes.settleDeliveries();
    vault.redeliverWebhooks = ({ deliveryIds }) => Promise.resolve({ missingIds: [...deliveryIds] });
    await recover();
    const { missed } = await recovery();
    expect(await recovery()).toEqual({ missed, recovered: 0, lost: missed, open: 0, skippedReason: null });
    await query('UPDATE delivery_recovery SET read_to = $1', [start]);
    await recover();
    expect(await recovery()).toEqual({ missed, recovered: 0, lost: missed, open: 0, skippedReason: null });
  });

  it('asks for nothing while the webhooks of the app go to another address', async () => {
    const { ghes } = worker();
    await ghes.sendWebhooksTo(receiver.urlOf('con_of_another'));
    await ghes.deliveryFault('drop', 2);
    ghes.git.push('main', { 'index.md': '# Welcome' });
    await ghes.settleDeliveries();
    await recover();
    const { skippedReason, missed } = await recovery();
    expect([missed, skippedReason]).toEqual([0, expect.stringContaining('con_of_another')]);
    expect(await redeliveries()).toBe(0);
  });

  it('skips a server without the log or the permission, with the reason', async () => {
    const { vault } = worker();
    vault.listWebhookDeliveries = () => Promise.reject(new VaultError('Not found.', 'ghes-not-found'));
    await recover();
    expect((await recovery()).skippedReason).toContain('no log of deliveries');
    vault.listWebhookDeliveries = () => Promise.reject(new VaultError('Forbidden.', 'ghes-forbidden'));
    await recover();
    expect((await recovery()).skippedReason).toContain('does not let the app read');
    followDeliveryLog(vault, worker().ghes);
    await recover();
    expect((await recovery()).skippedReason).toBeNull();
  });

  it('stops at a rate limit of the server, and continues where it was', async () => {
    const { ghes } = worker();
    await ghes.deliveryFault('drop', 4);
    ghes.git.push('main', { 'index.md': '# Welcome' });
    ghes.git.push('topic', { 'topic.md': '# Topic' });
    await ghes.settleDeliveries();
    const limited = () => Promise.reject(new VaultError('Too many requests.', 'ghes-rate-limited'));
    worker().vault.redeliverWebhooks = limited;
    await recover();
    const { missed, skippedReason } = await recovery();
    expect(skippedReason).toContain('limits the rate');
    const [{ due } = { due: false }] = await query<{ due: boolean }>(
      `SELECT due_at BETWEEN now() + interval '1 minute' AND now() + interval '3 minutes' AS due FROM delivery_recovery`,
    );
    expect(due).toBe(true);
    followDeliveryLog(worker().vault, ghes);
    await recover();
    await recover();
    expect(await recovery()).toEqual({ missed, recovered: missed, lost: 0, open: 0, skippedReason: null });
  });

  it('catches up with a long outage in bounded runs, oldest first', async () => {
    const { vault } = worker();
    const count = 2_345;
    const deliveredAt = new Date(Date.now() - 3_600_000).toISOString();
    const log = Array.from({ length: count }, (_, index) => ({
      ...{ id: `9000000000000000000${String(index).padStart(4, '0')}`, guid: `outage-${index}`, event: 'push' },
      ...{ deliveredAt, statusCode: 502 },
    })).reverse();
    const pages: number[] = [];
    const asked: string[] = [];
    vault.listWebhookDeliveries = ({ cursor }) => {
      const from = Number(cursor);
      pages.push(from);
      const nextCursor = from + 100 < count ? String(from + 100) : '';
      const webhookUrl = receiver.urlOf(project.connectionId);
      return Promise.resolve({ webhookUrl, deliveries: log.slice(from, from + 100), nextCursor });
    };
    vault.redeliverWebhooks = ({ deliveryIds }) => {
      asked.push(...deliveryIds);
      return Promise.resolve({ missingIds: [] });
    };
    await query('UPDATE delivery_recovery SET read_to = 0');
    const runs = async (number: number) => {
      for (let run = 0; run < number; run++) {
        await worker().rerun('recoverDeliveries', { v: 1, connectionId: project.connectionId });
      }
    };
    await runs(1);
    expect([pages.length, asked.length, (await recovery()).missed]).toEqual([10, 100, 1_000]);
    await runs(2);
    expect([pages.length, asked.length, (await recovery()).missed]).toEqual([24, 300, count]);
    // The whole log is read: each further run looks at the newest page only.
    await runs(1);
    expect([pages.length, asked.length]).toEqual([25, 400]);
    expect(asked.slice(200).map((id) => Number(id.slice(-4)))).toEqual(Array.from({ length: 200 }, (_, at) => at));
    const [{ due } = { due: false }] = await query<{ due: boolean }>(
      `SELECT due_at < now() + interval '1 minute' AS due FROM delivery_recovery`,
    );
    expect(due).toBe(true);
  });

  it('attack: a log without an end fills no table', async () => {
    let served = 0;
    worker().vault.listWebhookDeliveries = () => {
      const deliveredAt = new Date(Date.now() - 3_600_000).toISOString();
      const deliveries = Array.from({ length: 100 }, () => {
        served += 1;
        return { id: String(start + served), guid: `endless-${served}`, event: 'push', deliveredAt, statusCode: 502 };
      });
      return Promise.resolve({
        webhookUrl: receiver.urlOf(project.connectionId),
        deliveries,
        nextCursor: `c${served}`,
      });
    };
    worker().vault.redeliverWebhooks = () => Promise.resolve({ missingIds: [] });
    await query(
      `INSERT INTO missed_delivery (connection_id, key, server_id, guid, event, delivered_at, lost_at)
       SELECT $1, gen_random_uuid(), at, at, 'push', now(), now() FROM generate_series(1, 99500) AS at`,
      [project.connectionId],
    );
    await recover();
    await recover();
    expect(served).toBe(1_000);
    expect(await recovery()).toMatchObject({ missed: 1_000, skippedReason: expect.stringContaining('100,000') });
    // The rows expire, and the recovery reads on.
    await query(`UPDATE missed_delivery SET lost_at = now() - interval '15 days'`);
    await recover();
    await recover();
    expect(served).toBe(2_000);
    expect(await recovery()).toMatchObject({ missed: 2_000, skippedReason: null });
  });

  it.each([
    ['another id', { guid: 'of-another-delivery' }],
    ['no valid event', { event: 'push\u0000' }],
  ])('attack: a payload with %s is not stored, and not asked for again', async (_, forged) => {
    const { ghes, vault } = worker();
    await ghes.deliveryFault('drop', 2);
    ghes.git.push('main', { 'index.md': '# Welcome' });
    await ghes.settleDeliveries();
    receiver.rejects = true;
    const { readWebhookDelivery } = vault;
    let reads = 0;
    vault.readWebhookDelivery = async (request) => {
      reads += 1;
      return { ...(await readWebhookDelivery(request)), ...forged };
    };
    await recover();
    await recover();
    const { missed } = await recovery();
    expect(missed).toBeGreaterThan(0);
    expect(await recovery()).toMatchObject({ lost: missed, open: 0, recovered: 0 });
    await recover();
    expect(reads).toBe(missed);
    expect(await query('SELECT 1 FROM webhook_delivery')).toEqual([]);
  });
});
