import { siteAsset, type SiteAssetName } from '../assets/site-assets.js';
import { reservedFolder } from '../source/paths.rules.js';

/** Images of other sites are shown; nothing else is asked of anybody. Nothing of the repository runs. */
const common =
  "default-src 'none'; img-src 'self' https: data:; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** Redoc makes an empty style sheet and adds rules to it by script: the hash of nothing. The other is that of its scroll bars. */
const redocStyles = [
  "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='",
];
const styles = `style-src 'self' ${redocStyles.join(' ')}`;

/** What a page says itself: those of our scripts that it uses, by their content. */
export function pageContentSecurityPolicy(scripts: readonly SiteAssetName[]): string {
  return `${common}; ${styles}; script-src ${scripts.map((name) => `'${siteAsset(name).hash}'`).join(' ')}`;
}

/**
 * The policy to send with a file of the site: scripts come from the folder that only the builder writes to, whichever
 * version of it built the site. Pages narrow it down themselves. An SVG that is opened by itself is a document and
 * could run scripts.
 *
 * @param host of the site as its readers see it, with a port that is not the usual one: `docs.example.com:8443`
 */
export function contentSecurityPolicyFor(contentType: string, host: string): string {
  return /xml/.test(contentType)
    ? "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    : `${common}; ${styles}; script-src ${host}/${reservedFolder}/; frame-ancestors 'self'`;
}
