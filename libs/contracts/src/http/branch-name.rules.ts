/**
 * Returns the reason why a branch name is invalid, as a sentence for users, or null. The rules of `git
 * check-ref-format` (https://git-scm.com/docs/git-check-ref-format), and those that servers add.
 */
export function branchNameViolation(name: string): string | null {
  if (name === '') return 'Give the branch a name.';
  if (new TextEncoder().encode(name).length > 244) return 'The name is too long: 244 bytes at most.';
  if (/[\p{Cc}\p{Cs} ~^:?*[\\]/u.test(name))
    return 'A name holds no spaces, control characters, or any of ~ ^ : ? * [ \\.';
  if (/\.\.|@\{|\/\//.test(name)) return 'A name holds no “..”, “@{” or “//”.';
  if (/^[-/]|[/.]$/.test(name)) return 'A name does not begin with “-” or “/”, nor end in “/” or “.”.';
  if (name.split('/').some((part) => part.startsWith('.') || part.endsWith('.lock'))) {
    return 'No part of a name begins with “.” or ends in “.lock”.';
  }
  if (/^(HEAD|@)$/.test(name) || name.startsWith('refs/')) return `“${name}” means something else to git.`;
  if (/^[0-9a-f]{40}$/i.test(name)) return 'A name that looks like a commit is rejected by servers.';
  return null;
}
