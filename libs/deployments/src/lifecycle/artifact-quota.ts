import { CodedError } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';

/** The sites of an organization would exceed its quota. The site that is shown stays. */
class ArtifactQuotaError extends CodedError {
  readonly code = 'quota-exceeded';

  constructor(bytes: number, used: number, limit: number) {
    super(
      `The site has ${megabytes(bytes)} and the organization’s other sites have ${megabytes(used)}; the limit is ${megabytes(limit)}. Delete projects or branches, or ask the operator to shorten the retention of previews or to raise MAX_ARTIFACT_BYTES_PER_ORGANIZATION.`,
    );
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

/**
 * Makes sure that the site of a deployment fits into its organization's quota. Concurrent builds may exceed it by their
 * own size once, which is limited for itself.
 *
 * @throws ArtifactQuotaError
 */
export async function assertArtifactQuota(
  db: EntityManager,
  site: { readonly deploymentId: string; readonly organizationId: string; readonly bytes: number },
  limit: number,
): Promise<void> {
  const { deploymentId, organizationId, bytes } = site;
  const [row] = await db.query<{ used: number }[]>(
    `SELECT coalesce(sum(artifact_bytes), 0)::bigint AS used
     FROM deployment JOIN project ON project.id = project_id
     WHERE organization_id = $1 AND state = 'success' AND deployment.id <> $2`,
    [organizationId, deploymentId],
  );
  const used = row?.used ?? 0;
  if (used + bytes > limit) throw new ArtifactQuotaError(bytes, used, limit);
}
