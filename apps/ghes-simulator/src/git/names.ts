/** Names become folders and arguments, so the patterns list what is allowed. */

const LOGIN_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?$/i;
const REPOSITORY_PATTERN = /^[\w.-]{1,100}$/;

/** First path segments of the server's own pages and API. */
const RESERVED_LOGINS = new Set([
  '_codeload',
  'api',
  'assets',
  'github-apps',
  'login',
  'logout',
  'organizations',
  'settings',
]);

export function isLogin(name: string): boolean {
  return LOGIN_PATTERN.test(name) && !RESERVED_LOGINS.has(name.toLowerCase());
}

export function isRepositoryName(name: string): boolean {
  return REPOSITORY_PATTERN.test(name) && name !== '.' && name !== '..' && !name.endsWith('.git');
}

/** True if a name follows the rules of `git check-ref-format`. */
export function isRefName(name: string): boolean {
  if (name === '' || name.length > 255 || name === '@' || name.startsWith('-')) return false;
  // Control characters, and space ~ ^ : ? * [ \, "..", "@{" and "//".
  if (/[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\//u.test(name) || name.endsWith('.')) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

export function isObjectId(value: string): boolean {
  return /^[0-9a-f]{40}$/.test(value);
}

export const zeroId = '0'.repeat(40);
