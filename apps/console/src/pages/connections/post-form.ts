import type { ManifestForm } from '@reunite/contracts';
import { webAddress } from '../../format/address.js';

/**
 * Opens the server's page with the manifest. GHES requires a form post by the browser
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
