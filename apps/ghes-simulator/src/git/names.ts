/** Names become folders and arguments, so what they may hold is listed, not what they may not. */

const loginPattern = /^[a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?$/i;
const repositoryPattern = /^[\w.-]{1,100}$/;

/** First parts of the server's own pages and API. */
const reservedLogins = new Set([
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
  return loginPattern.test(name) && !reservedLogins.has(name.toLowerCase());
}

export function isRepositoryName(name: string): boolean {
  return repositoryPattern.test(name) && name !== '.' && name !== '..' && !name.endsWith('.git');
}

/** The rules of `git check-ref-format`, for names that come from outside. */
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
