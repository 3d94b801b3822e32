import type { Deployment, LogLine } from '@reunite/contracts';
import { previewUrl } from '@reunite/deployments';
import type { DeploymentEntity, DeploymentLogEntity } from '@reunite/deployments';
import { branchOfRef } from '@reunite/repositories';

export function deploymentView(deployment: DeploymentEntity, previewUrlTemplate: string): Deployment {
  const { id, projectId, environment, refName, commit, state, reason, pages, current } = deployment;
  const { trigger, triggeredByName, sourceId } = deployment;
  return {
    id,
    projectId,
    environment,
    branch: branchOfRef(refName) ?? refName.replace(/^refs\//, ''),
    commit,
    state,
    reason,
    pages,
    url: state === 'success' ? previewUrl(previewUrlTemplate, id) : null,
    current,
    trigger,
    triggeredBy: triggeredByName,
    sourceId,
    createdAt: deployment.createdAt.toISOString(),
    startedAt: deployment.startedAt?.toISOString() ?? null,
    finishedAt: deployment.finishedAt?.toISOString() ?? null,
  };
}

export function logLineView({ at, level, message, file, line }: DeploymentLogEntity): LogLine {
  return { at: at.toISOString(), level, message, file, line };
}
