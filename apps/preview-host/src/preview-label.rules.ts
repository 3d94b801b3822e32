import { idOfHostLabel } from '@reunite/deployments';

/** What the host of a request stands for: a deployment or a project, something below our domain, or not ours at all. */
export type PreviewHost =
  /** `authority` is the host, with its port, as the browser knows it. */
  | { readonly kind: 'deployment' | 'project'; readonly id: string; readonly authority: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'elsewhere' };

/**
 * Reads the `Host` header by the template of preview addresses. The port is not compared: it may be mapped on the way.
 *
 * @param template e.g. `https://{host}.previews.example.com/`
 */
export function previewHostOf(template: string, hostHeader: string | undefined): PreviewHost {
  const suffix = new URL(template.replace('{host}', 'label')).hostname.replace(/^label/, '');
  const authority = (hostHeader ?? '').toLowerCase();
  const hostname = authority.replace(/:\d+$/, '').replace(/\.$/, '');
  if (!hostname.endsWith(suffix)) return { kind: 'elsewhere' };
  const id = idOfHostLabel(hostname.slice(0, -suffix.length));
  if (id === null) return { kind: 'unknown' };
  return { kind: id.startsWith('dep_') ? 'deployment' : 'project', id, authority };
}
