import type { Actor } from '../access/actor.js';
import { requireRepository } from '../access/authorize.js';
import type { BareRepository, RefUpdate } from '../git/bare-repository.js';
import { isAncestor } from '../git/history.js';
import { isRefName, zeroId } from '../git/names.js';
import type { Ghes } from '../ghes.js';
import { rejectDirectChange } from '../protection/protection.js';
import { changingRefs } from '../repositories/ref-changes.js';
import { ApiError } from '../rest/api.error.js';
import { actingUser } from '../rest/pulls.js';
import { accountById } from '../state/lookup.js';
import type { Repository } from '../state/model.js';
import { nodeId } from '../state/node-id.js';
import type { GraphqlContext } from './graphql-context.js';

interface Update {
  readonly name: string;
  readonly beforeOid?: string | null;
  readonly afterOid: string;
  readonly force: boolean | null;
}

interface Input {
  readonly repositoryId: string;
  readonly refUpdates: Update[];
  readonly clientMutationId?: string;
}

/**
 * Creates, moves and deletes refs atomically, each only if it is at its expected commit. GitHub does not document the
 * messages of errors.
 *
 * https://docs.github.com/enterprise-server/graphql/reference/mutations#updaterefs
 */
export async function updateRefs({ input }: { input: Input }, { ghes, actor }: GraphqlContext) {
  const repository = writable(ghes, actor, input.repositoryId);
  await changingRefs(ghes, repository, actingUser(actor), async (git) => {
    const updates: RefUpdate[] = [];
    for (const update of input.refUpdates) updates.push(await allowed(ghes, repository, git, update));
    await git.updateRefs(updates);
  });
  return { clientMutationId: input.clientMutationId ?? null };
}

function writable(ghes: Ghes, actor: Actor, id: string): Repository {
  const target = ghes.store.state.repositories.find((repository) => nodeId('Repository', repository.id) === id);
  if (!target) throw new ApiError(404, `Could not resolve to a node with the global id of '${id}'`);
  const { login: owner } = accountById(ghes.store, target.ownerId);
  return requireRepository(ghes, actor, { owner, repo: target.name }, 'contents', 'write');
}

/** @throws ApiError 422 */
async function allowed(
  ghes: Ghes,
  repository: Repository,
  git: BareRepository,
  { name, beforeOid, afterOid, force }: Update,
): Promise<RefUpdate> {
  if (!/^refs\/[^/]+\/./.test(name) || !isRefName(name)) throw new ApiError(422, `${name} is not a valid ref name.`);
  const from = (await git.refAt(name)) ?? zeroId;
  if ((beforeOid ?? from) !== from) throw new ApiError(422, `${name} is not at ${beforeOid}`);
  const deleting = afterOid === zeroId;
  if (deleting && from === zeroId) throw new ApiError(422, 'Reference does not exist');
  if (!deleting && (await git.typeOf(afterOid)) === undefined) throw new ApiError(422, 'Object does not exist');
  const moving = !deleting && from !== zeroId;
  if (moving && !force && !(await isAncestor(git, from, afterOid))) {
    throw new ApiError(422, 'Update is not a fast forward');
  }
  if (from !== zeroId) rejectDirectChange(ghes, repository, name, deleting);
  return { name, to: deleting ? undefined : afterOid, from };
}
