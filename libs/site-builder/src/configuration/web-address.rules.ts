/**
 * An address of a web site without credentials, query and fragment, and without a slash at its end.
 *
 * @returns undefined for anything else, e.g. another scheme
 */
export function webAddressOf(written: string): string | undefined {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
  return (url.origin + url.pathname).replace(/\/$/, '');
}
