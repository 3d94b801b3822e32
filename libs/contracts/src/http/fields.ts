import { z } from 'zod';
import { idPrefixes } from '../ids.js';
import type { IdKind } from '../ids.js';

/** Description of a field for the OpenAPI document, with examples. Enums, flags and times need no example. */
export function doc(description: string, ...examples: readonly unknown[]) {
  return examples.length === 0 ? { description } : { description, examples: [...examples] };
}

/** An id of ours in a response. */
export const idField = (kind: IdKind, description: string) =>
  z.string().meta(doc(description, `${idPrefixes[kind]}_01h2xcejqtf2nbrexx3vqjhp41`));

/** The id of a commit in a response. */
export const commitField = z.string().meta(doc('Id of the commit', '4b825dc642cb6eb9a060e54bf8d69288fbee4904'));

/** The name of a branch in a response. */
export const branchField = z.string().meta(doc('Name of the branch', 'feature/search'));

/** A login on a GitHub Enterprise Server in a response. */
export const loginField = z.string().meta(doc('Login on the server', 'octocat'));
