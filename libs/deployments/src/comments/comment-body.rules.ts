import type { CommitState } from '@reunite/contracts';

/** The result of one check of the head, as its commit status shows it. */
export interface CommentResult {
  readonly check: string;
  readonly state: CommitState;
  readonly description: string;
}

/** A changed file of the pull request, and its page in the preview. */
export interface ChangedPage {
  /** Path in the repository. */
  readonly path: string;
  readonly url: string;
}

/** The content of a comment. All texts come from the repository or from users, except the URLs. */
export interface CommentContent {
  readonly projectId: string;
  readonly projectName: string;
  readonly commit: string;
  /** null until the preview is built, and if it is not. */
  readonly previewUrl: string | null;
  readonly deploymentUrl: string;
  readonly results: readonly CommentResult[];
  /** Findings that the production deployment of the base branch does not have; null if that is not known. */
  readonly newFindings: number | null;
  readonly pages: readonly ChangedPage[];
  /** Whether the pull request has changed pages that are not among `pages`. */
  readonly morePages: boolean;
}

/** Pages that a comment links to. */
export const MAX_COMMENT_PAGES = 20;
const MAX_TEXT_LENGTH = 300;
/** Longer addresses are not linked, so that a comment stays far below the 65,536 characters that servers accept. */
const MAX_URL_LENGTH = 1_000;

/** Identifies the comment of a project on a pull request. Invisible on the server. */
export function commentMarker(projectId: string): string {
  return `<!-- reunite-preview:${projectId} -->`;
}

/** Renders a comment as Markdown for the server. */
export function commentBody(content: CommentContent): string {
  const { projectId, projectName, previewUrl, results } = content;
  const lines = [commentMarker(projectId), `### Preview of ${codeSpan(projectName)}`, ''];
  if (previewUrl !== null) lines.push(`[Open the preview](${linkTarget(previewUrl)})`, '');
  for (const { check, state, description } of results) {
    lines.push(`- **${check}**: ${STATES[state]}, ${codeSpan(description)}`);
  }
  if (content.newFindings !== null) lines.push(`- **new findings**: ${content.newFindings}, compared with production`);
  lines.push(...pageLines(content), '');
  lines.push(
    `Commit ${codeSpan(content.commit.slice(0, 7))} · [log and findings](${linkTarget(content.deploymentUrl)})`,
  );
  return lines.join('\n');
}

const STATES: Readonly<Record<CommitState, string>> = {
  pending: '⏳ in progress',
  success: '✅ successful',
  failure: '❌ failed',
  error: '⚠️ not finished',
};

function pageLines({ pages, morePages }: CommentContent): string[] {
  if (pages.length === 0) return [];
  const shown = pages.slice(0, MAX_COMMENT_PAGES).map(({ path, url }) => {
    const target = linkTarget(url);
    return target.length > MAX_URL_LENGTH ? `- ${codeSpan(path)}` : `- [${codeSpan(path)}](${target})`;
  });
  const isCut = morePages || pages.length > MAX_COMMENT_PAGES;
  return ['', '**Changed pages**', '', ...shown, ...(isCut ? ['- and more'] : [])];
}

/**
 * Shows a foreign text as one line of code: servers link neither `@user` nor `#1` in it and render no Markdown or HTML.
 * Invisible and direction-changing characters are replaced.
 */
export function codeSpan(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}]/gu, '\ufffd')
    .trim();
  const characters = Array.from(line);
  const shown = characters.length > MAX_TEXT_LENGTH ? `${characters.slice(0, MAX_TEXT_LENGTH - 1).join('')}…` : line;
  if (shown === '') return '`-`';
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}

/** Encodes what ends the target of a Markdown link. */
function linkTarget(url: string): string {
  return url.replace(/[()<>\s]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
