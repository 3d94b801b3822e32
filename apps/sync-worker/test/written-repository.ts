import { Readable } from 'node:stream';
import { jobs } from '@reunite/contracts';
import { beginUpload, finishUpload, saveCommitRequest, saveUploadPiece, storePieces } from '@reunite/repositories';
import type { CommitRequest, RequestedChange, UploadReference } from '@reunite/repositories';
import { eventually } from '@reunite/testing';
import type { RefUpdate } from '@reunite/testing';
import type { Project } from './project.js';
import type { TestWorker } from './test-worker.js';

const TIMEOUT_MS = 30_000;

export const actor = { subject: 'user|ada', name: 'Ada <Lovelace>' };
export const deadline = () => new Date(Date.now() + TIMEOUT_MS).toISOString();

export const change = (action: RequestedChange['action'], path: string, more: Partial<RequestedChange> = {}) => ({
  ...{ action, path, from: null, content: null, executable: null, upload: null },
  ...more,
});
export const write = (path: string, content: string | Buffer, executable: boolean | null = null) =>
  change('write', path, { content: Buffer.from(content), executable });

/** A connected and deployed repository that an actor writes to through interactive jobs. */
export class WrittenRepository {
  project!: Project;
  /** The first push to `main`. */
  main!: RefUpdate;

  constructor(private readonly worker: () => TestWorker) {}

  async start(): Promise<void> {
    await this.worker().start();
    this.project = await this.worker().connect({ branchPreviews: 'all' });
    const first = { 'index.md': '# Home\n', 'run.sh': 'true\n', 'guides/a.md': '# A\n' };
    this.main = this.worker().ghes.git.push('main', first);
    await this.project.deliverPush(this.main);
    await eventually(() => this.project.hasDeployed(this.main.after));
    await this.worker().ghes.forgetRequests();
  }

  git(...args: string[]): string {
    return this.worker().ghes.git.git(...args);
  }

  /** Returns the files of a commit, as `<mode> <path>`. */
  files(head: string): string[] {
    return this.git('ls-tree', '-r', '--format=%(objectmode) %(path)', head).split('\n');
  }

  async commit(changes: RequestedChange[], own: Partial<CommitRequest> = {}) {
    const { resources } = this.worker();
    const { repositoryId } = this.project;
    const request = { repositoryId, branch: 'main', newBranch: false, expectedHead: this.main.after, message: 'Edit' };
    const requestId = await saveCommitRequest(resources.dataSource.manager, { ...request, ...own }, changes);
    return resources.producer.addAndWait(jobs.makeCommit, { requestId, actor, deadline: deadline() }, TIMEOUT_MS);
  }

  /** Stores an upload as the API does. */
  async upload(content: Buffer): Promise<UploadReference> {
    const { manager } = this.worker().resources.dataSource;
    const owner = { organizationId: 'org_acme', projectId: this.project.id, subject: actor.subject };
    const limits = { bytes: content.length, organizationBytes: 100_000_000, lifetimeSeconds: 600 };
    const id = await manager.transaction((db) => beginUpload(db, owner, content.length, limits));
    const { blobId } = await storePieces(Readable.from([content]), content.length, (sequence, piece) =>
      saveUploadPiece(manager, id, sequence, piece),
    );
    await finishUpload(manager, id, blobId);
    return { id, size: content.length, blobId };
  }

  /** Ids of the uploads that exist. */
  async uploads(): Promise<string[]> {
    const rows = await this.worker().resources.dataSource.query<{ id: string }[]>('SELECT id FROM upload');
    return rows.map(({ id }) => id);
  }

  runBranchJob(job: 'createBranch' | 'syncBranch', name: string, from: string) {
    const payload = { repositoryId: this.project.repositoryId, name, from, actor, deadline: deadline() };
    const { producer } = this.worker().resources;
    return producer.addAndWait<typeof jobs.createBranch | typeof jobs.syncBranch>(jobs[job], payload, TIMEOUT_MS);
  }

  remove(name: string) {
    const payload = { repositoryId: this.project.repositoryId, name, actor, deadline: deadline() };
    return this.worker().resources.producer.addAndWait(jobs.deleteBranch, payload, TIMEOUT_MS);
  }
}
