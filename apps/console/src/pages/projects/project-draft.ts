import type { CreateProject, Repository } from '@reunite/contracts';
import type { Fault } from '../../api/faults.js';

/** What is previewed, as a form holds it. */
export interface PreviewDraft {
  readonly branchPreviews: CreateProject['branchPreviews']['mode'];
  /** As typed: separated by commas or white space. */
  readonly patterns: string;
  readonly pullRequestPreviews: boolean;
  readonly forkPreviews: boolean;
}

/** What the form of a new project holds; an empty string is "not chosen yet". */
export interface ProjectDraft extends PreviewDraft {
  readonly connectionId: string;
  readonly owner: string;
  readonly repository: Repository | null;
  readonly branch: string;
  readonly folder: string;
  /** null while the person has not typed one: then the repository's name is suggested. */
  readonly name: string | null;
}

export function emptyDraft(connectionId: string): ProjectDraft {
  return {
    connectionId,
    owner: '',
    repository: null,
    branch: '',
    folder: '',
    name: null,
    branchPreviews: 'none',
    patterns: '',
    pullRequestPreviews: true,
    forkPreviews: false,
  };
}

/** The draft after a choice; what was chosen inside the earlier choice is chosen anew. */
export function choose(draft: ProjectDraft, choice: Partial<ProjectDraft>): ProjectDraft {
  const next = { ...draft, ...choice };
  if (choice.connectionId !== undefined) return { ...next, owner: '', repository: null, branch: '' };
  if (choice.owner !== undefined) return { ...next, repository: null, branch: '' };
  if (choice.repository !== undefined) return { ...next, branch: '' };
  return next;
}

export function suggestedName(draft: ProjectDraft): string {
  return draft.name ?? draft.repository?.name ?? '';
}

/** What is still missing, in the shape of the API's own faults; the rules themselves are the API's. */
export function missingIn(draft: ProjectDraft): Fault[] {
  const faults: Fault[] = [];
  if (draft.repository === null) faults.push({ path: 'repositoryId', message: 'Choose a repository.' });
  else if (draft.branch === '') faults.push({ path: 'productionBranch', message: 'Choose a branch.' });
  return faults;
}

export function branchPreviewsOf(draft: PreviewDraft): CreateProject['branchPreviews'] {
  if (draft.branchPreviews !== 'patterns') return { mode: draft.branchPreviews };
  return { mode: 'patterns', patterns: draft.patterns.split(/[\s,]+/).filter((pattern) => pattern !== '') };
}

export function toCreateProject(draft: ProjectDraft): CreateProject {
  return {
    repositoryId: draft.repository?.id ?? '',
    name: suggestedName(draft),
    productionBranch: draft.branch,
    rootFolder: draft.folder,
    branchPreviews: branchPreviewsOf(draft),
    pullRequestPreviews: draft.pullRequestPreviews,
    forkPreviews: draft.pullRequestPreviews && draft.forkPreviews,
    productionCommits: 'pull-request',
  };
}
