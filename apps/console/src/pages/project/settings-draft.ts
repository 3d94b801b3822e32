import type { Project, UpdateProject } from '@reunite/contracts';
import { branchPreviewsOf } from '../projects/project-draft.js';
import type { PreviewDraft } from '../projects/project-draft.js';

/** The values of the settings form. */
export interface SettingsDraft extends PreviewDraft {
  readonly name: string;
  readonly branch: string;
  readonly folder: string;
  readonly productionCommits: Project['productionCommits'];
  readonly productionChecks: Project['productionChecks'];
}

export function draftOf(project: Project): SettingsDraft {
  const { name, productionBranch, rootFolder, branchPreviews, pullRequestPreviews, forkPreviews } = project;
  return {
    name,
    branch: productionBranch,
    folder: rootFolder,
    productionCommits: project.productionCommits,
    productionChecks: project.productionChecks,
    branchPreviews: branchPreviews.mode,
    patterns: branchPreviews.mode === 'patterns' ? branchPreviews.patterns.join(', ') : '',
    pullRequestPreviews,
    forkPreviews,
    previewChecks: project.previewChecks,
    pullRequestComments: project.pullRequestComments,
  };
}

/** The settings that differ from those of the project. */
export function changesOf(draft: SettingsDraft, project: Project): UpdateProject {
  const wanted = {
    name: draft.name,
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
  const differs = ([key, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(project[key as keyof typeof wanted]);
  return Object.fromEntries(Object.entries(wanted).filter(differs));
}
