import type { Project } from '@reunite/contracts';

export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

/** `in_progress` → `In progress`. */
export function sentence(word: string): string {
  const spaced = word.replaceAll(/[_-]/g, ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** `1 page`, `2 pages`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** `812 B`, `4.0 KB`, `1.2 MB`, in steps of 1024. */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

/** `received 4,200 objects, 17.2 MB` of a sync that has been running for a second; otherwise null. */
export function receivedText({ receivedObjects, receivedBytes }: Project['sync']): string | null {
  if (receivedObjects === null || receivedBytes === null) return null;
  return `received ${counted(receivedObjects, 'object')}, ${fileSize(receivedBytes)}`;
}

/** `Fetched over REST: …` if the content of a branch was not fetched over Git; otherwise null. */
export function transportText({ transport, transportReason }: Project['sync']): string | null {
  if (transport !== 'rest') return null;
  return transportReason === null ? 'Fetched over REST' : `Fetched over REST: ${transportReason}`;
}
