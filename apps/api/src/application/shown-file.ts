import type { RepositoryObjects } from '@reunite/content-store';
import { MAX_SHOWN_BYTES, shownImage, shownText } from './shown-text.rules.js';

export interface ShownFile {
  /** null if the file is too large to be shown, or binary. */
  readonly text: string | null;
  readonly bytes: number;
  /** `data:` URL of an image that can be shown. */
  readonly image?: string;
}

/** Reads a stored file for a browser. Checks its size first: a file that is too large is not inflated. */
export async function readShownFile(objects: Pick<RepositoryObjects, 'size' | 'read'>, id: string): Promise<ShownFile> {
  const bytes = await objects.size(id);
  if (bytes > MAX_SHOWN_BYTES) return { text: null, bytes };
  const { body } = await objects.read(id);
  const text = shownText(body);
  const image = text === null ? shownImage(body) : null;
  return { text, bytes, ...(image !== null && { image }) };
}
