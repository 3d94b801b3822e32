import { probe, rulesetsProbe } from '@reunite/connections';
import type { PublishedBranch } from '@reunite/connections';
import type { Probe } from '@reunite/contracts';
import { productionBranches } from '@reunite/deployments';
import { GhesNotFoundError, listBranchRules } from '@reunite/ghes-client';
import type { DataSource } from 'typeorm';
import type { GhesAccess } from '../ghes-access.js';
import { messageOf, remedyOf } from './server-probes.js';

/** Branches whose rules are read per self-test. */
const MAX_BRANCHES = 20;

/** Reports rules of rulesets that reject commits of the editor. Classic branch protection is explained when it rejects one. */
export async function readRulesets(dataSource: DataSource, ghes: GhesAccess, connectionId: string): Promise<Probe> {
  try {
    const branches = await productionBranches(dataSource.manager, connectionId, MAX_BRANCHES);
    const read: PublishedBranch[] = [];
    for (const { repositoryId, branch } of branches) {
      const { client, name } = await ghes.repository(repositoryId);
      const rules: string[] = [];
      try {
        const reader = client({ metadata: 'read' });
        for await (const { type } of listBranchRules(reader, { ...name, branch })) rules.push(type);
      } catch (error) {
        // Deleted or out of reach, which the project shows.
        if (!(error instanceof GhesNotFoundError)) throw error;
      }
      read.push({ name: `${name.owner}/${name.repo} ${branch}`, rules });
    }
    return rulesetsProbe(read);
  } catch (error) {
    return probe('rulesets', 'skipped', messageOf(error), remedyOf(error));
  }
}
