import { describe, expect, it } from '@jest/globals';
import type { Deployment } from '@reunite/contracts';
import { toastOf } from './toasts.rules.js';

const finishedAt = '2026-01-01T00:00:00Z';
const soon = { now: Date.parse(finishedAt) + 5_000, pathname: '/' };
const base = {
  id: 'dep_1',
  state: 'success',
  environment: 'production',
  branch: 'main',
  commit: 'abcdef012',
  finishedAt,
};

function deployment(part: Partial<Deployment> = {}): Deployment {
  return { reason: null, ...base, ...part } as Deployment;
}

describe('a toast', () => {
  it('reports a new production deployment and any failure', () => {
    expect(toastOf(deployment(), soon)).toMatchObject({ tone: 'good', text: 'It shows abcdef0 of main.' });
    const failed = deployment({ state: 'failed', environment: 'preview', reason: 'Broken links' });
    expect(toastOf(failed, soon)).toMatchObject({ title: 'Preview of main failed', text: 'Broken links' });
  });

  it('does not report previews that succeed, older deployments, or the open one', () => {
    expect(toastOf(deployment({ environment: 'preview' }), soon)).toBeNull();
    expect(toastOf(deployment(), { ...soon, now: soon.now + 60_000 })).toBeNull();
    expect(toastOf(deployment(), { ...soon, pathname: '/deployments/dep_1' })).toBeNull();
    expect(toastOf(deployment({ state: 'in_progress', finishedAt: null }), soon)).toBeNull();
  });
});
