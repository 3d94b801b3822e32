import type { Actor } from '@reunite/contracts';

const TRAILER = /^[\w-]+: \S/;
const MAX_MAILBOX_LENGTH = 64;
const MAX_NAME_LENGTH = 100;

/**
 * Returns the message to write. If the app is the author, it names the actor as co-author with an undeliverable
 * address, which cannot belong to another user.
 *
 * @see
 *   https://docs.github.com/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors
 */
export function commitMessage(message: string, author: 'user' | 'app', { subject, name }: Actor): string {
  const text = message.trim();
  if (author === 'user') return text;
  const mailbox = subject.replace(/[^\w.-]+/g, '-').slice(0, MAX_MAILBOX_LENGTH);
  const trailer = `Co-authored-by: ${cleanName(name)} <${mailbox}@users.noreply.reunite.invalid>`;
  const lastParagraph = text
    .split(/\n{2,}/)
    .slice(1)
    .at(-1);
  const hasTrailers = lastParagraph?.split('\n').every((line) => TRAILER.test(line)) ?? false;
  return `${text}\n${hasTrailers ? '' : '\n'}${trailer}`;
}

/** Splits a message into headline and body, as GraphQL takes it. */
export function messageParts(message: string): { headline: string; body: string } {
  const [headline = '', ...rest] = message.trim().split('\n');
  return { headline: headline.trim(), body: rest.join('\n').trim() };
}

/** Returns whether two messages are equal, whether written through GraphQL or REST. */
export function isSameMessage(one: string, other: string): boolean {
  const [a, b] = [messageParts(one), messageParts(other)];
  return a.headline === b.headline && a.body === b.body;
}

function cleanName(name: string): string {
  const clean = name
    .replace(/[\p{Cc}\p{Cs}<>]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return clean.slice(0, MAX_NAME_LENGTH) || 'Unknown';
}
