import type { Deployment } from '@reunite/contracts';

/** The trigger of a deployment and its user, if any. */
export function triggerWords({ trigger, triggeredBy }: Pick<Deployment, 'trigger' | 'triggeredBy'>): string {
  const by = triggeredBy === null ? '' : ` by ${triggeredBy}`;
  switch (trigger) {
    case 'push':
      return 'Push';
    case 'pull_request':
      return 'Pull request';
    case 'settings':
      return 'Settings changed';
    case 'redeploy':
      return `Re-deployed${by}`;
    case 'promote':
      return `Promoted${by}`;
  }
}
