import { probe, rulesetsProbe } from '@reunite/connections';
import type { PublishedBranch } from '@reunite/connections';
import type { Probe } from '@reunite/contracts';
import { productionBranches, unreportedContexts } from '@reunite/deployments';
import type { ProductionBranch } from '@reunite/deployments';
import { getBranch, GhesNotFoundError, listBranchRules } from '@reunite/ghes-client';
import type { DataSource } from 'typeorm';
import type { GhesAccess } from '../ghes-access.js';
import { messageOf, remedyOf } from './server-probes.js';

/** Branches whose rules are read per self-test. */
const MAX_BRANCHES = 20;
/** The app id of a required status that any app may report. */
const ANY_APP = -1;

/**
 * Reports rules of rulesets that reject commits of the editor, and required contexts of the bridge that it does not report,
 * of rulesets and of classic branch protection. Other classic protection is explained when it rejects a commit.
 */
export async function readRulesets(dataSource: DataSource, ghes: GhesAccess, connectionId: string): Promise<Probe> {
  try {
    const branches = await productionBranches(dataSource.manager, connectionId, MAX_BRANCHES);
    const read: PublishedBranch[] = [];
    for (const branch of branches) read.push(await readBranch(ghes, branch));
    return rulesetsProbe(read);
  } catch (error) {
    return probe('rulesets', 'skipped', messageOf(error), remedyOf(error));
  }
}

interface RequiredStatus {
  readonly context: string;
  readonly appId: number | null;
}

async function readBranch(
  ghes: GhesAccess,
  { repositoryId, branch, projectNames }: ProductionBranch,
): Promise<PublishedBranch> {
  const { client, connection, name } = await ghes.repository(repositoryId);
  const reader = client({ contents: 'read' });
  const rules: string[] = [];
  const required: RequiredStatus[] = [];
  try {
    for await (const { type, parameters } of listBranchRules(reader, { ...name, branch })) {
      rules.push(type);
      for (const { context, integration_id: appId = null } of parameters?.required_status_checks ?? []) {
        required.push({ context, appId });
      }
    }
    const { protection } = await getBranch(reader, { ...name, branch });
    for (const { context, app_id: appId = null } of protection?.required_status_checks?.checks ?? []) {
      required.push({ context, appId });
    }
  } catch (error) {
    // Deleted or out of reach, which the project shows.
    if (!(error instanceof GhesNotFoundError)) throw error;
  }
  const isFromHere = ({ appId }: RequiredStatus) => appId === null || [ANY_APP, connection.appId].includes(appId);
  const contexts = (of: readonly RequiredStatus[]) => of.map(({ context }) => context);
  const unreported = [
    ...unreportedContexts(contexts(required.filter(isFromHere)), projectNames),
    // A status of this app does not count where the server expects it from another one.
    ...unreportedContexts(contexts(required.filter((one) => !isFromHere(one))), []),
  ];
  return { name: `${name.owner}/${name.repo} ${branch}`, rules, unreported: [...new Set(unreported)] };
}
