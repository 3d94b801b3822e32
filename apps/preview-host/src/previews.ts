import type { DeploymentState } from '@reunite/contracts';
import { DeploymentEntity, ProjectEntity } from '@reunite/deployments';
import type { DataSource } from 'typeorm';
import type { PreviewHost } from './preview-label.rules.js';

/** What a preview's address shows now. */
export type Preview =
  | { readonly kind: 'ready'; readonly deploymentId: string }
  | { readonly kind: 'building' | 'failed' | 'removed' | 'superseded' | 'nothing-yet' | 'unknown' };

const CACHED_MS = 1_000;
const MAX_CACHED = 10_000;

const kinds = {
  queued: 'building',
  in_progress: 'building',
  failed: 'failed',
  timed_out: 'failed',
  skipped: 'superseded',
  removed: 'removed',
} as const satisfies Record<Exclude<DeploymentState, 'success'>, Preview['kind']>;

/** What deployments and projects show. A site that is there is asked for once a second at most: a page is many requests. */
export class Previews {
  private readonly cache = new Map<string, { readonly until: number; readonly preview: Promise<Preview> }>();

  constructor(private readonly dataSource: DataSource) {}

  of(host: PreviewHost): Promise<Preview> {
    if (host.kind === 'unknown' || host.kind === 'elsewhere') return Promise.resolve({ kind: 'unknown' });
    const held = this.cache.get(host.id);
    if (held && held.until > Date.now()) return held.preview;
    const preview = host.kind === 'deployment' ? this.ofDeployment(host.id) : this.ofProject(host.id);
    if (this.cache.size >= MAX_CACHED) this.cache.clear();
    this.cache.set(host.id, { until: Date.now() + CACHED_MS, preview });
    const forget = () => this.cache.delete(host.id);
    // What is not there yet may be at once: that, and an error, is for those who wait for it, not for those who come next.
    preview.then(({ kind }) => kind !== 'ready' && forget(), forget);
    return preview;
  }

  private async ofDeployment(id: string): Promise<Preview> {
    const deployment = await this.dataSource.manager.findOneBy(DeploymentEntity, { id });
    if (!deployment) return { kind: 'unknown' };
    const { state } = deployment;
    return state === 'success' ? { kind: 'ready', deploymentId: id } : { kind: kinds[state] };
  }

  private async ofProject(projectId: string): Promise<Preview> {
    const db = this.dataSource.manager;
    const current = { projectId, environment: 'production' as const, current: true, state: 'success' as const };
    const deployment = await db.findOneBy(DeploymentEntity, current);
    if (deployment) return { kind: 'ready', deploymentId: deployment.id };
    return { kind: (await db.existsBy(ProjectEntity, { id: projectId })) ? 'nothing-yet' : 'unknown' };
  }
}
