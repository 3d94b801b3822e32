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

/** The document that renders diagrams, in a frame of the pages that have one. */
const DIAGRAM_FRAME = `${RESERVED_FOLDER}/diagram.html`;

/**
 * The policy in a page's own `meta` element: allows the scripts that it uses, by hash.
 *
 * @param diagrams true if the page may embed the frame that renders diagrams
 */
export function pageContentSecurityPolicy(scripts: readonly SiteAssetName[], diagrams: boolean): string {
  const frames = diagrams ? "; frame-src 'self'" : '';
  return `${COMMON}; ${STYLES}${frames}; script-src ${scripts.map((name) => `'${siteAsset(name).hash}'`).join(' ')}`;
}

/**
 * The policy header for a file of the site. Allows scripts from the reserved folder, which only the builder writes to;
 * pages narrow it further. Sandboxes SVG and XML, which could run scripts when opened directly, and the frame for
 * diagrams: it runs a library on text of the repository, in an origin of its own and without any request.
 *
 * @param host the site's host as browsers see it, with a non-default port: `docs.example.com:8443`
 * @param path of the file in the site, without a leading slash
 */
export function contentSecurityPolicyFor(contentType: string, host: string, path = ''): string {
  if (/xml/.test(contentType)) return "default-src 'none'; style-src 'unsafe-inline'; sandbox";
  // The document itself allows its script by hash.
  if (path === DIAGRAM_FRAME)
    return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-scripts";
  return `${COMMON}; ${STYLES}; script-src ${host}/${RESERVED_FOLDER}/; frame-src ${host}/${DIAGRAM_FRAME}; frame-ancestors 'self'`;
}
