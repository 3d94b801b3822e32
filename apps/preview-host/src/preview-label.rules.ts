import { idOfHostLabel } from '@reunite/deployments';

/** The target that a `Host` header identifies. */
export type PreviewHost =
  /** `authority` is the host with its port, as the browser sent it. */
  | { readonly kind: 'deployment' | 'project'; readonly id: string; readonly authority: string }
  /** Below the preview domain, but not the label of a deployment or a project. */
  | { readonly kind: 'unknown' }
  /** Not below the preview domain. */
  | { readonly kind: 'foreign' };

/**
 * Parses a `Host` header by the template of preview addresses. Ignores the port, which a proxy may have mapped.
 *
 * @param template e.g. `https://{host}.previews.example.com/`
 */
export function previewHostOf(template: string, hostHeader: string | undefined): PreviewHost {
  const suffix = new URL(template.replace('{host}', 'label')).hostname.replace(/^label/, '');
  const authority = (hostHeader ?? '').toLowerCase();
  const hostname = authority.replace(/:\d+$/, '').replace(/\.$/, '');
  if (!hostname.endsWith(suffix)) return { kind: 'foreign' };
  const id = idOfHostLabel(hostname.slice(0, -suffix.length));
  if (id === null) return { kind: 'unknown' };
  return { kind: id.startsWith('dep_') ? 'deployment' : 'project', id, authority };
}
