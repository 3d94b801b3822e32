import { describe, expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import { onBothQueues } from '../test/on-both-queues.js';
import type { TestWorker } from '../test/test-worker.js';

/** Makes the server accept requests and never answer. Returns how many it received, and how many of their sockets are open. */
function silence({ ghes }: TestWorker): { readonly received: () => number; readonly open: () => number } {
  let [received, open] = [0, 0];
  ghes.interfere = ({ socket }) => {
    received += 1;
    open += 1;
    socket.once('close', () => (open -= 1));
    return true;
  };
  return { received: () => received, open: () => open };
}

onBothQueues((worker) => {
  describe('when the server accepts requests and never answers', () => {
    const actor = { subject: 'usr_ada', name: 'Ada' };

    it('attack: a read whose caller left closes its socket at the server', async () => {
      await worker().start();
      const { repositoryId } = await worker().connect();
      const server = silence(worker());
      const { producer } = worker().resources;
      await expect(producer.addAndWait(jobs.listBranches, { repositoryId }, 1_000)).rejects.toMatchObject({
        code: 'job-timeout',
      });
      expect(server.received()).toBeGreaterThan(0);
      await eventually(() => server.open() === 0, { withinMs: 3_000, state: server.open });
    });

    it('attack: a write whose caller left closes its socket at the server', async () => {
      await worker().start();
      const { repositoryId } = await worker().connect();
      const server = silence(worker());
      const deadline = new Date(Date.now() + 60_000).toISOString();
      const payload = { repositoryId, actor, deadline, name: 'topic', from: 'main' };
      const { producer } = worker().resources;
      await expect(producer.addAndWait(jobs.createBranch, payload, 1_000)).rejects.toMatchObject({
        code: 'job-timeout',
      });
      expect(server.received()).toBeGreaterThan(0);
      await eventually(() => server.open() === 0, { withinMs: 3_000, state: server.open });
    });

    it('attack: a worker that stops closes its sockets, ends at once, and leaves no error on the ref', async () => {
      await worker().start();
      const project = await worker().connect();
      const { git } = worker().ghes;
      const server = silence(worker());
      await project.deliverPush(git.push('main', { 'index.md': '# Welcome' }));
      await project.reconcile();
      await eventually(() => server.received() >= 2);
      const begun = Date.now();
      await worker().close();
      expect(Date.now() - begun).toBeLessThan(5_000);
      expect(server.open()).toBe(0);
      expect(await project.syncError()).toBeNull();
      worker().ghes.interfere = () => false;
      await worker().start();
      await eventually(() => project.hasDeployed(git.head('main')));
    });
  });
});
