import { siteAsset, type SiteAssetName } from '../assets/site-assets.js';
import { RESERVED_FOLDER } from '../source/paths.rules.js';

/** Images of other sites are allowed, other requests to them are not. Scripts of the repository never run. */
const COMMON =
  "default-src 'none'; img-src 'self' https: data:; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** Hashes of the inline styles of Redoc: an empty style sheet, which it fills by script, and its scroll bars. */
const REDOC_STYLES = [
  "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='",
];
const STYLES = `style-src 'self' ${REDOC_STYLES.join(' ')}`;

/** The policy in a page's own `meta` element: allows the scripts that it uses, by hash. */
export function pageContentSecurityPolicy(scripts: readonly SiteAssetName[]): string {
  return `${COMMON}; ${STYLES}; script-src ${scripts.map((name) => `'${siteAsset(name).hash}'`).join(' ')}`;
}

/**
 * The policy header for a file of the site. Allows scripts from the reserved folder, which only the builder writes to; pages
 * narrow it further. Sandboxes SVG and XML, which could run scripts when opened directly.
 *
 * @param host the site's host as browsers see it, with a non-default port: `docs.example.com:8443`
 */
export function contentSecurityPolicyFor(contentType: string, host: string): string {
  return /xml/.test(contentType)
    ? "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    : `${COMMON}; ${STYLES}; script-src ${host}/${RESERVED_FOLDER}/; frame-ancestors 'self'`;
}
