import type { Actor } from '@reunite/contracts';
import type { ActingAs } from '../connections/acting.js';

const TRAILER = /^[\w-]+: \S/;

/**
 * The message as it is written. Where the app is the author, the person is named as co-author
 * (https://docs.github.com/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors);
 * the address leads nowhere, so that it is nobody else's.
 */
export function commitMessage(message: string, as: ActingAs, { subject, name }: Actor): string {
  const text = message.trim();
  if (as.kind === 'user') return text;
  const mailbox = subject.replace(/[^\w.-]+/g, '-').slice(0, 64);
  const trailer = `Co-authored-by: ${plainName(name)} <${mailbox}@users.noreply.reunite.invalid>`;
  const last = text
    .split(/\n{2,}/)
    .slice(1)
    .at(-1);
  const joins = last?.split('\n').every((line) => TRAILER.test(line)) ?? false;
  return `${text}\n${joins ? '' : '\n'}${trailer}`;
}

/** Git's headline and what stands below it: GraphQL takes them apart. */
export function messageParts(message: string): { headline: string; body: string } {
  const [headline = '', ...rest] = message.trim().split('\n');
  return { headline: headline.trim(), body: rest.join('\n').trim() };
}

/** Whether two messages are one, whichever way they were written. */
export function isSameMessage(one: string, other: string): boolean {
  const [a, b] = [messageParts(one), messageParts(other)];
  return a.headline === b.headline && a.body === b.body;
}

function plainName(name: string): string {
  const plain = name
    .replace(/[\p{Cc}\p{Cs}<>]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.slice(0, 100) || 'Somebody';
}
