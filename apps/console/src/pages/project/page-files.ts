import type { Content } from '@reunite/contracts';
import { get } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { ProblemError } from '../../api/problem.error.js';
import type { ReadFile } from '../../rendering/render-page.js';
import { changeAt } from './editor/draft.rules.js';
import type { Changes } from './editor/draft.rules.js';

/** The address of an image for an `img` element; null for other files. */
export function imageOf({ path, text, image }: Pick<Content, 'path' | 'text' | 'image'>): string | null {
  if (image !== undefined) return image;
  // An image runs no scripts, so an SVG is safe.
  return typeof text === 'string' && /\.svg$/i.test(path) ? `data:image/svg+xml,${encodeURIComponent(text)}` : null;
}

/** Reads the partials and images of a page, as changed in the draft or from the branch. */
export function pageFiles(projectId: string, branch: string, changes: Changes): ReadFile {
  return async (path) => {
    const draft = changeAt(changes, path)?.content;
    if (draft?.kind === 'text') return imageOf({ path, text: draft.text }) ?? draft.text;
    try {
      const content = await get(paths.content(projectId, { branch, path }));
      return imageOf(content) ?? content.text ?? null;
    } catch (error) {
      if (error instanceof ProblemError && error.status === 404) return null;
      throw error;
    }
  };
}
