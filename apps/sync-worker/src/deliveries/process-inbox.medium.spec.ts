import { describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { deliveryKey, shardOf } from '@reunite/deliveries';
import { eventually } from '@reunite/testing';
import { VaultError } from '@reunite/vault-client';
import { onBothQueues } from '../../test/use-worker.js';
import { pushPayload } from '../../test/project.js';

const commit = (digit: string) => digit.repeat(40);
const moved = (name: string, digit: string) =>
  pushPayload({ ref: `refs/heads/${name}`, before: commit('0'), after: commit(digit) });

function pullRequest(number: number, title: string) {
  const texts = { title, state: 'open', user: null, html_url: '', updated_at: '2026-01-01T00:00:00Z' };
  const head = { ref: 'topic', sha: commit('1'), repo: { id: 7 } };
  return { action: 'opened', number, pull_request: { ...texts, head, base: { ref: 'main', repo: { id: 7 } } } };
}

onBothQueues((worker) => {
  describe('a batch of deliveries', () => {
    it('fails those whose values the database rejects, with the reason, and processes the others', async () => {
      await worker().start();
      const project = await worker().connect();
      const first = await project.accept('push', moved('one', '1'));
      const nul = await project.accept('pull_request', pullRequest(3, 'U+0000: \0'));
      const last = await project.accept('push', moved('three', '3'));
      await project.wakeWorker();
      await eventually(async () => (await project.outcome(last))?.includes('three'));
      expect(await project.outcome(first)).toContain('one');
      await eventually(async () => (await project.outcome(nul)) !== null);
      expect(await stateOf(nul)).toEqual({ failed: true, outcome: expect.stringContaining('cannot be stored') });
    });

    it('fails a pull request with a number out of range, at once', async () => {
      await worker().start();
      const project = await worker().connect();
      const id = await project.deliver('pull_request', pullRequest(1e12, 'Fix'));
      await eventually(async () => (await project.outcome(id)) !== null, { withinMs: 5_000 });
      expect((await stateOf(id)).failed).toBe(true);
    });

    it('postpones only the deliveries for which the vault is needed, and processes them when it is back', async () => {
      await worker().start();
      const project = await worker().connect();
      worker().vault.failure = new VaultError('The vault is unreachable.', 'vault-unavailable');
      const installation = {
        id: 7,
        app_id: 1,
        account: { login: 'acme' },
        repository_selection: 'all',
        permissions: {},
      };
      const needsVault = await project.accept('installation', { action: 'suspend', installation });
      const push = await project.accept('push', moved('main', '1'));
      await project.wakeWorker();
      await eventually(async () => (await project.outcome(push)) !== null, { withinMs: 5_000 });
      expect(await project.outcome(needsVault)).toBeNull();
      worker().vault.failure = null;
      await eventually(async () => (await project.outcome(needsVault))?.includes('will be refreshed'));
    });

    it('is postponed if its connection stays locked, and processed later', async () => {
      await worker().start();
      const project = await worker().connect();
      const { dataSource } = worker().resources;
      const id = await project.accept('push', moved('main', '1'));
      await dataSource.transaction(async (db) => {
        await db.query('SELECT 1 FROM connection WHERE id = $1 FOR UPDATE', [project.connectionId]);
        await project.wakeWorker();
        await eventually(() => worker().warnings.some((line) => line.includes('lock timeout')));
        expect(await project.outcome(id)).toBeNull();
      });
      await eventually(async () => (await project.outcome(id))?.includes('main'));
    });

    it('does not hold up other connections while one is locked', async () => {
      await worker().start();
      const [locked, free] = [await worker().connect(), await worker().connect()];
      const { dataSource } = worker().resources;
      const waiting = await locked.accept('push', moved('main', '1'));
      const others = [await free.accept('push', moved('main', '1')), await free.accept('star', moved('main', '1'))];
      await dataSource.transaction(async (db) => {
        await db.query('SELECT 1 FROM connection WHERE id = $1 FOR UPDATE', [locked.connectionId]);
        await Promise.all([locked.wakeWorker(), free.wakeWorker()]);
        for (const id of others) await eventually(async () => (await free.outcome(id)) !== null);
        expect(await locked.outcome(waiting)).toBeNull();
      });
      await eventually(async () => (await locked.outcome(waiting))?.includes('main'));
    });

    it('P2: does not apply a delivery whose id was processed in an earlier week', async () => {
      await worker().start();
      const project = await worker().connect();
      const earlier = await project.deliverPush({ ref: 'refs/heads/main', before: commit('0'), after: commit('1') });
      await eventually(async () => (await project.outcome(earlier)) !== null);
      const { dataSource } = worker().resources;
      const key = deliveryKey(project.connectionId, earlier).toString('hex');
      // Another partition: the unique index of a week does not know it.
      const copy = newId('delivery').replace('dlv_0', 'dlv_7');
      await dataSource.query('UPDATE webhook_delivery SET key = $2 WHERE id = $1', [earlier, key]);
      await dataSource.query(
        `INSERT INTO webhook_delivery (id, connection_id, shard, key, guid, event, size) VALUES ($1, $2, $3, $4, $5, 'push', 2)`,
        [copy, project.connectionId, shardOf(project.connectionId), key, earlier],
      );
      const body = { ...moved('other', '2'), repository: worker().ghes.repository };
      await dataSource.query('INSERT INTO webhook_payload VALUES ($1, 0, $2)', [
        copy,
        Buffer.from(JSON.stringify(body)),
      ]);
      await project.wakeWorker();
      await eventually(
        async () => (await project.outcome(copy)) === `Repeats delivery ${earlier}, which was processed`,
      );
    });

    it('deletes deliveries that were committed while their connection was deleted', async () => {
      await worker().start();
      const project = await worker().connect();
      const { dataSource } = worker().resources;
      await dataSource.query('DELETE FROM connection WHERE id = $1', [project.connectionId]);
      await project.deliver('push', moved('main', '1'));
      const rows = () => dataSource.query<unknown[]>('SELECT delivery_id FROM webhook_payload');
      await eventually(async () => (await rows()).length === 0);
      expect(worker().warnings).toEqual([]);
    });

    it('applies many deliveries of many connections, each once', async () => {
      await worker().start();
      const projects = [await worker().connect()];
      const ids: string[] = [];
      for (let index = 0; index < 300; index++) {
        ids.push(await projects[0]!.accept(index % 3 === 0 ? 'star' : 'push', moved(`b${index % 4}`, '1')));
      }
      await projects[0]!.wakeWorker();
      await eventually(async () => (await pendingCount()) === 0);
      expect(new Set(ids).size).toBe(300);
    });
  });

  async function stateOf(id: string): Promise<{ readonly failed: boolean; readonly outcome: string }> {
    const rows = await worker().resources.dataSource.query<{ failed: boolean; outcome: string }[]>(
      'SELECT failed_at IS NOT NULL AS failed, outcome FROM webhook_delivery WHERE id = $1',
      [id],
    );
    return rows[0]!;
  }

  async function pendingCount(): Promise<number> {
    const rows = await worker().resources.dataSource.query<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM webhook_delivery WHERE processed_at IS NULL AND failed_at IS NULL',
    );
    return rows[0]?.count ?? -1;
  }
});
