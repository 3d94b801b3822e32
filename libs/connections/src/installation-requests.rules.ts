import type { InstallationRequest, VaultInstallation } from '@reunite/contracts';

/** Texts for users: which approval is missing, and who can give it. */
export interface WaitingForApproval {
  readonly evidence: string;
  readonly remedy: string;
}

/**
 * Explains requested installations that give no access yet. Who may install an app, and who may only request it, is a policy
 * of the server.
 *
 * @returns null if the app is installed wherever it was requested
 */
export function waitingForApproval(
  installations: readonly Pick<VaultInstallation, 'owner'>[],
  requests: readonly InstallationRequest[],
): WaitingForApproval | null {
  const installed = new Set(installations.map(({ owner }) => owner));
  const waiting = requests.filter(({ owner }) => !installed.has(owner));
  if (waiting.length === 0) return null;
  const requested = waiting.map(
    ({ owner, requestedBy, requestedAt }) => `on ${owner} (requested by ${requestedBy} on ${requestedAt.slice(0, 10)})`,
  );
  const owners = [...new Set(waiting.map(({ owner }) => owner))];
  return {
    evidence: `The installation ${requested.join(', ')} waits for approval.`,
    remedy: `Let an owner of ${owners.join(', ')} approve it on the server, under "GitHub Apps" in the settings of the organization.`,
  };
}
