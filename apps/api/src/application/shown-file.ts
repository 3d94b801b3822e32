import type { RepositoryObjects } from '@reunite/content-store';
import { MAX_SHOWN_BYTES, shownText } from './shown-text.rules.js';

export interface ShownFile {
  /** null if the file is too large to be shown, or binary. */
  readonly text: string | null;
  readonly bytes: number;
}

/** Reads a stored file for a browser. Checks its size first: a file that is too large is not inflated. */
export async function readShownFile(objects: Pick<RepositoryObjects, 'size' | 'read'>, id: string): Promise<ShownFile> {
  const bytes = await objects.size(id);
  if (bytes > MAX_SHOWN_BYTES) return { text: null, bytes };
  const { body } = await objects.read(id);
  return { text: shownText(body), bytes };
}
