/** A check of the typed address of a server. */
export type AddressCheck =
  | { readonly state: 'empty' }
  | { readonly state: 'invalid'; readonly reason: string; readonly suggestion: string | null }
  | { readonly state: 'valid'; readonly origin: string; readonly isEncrypted: boolean };

/** Hosts of GitHub's own services, which are not GitHub Enterprise Server. */
const CLOUD = /(?:^|\.)(?:github\.com|ghe\.com)$/;

/** Checks an address without a request. The API checks it again. */
export function checkAddress(typed: string): AddressCheck {
  const text = typed.trim();
  if (text === '') return { state: 'empty' };
  if (!text.includes('://')) {
    const suggestion = `https://${text}`;
    return { state: 'invalid', reason: 'The address has no scheme.', suggestion: originOf(suggestion) };
  }
  const origin = originOf(text);
  if (origin === null) return invalid('The address must be a URL such as https://ghes.example.com');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    return invalid('The address must not contain a user or a password.', origin);
  if (CLOUD.test(url.hostname)) return invalid(`${url.hostname} is not a GitHub Enterprise Server.`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return invalid('The address must not have a path.', origin);
  }
  return { state: 'valid', origin, isEncrypted: url.protocol === 'https:' };
}

function invalid(reason: string, suggestion: string | null = null): AddressCheck {
  return { state: 'invalid', reason, suggestion };
}

/** The origin of an http(s) URL, or null. */
function originOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, origin } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? origin : null;
}
