import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import { eventually, FakeVault } from '@reunite/testing';
import { onBothQueues } from '../test/use-worker.js';
import { SilentServer } from '../test/silent-server.js';

onBothQueues((worker) => {
  describe('when the server accepts requests and never answers', () => {
    let silent: SilentServer;
    beforeEach(async () => {
      silent = await SilentServer.start();
      worker().vault = new FakeVault(silent.origin);
      await worker().start();
    });
    afterEach(() => silent.stop());

    const connect = () => worker().connect({ origin: silent.origin });
    const closed = () => eventually(() => silent.open === 0, { withinMs: 3_000, state: () => silent.open });

    it('attack: a read whose caller left closes its socket at the server', async () => {
      const { repositoryId } = await connect();
      const { producer } = worker().resources;
      await expect(producer.addAndWait(jobs.listBranches, { repositoryId }, 1_000)).rejects.toMatchObject({
        code: 'job-timeout',
      });
      expect(silent.paths).not.toEqual([]);
      await closed();
    });

    it('attack: a write whose caller left closes its socket at the server', async () => {
      const { repositoryId } = await connect();
      const { producer } = worker().resources;
      const actor = { subject: 'usr_ada', name: 'Ada' };
      const deadline = new Date(Date.now() + 60_000).toISOString();
      const payload = { repositoryId, actor, deadline, name: 'topic', from: 'main' };
      await expect(producer.addAndWait(jobs.createBranch, payload, 1_000)).rejects.toMatchObject({
        code: 'job-timeout',
      });
      expect(silent.paths).not.toEqual([]);
      await closed();
    });

    it('attack: a worker that stops closes its sockets, ends at once, and leaves no error on the ref', async () => {
      const project = await connect();
      await project.deliverPush({ ref: 'refs/heads/main', before: '0'.repeat(40), after: 'a'.repeat(40) });
      await project.reconcile();
      await eventually(() => silent.paths.length >= 2);
      const begun = Date.now();
      await worker().close();
      expect(Date.now() - begun).toBeLessThan(5_000);
      await closed();
      expect(await project.syncError()).toBeNull();
    });
  });
});
