import type { ConnectionEntity } from './connection.entity.js';

type Identity = Pick<ConnectionEntity, 'id' | 'name' | 'origin' | 'appId' | 'ownerId' | 'refreshFinishedAt' | 'status'>;

/**
 * Returns why two connections are not proven to lead to one server under two host names. Ids of apps and owners are unique
 * within one server only, so both must agree, and the caller compares the ids of the repositories as well.
 *
 * @returns null if app and owner agree
 */
export function identityMismatch(from: Identity, to: Identity): string | null {
  if (from.id === to.id || from.origin === to.origin) return 'Both providers have the same host name.';
  if (to.status !== 'connected' || to.appId === null) return `The provider "${to.name}" is not connected.`;
  if (from.appId !== to.appId) {
    return `The provider "${from.name}" uses app ${from.appId ?? 'none'}, and "${to.name}" app ${to.appId}. A moved server keeps the id of the app.`;
  }
  if (to.refreshFinishedAt === null || to.ownerId === null) {
    return `The installations of "${to.name}" are not read yet. Refresh it, and try again.`;
  }
  // Unknown if the last refresh was by an earlier release of the bridge.
  if (from.ownerId !== null && from.ownerId !== to.ownerId) {
    return `The app of "${from.name}" belongs to another owner than the one of "${to.name}".`;
  }
  return null;
}
