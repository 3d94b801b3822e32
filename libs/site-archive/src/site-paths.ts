import { localPackName, MANIFEST_NAME } from './manifest.js';
import type { Manifest, Pack } from './manifest.js';

/*
 * The blobs of an artifact store:
 *   <deployment>/.site.json   the manifest of a deployment
 *   packs/<project>/<pack>    a pack, shared by deployments of the project
 *   packs/<project>/<pack>.unused   marks a pack that no manifest named: builds no longer take files from it
 *   packs/<project>/latest.json     the manifest of the last build, from which the next one takes unchanged files
 */
export const PACKS = 'packs';
export const UNUSED = '.unused';

export function manifestPath(deploymentId: string): string {
  return `${deploymentId}/${MANIFEST_NAME}`;
}

export function packsFolder(projectId: string): string {
  return `${PACKS}/${projectId}`;
}

export function latestPath(projectId: string): string {
  return `${packsFolder(projectId)}/latest.json`;
}

export function packPathOf({ projectId }: Pick<Manifest, 'projectId'>, { id }: Pack, deploymentId: string): string {
  return projectId === null ? `${deploymentId}/${localPackName(id)}` : `${packsFolder(projectId)}/${id}`;
}
