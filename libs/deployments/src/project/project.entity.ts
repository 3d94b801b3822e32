import type { BranchPreviews, PreviewChecks, ProductionChecks, ProductionCommits } from '@reunite/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A connected repository: production branch, folder and preview policy. Several projects may share a repository. */
@Entity('project')
export class ProjectEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'organization_id' })
  organizationId!: string;

  @Column('text', { name: 'repository_id' })
  repositoryId!: string;

  @Column('text')
  name!: string;

  @Column('text', { name: 'production_branch' })
  productionBranch!: string;

  /** Folder of a monorepo, without leading or trailing slash; empty for the whole repository. */
  @Column('text', { name: 'root_folder' })
  rootFolder!: string;

  @Column('jsonb', { name: 'branch_previews' })
  branchPreviews!: BranchPreviews;

  @Column('boolean', { name: 'pull_request_previews' })
  pullRequestPreviews!: boolean;

  @Column('boolean', { name: 'fork_previews' })
  forkPreviews!: boolean;

  /** The role that the API requires for commits to the production branch, or `pull-request` to forbid them. */
  @Column('text', { name: 'production_commits', default: 'maintain' })
  productionCommits!: ProductionCommits;

  /** With `block`, a build of the production branch whose checks fail is not published. With `ignore`, the checks do not fail their statuses. */
  @Column('text', { name: 'production_checks', default: 'warn' })
  productionChecks!: ProductionChecks;

  /** With `new`, only errors that production does not have fail the checks of a preview. */
  @Column('text', { name: 'preview_checks', default: 'all' })
  previewChecks!: PreviewChecks;

  /** True if the project keeps a comment with its results on every open pull request. */
  @Column('boolean', { name: 'pull_request_comments', default: false })
  pullRequestComments!: boolean;

  /** Incremented with every change of the settings. */
  @Column('integer', { name: 'settings_generation' })
  settingsGeneration!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
