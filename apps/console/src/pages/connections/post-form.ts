import type { ManifestForm } from '@reunite/contracts';
import { webAddress } from '../../format/address.js';

/**
 * Sends the person to the server's own page with the manifest, as GHES wants it: a form post by the browser itself
 * (https://docs.github.com/en/enterprise-server/apps/sharing-github-apps/registering-a-github-app-from-a-manifest).
 */
export function postManifest({ action, manifest }: ManifestForm): void {
  const address = webAddress(action);
  if (address === undefined) throw new Error(`The server's page has an address that is not http(s): ${action}`);
  const form = document.createElement('form');
  form.method = 'post';
  form.action = address;
  form.hidden = true;
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = 'manifest';
  field.value = manifest;
  form.append(field);
  document.body.append(form);
  form.submit();
  form.remove();
}
