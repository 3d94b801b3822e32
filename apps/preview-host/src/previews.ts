import type { DeploymentState } from '@reunite/contracts';
import { DeploymentEntity, ProjectEntity } from '@reunite/deployments';
import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import type { PreviewHost } from './preview-label.rules.js';

/** The current state of a preview address. */
export type Preview =
  | { readonly kind: 'ready'; readonly deploymentId: string }
  | { readonly kind: 'building' | 'failed' | 'removed' | 'superseded' | 'nothing-yet' | 'unknown' };

/** One page load is many requests, so a ready preview is cached for this long. */
const READY_TTL_MS = 1_000;
/** Other states may change at any moment, so only concurrent requests share them. */
const NOT_READY_TTL_MS = 1;
const MAX_CACHED = 10_000;

const KIND_BY_STATE = {
  queued: 'building',
  in_progress: 'building',
  failed: 'failed',
  timed_out: 'failed',
  skipped: 'superseded',
  removed: 'removed',
} as const satisfies Record<Exclude<DeploymentState, 'success'>, Preview['kind']>;

/**
 * Looks up what the host of a preview serves. Reads `id`, `project_id`, `environment`, `current` and `state` of
 * `deployment` and `id` of `project`, so a database role that may SELECT only these columns is enough.
 */
export class Previews {
  private readonly cache = new LRUCache<string, Preview>({
    max: MAX_CACHED,
    ttl: READY_TTL_MS,
    fetchMethod: async (id, _stale, { options }) => {
      const preview = await this.read(id);
      if (preview.kind !== 'ready') options.ttl = NOT_READY_TTL_MS;
      return preview;
    },
  });

  constructor(private readonly dataSource: DataSource) {}

  async find(host: PreviewHost): Promise<Preview> {
    if (!('id' in host)) return { kind: 'unknown' };
    return this.cache.forceFetch(host.id);
  }

  private read(id: string): Promise<Preview> {
    return id.startsWith('dep_') ? this.readDeployment(id) : this.readProject(id);
  }

  private async readDeployment(id: string): Promise<Preview> {
    const select = { id: true, state: true } as const;
    const deployment = await this.dataSource.manager.findOne(DeploymentEntity, { select, where: { id } });
    if (!deployment) return { kind: 'unknown' };
    const { state } = deployment;
    return state === 'success' ? { kind: 'ready', deploymentId: id } : { kind: KIND_BY_STATE[state] };
  }

  private async readProject(projectId: string): Promise<Preview> {
    const db = this.dataSource.manager;
    const where = { projectId, environment: 'production' as const, current: true, state: 'success' as const };
    const deployment = await db.findOne(DeploymentEntity, { select: { id: true }, where });
    if (deployment) return { kind: 'ready', deploymentId: deployment.id };
    const project = await db.findOne(ProjectEntity, { select: { id: true }, where: { id: projectId } });
    return { kind: project ? 'nothing-yet' : 'unknown' };
  }
}
