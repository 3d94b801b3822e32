import { describe, expect, it } from '@jest/globals';
import type { Connection, Delivery, Deployment, Project } from '@reunite/contracts';
import { attentionOf, overviewOf, timelineOf } from './overview.rules.js';

const project = {
  id: 'prj_1',
  name: 'Docs',
  repositoryState: { state: 'available', cause: null, remedy: null },
  sync: { state: 'synced', commit: 'c2', error: null, syncedAt: '2026-01-01T00:00:00Z' },
} as Project;

function deployment(part: Partial<Deployment>): Deployment {
  const at = '2026-01-01T00:00:10Z';
  const base = { id: 'dep_1', environment: 'production', state: 'success', current: false, reason: null };
  return { ...base, createdAt: at, startedAt: at, finishedAt: at, ...part } as Deployment;
}

const live = deployment({ id: 'dep_live', current: true });
const connection = { id: 'con_1', name: 'Acme', status: 'connected', statusReason: null, lastRefresh: { error: null } };
const connected = connection as Connection;

describe('the overview of a project', () => {
  it('names the failed production deployment, and the one that production still shows', () => {
    const broken = deployment({ id: 'dep_2', state: 'failed', reason: 'Broken links' });
    const overview = overviewOf(project, [broken, live]);
    expect(overview).toMatchObject({ failed: { id: 'dep_2' }, live: { id: 'dep_live' } });
    expect(attentionOf([overview], [])).toEqual([
      { id: 'prj_1', title: 'Production of Docs failed', text: 'Broken links', to: '/deployments/dep_2' },
    ]);
  });

  it('does not report a failure that a later deployment fixed, or that of a preview', () => {
    const fixed = deployment({ id: 'dep_3', state: 'failed' });
    const preview = deployment({ id: 'dep_4', state: 'failed', environment: 'preview' });
    expect(overviewOf(project, [preview, live, fixed]).failed).toBeNull();
  });

  it('lists what is building', () => {
    const queued = deployment({ id: 'dep_5', state: 'queued', finishedAt: null });
    expect(overviewOf(project, [queued, live]).building).toEqual([queued]);
  });
});

describe('what needs attention', () => {
  it('is nothing if everything works', () => {
    expect(attentionOf([overviewOf(project, [live])], [connected])).toEqual([]);
  });

  it('names a broken provider, and an unreachable repository with its remedy', () => {
    const gone = {
      ...project,
      repositoryState: { state: 'not-installed', cause: 'Uninstalled.', remedy: 'Install it.' },
    };
    const broken = { ...connected, status: 'broken', statusReason: 'The key was deleted.' } as Connection;
    const texts = attentionOf([overviewOf(gone as Project, [live])], [broken]).map(({ text }) => text);
    expect(texts).toEqual(['The key was deleted.', 'Uninstalled. Install it.']);
  });
});

describe('the timeline of a push', () => {
  const pushes = [{ receivedAt: '2026-01-01T00:00:20Z' }, { receivedAt: '2026-01-01T00:00:05Z' }] as Delivery[];

  it('begins with the newest delivery before the deployment', () => {
    expect(timelineOf(live, pushes).map(({ title, at }) => [title, at?.slice(17, 19)])).toEqual([
      ['Received', '05'],
      ['Synced', '10'],
      ['Build started', '10'],
      ['Published', '10'],
    ]);
  });

  it('ends with the failure', () => {
    expect(timelineOf(deployment({ state: 'timed_out' }), []).at(-1)).toMatchObject({ title: 'Failed', failed: true });
  });

  it('has no time for steps that are still to come', () => {
    const queued = deployment({ state: 'queued', startedAt: null, finishedAt: null });
    expect(timelineOf(queued, []).map(({ at }) => at === null)).toEqual([false, true, true]);
  });
});
