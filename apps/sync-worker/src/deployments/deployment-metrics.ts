import type { DeploymentEntity } from '@reunite/deployments';
import { DURATION_BUCKETS } from '@reunite/telemetry';
import { Histogram } from 'prom-client';

const build = new Histogram({
  name: 'build_duration_seconds',
  help: 'Duration of builds of sites, by environment and outcome: success, failed, timed_out, blocked (by its checks), cancelled (or superseded), interrupted (the worker stops), retried',
  labelNames: ['environment', 'outcome'],
  buckets: DURATION_BUCKETS,
});

const deployment = new Histogram({
  name: 'deployment_duration_seconds',
  help: 'Time from the creation of a deployment to the end of its build, by environment and outcome',
  labelNames: ['environment', 'outcome'],
  buckets: [...DURATION_BUCKETS, 300, 900],
});

/** Measures a build from now on. @returns records its outcome; a finished build ends its deployment */
export function measureBuild({ environment, createdAt }: Pick<DeploymentEntity, 'environment' | 'createdAt'>) {
  const end = build.startTimer({ environment });
  return (outcome: string, isFinished: boolean): void => {
    end({ outcome });
    if (isFinished) deployment.observe({ environment, outcome }, Math.max(0, Date.now() - createdAt.getTime()) / 1_000);
  };
}
