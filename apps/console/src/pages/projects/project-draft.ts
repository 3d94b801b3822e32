import type { CreateProject, Repository } from '@reunite/contracts';
import type { Violation } from '../../api/violations.js';

/** The preview policy as form values. */
export interface PreviewDraft {
  readonly branchPreviews: CreateProject['branchPreviews']['mode'];
  /** As typed: separated by commas or white space. */
  readonly patterns: string;
  readonly pullRequestPreviews: boolean;
  readonly forkPreviews: boolean;
  readonly previewChecks: CreateProject['previewChecks'];
  readonly pullRequestComments: boolean;
}

/** The values of the form of a new project; an empty string means not chosen yet. */
export interface ProjectDraft extends PreviewDraft {
  readonly connectionId: string;
  readonly owner: string;
  readonly repository: Repository | null;
  readonly branch: string;
  readonly folder: string;
  readonly productionCommits: CreateProject['productionCommits'];
  readonly productionChecks: CreateProject['productionChecks'];
  /** null until a name is entered: then the repository's name is suggested. */
  readonly name: string | null;
}

export function emptyDraft(connectionId: string): ProjectDraft {
  return {
    connectionId,
    owner: '',
    repository: null,
    branch: '',
    folder: '',
    productionCommits: 'pull-request',
    productionChecks: 'block',
    name: null,
    branchPreviews: 'none',
    patterns: '',
    pullRequestPreviews: true,
    forkPreviews: false,
    previewChecks: 'all',
    pullRequestComments: false,
  };
}

/** The draft after a choice. Resets the choices that depend on it. */
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

/** Missing choices as violations. All other rules are checked by the API. */
export function missingIn(draft: ProjectDraft): Violation[] {
  const violations: Violation[] = [];
  if (draft.repository === null) violations.push({ path: 'repositoryId', message: 'Choose a repository.' });
  else if (draft.branch === '') violations.push({ path: 'productionBranch', message: 'Choose a branch.' });
  return violations;
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
    productionCommits: draft.productionCommits,
    productionChecks: draft.productionChecks,
    previewChecks: draft.previewChecks,
    pullRequestComments: draft.pullRequestComments,
  };
}
