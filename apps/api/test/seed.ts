import { randomUUID } from 'node:crypto';
import { ConnectionEntity, InstallationEntity } from '@reunite/connections';
import { newId } from '@reunite/contracts';
import { DeliveryEntity, shardOf } from '@reunite/deliveries';
import {
  DeploymentCheckEntity,
  DeploymentEntity,
  DeploymentFindingEntity,
  DeploymentLogEntity,
  ProjectEntity,
} from '@reunite/deployments';
import { PullRequestEntity } from '@reunite/pull-requests';
import { GitRefEntity, RepositoryEntity } from '@reunite/repositories';
import type { DataSource } from 'typeorm';

const COMMIT = 'c'.repeat(40);

export interface Seeded {
  readonly connectionId: string;
  readonly repositoryId: string;
  readonly projectId: string;
  readonly deploymentId: string;
  readonly previewId: string;
  readonly deliveryId: string;
}

/** One of everything, of one organization: two deployments, a pull request with a preview. */
export async function seed(dataSource: DataSource, organizationId: string, tree = 't'.repeat(40)): Promise<Seeded> {
  const db = dataSource.manager;
  const connectionId = newId('connection');
  const repositoryId = newId('repository');
  const projectId = newId('project');
  const deploymentId = newId('deployment');
  const previewId = newId('deployment');
  const connection = { id: connectionId, organizationId, name: `Server ${connectionId}`, owner: 'acme' };
  const app = { appId: 7, appSlug: 'reunite', appHtmlUrl: 'https://ghes.example.com/github-apps/reunite' };
  const connected = { status: 'connected' as const, createdBy: 'ada', origin: 'https://ghes.example.com' };
  await db.insert(ConnectionEntity, { ...connection, ...app, ...connected });
  const installation = { connectionId, id: 9, owner: 'acme', repositorySelection: 'all' as const, suspended: false };
  await db.insert(InstallationEntity, installation);
  const repository = { id: repositoryId, connectionId, installationId: 9, githubId: 1, owner: 'acme', name: 'docs' };
  await db.insert(RepositoryEntity, { ...repository, defaultBranch: 'main', private: true, available: true });
  const synced = { generation: 1, syncedGeneration: 1, syncedCommit: COMMIT, syncedTree: tree, syncedAt: new Date() };
  await db.insert(GitRefEntity, { id: newId('ref'), repositoryId, name: 'refs/heads/main', ...synced });
  const policy = {
    branchPreviews: { mode: 'none' as const },
    pullRequestPreviews: true,
    forkPreviews: false,
    productionCommits: 'write' as const,
    productionChecks: 'block' as const,
  };
  const project = { id: projectId, organizationId, repositoryId, name: `Docs ${projectId}`, rootFolder: 'docs' };
  await db.insert(ProjectEntity, { ...project, productionBranch: 'main', ...policy });
  const build = { projectId, commit: COMMIT, tree, generation: 1, state: 'success' as const, pages: 3, current: true };
  await db.insert(DeploymentEntity, [
    { ...build, id: deploymentId, environment: 'production', refName: 'refs/heads/main' },
    { ...build, id: previewId, environment: 'preview', refName: 'refs/heads/fix' },
  ]);
  await db.insert(DeploymentLogEntity, { deploymentId, sequence: 1, level: 'info', message: 'Built.' });
  const check = { deploymentId, name: 'links' as const };
  const ended = { state: 'failure' as const, summary: '1 error', errors: 1, finishedAt: new Date() };
  await db.insert(DeploymentCheckEntity, { ...check, ...ended, commits: [COMMIT] });
  const finding = { severity: 'error' as const, rule: 'link-broken', message: 'leads to no page' };
  await db.insert(DeploymentFindingEntity, { ...check, sequence: 0, ...finding, file: 'index.md', line: 3 });
  const pull = {
    id: newId('pullRequest'),
    repositoryId,
    number: 4,
    title: 'Fix',
    state: 'open' as const,
    draft: false,
  };
  const head = { author: 'octocat', headBranch: 'fix', headCommit: COMMIT, baseBranch: 'main', fork: false };
  await db.insert(PullRequestEntity, { ...pull, ...head, htmlUrl: 'https://x.example/4', updatedAt: new Date() });
  const deliveryId = newId('delivery');
  const delivery = { id: deliveryId, connectionId, guid: deliveryId, event: 'push' };
  const stored = { shard: shardOf(connectionId), key: randomUUID(), size: 2 };
  await db.insert(DeliveryEntity, { ...delivery, ...stored, processedAt: new Date(), outcome: 'synced' });
  return { connectionId, repositoryId, projectId, deploymentId, previewId, deliveryId };
}
