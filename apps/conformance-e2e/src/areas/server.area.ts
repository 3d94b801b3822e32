import { equal } from 'node:assert/strict';
import type { TestInstallation } from '../test-server.js';

/** Checks the version that the server reports. */
export async function checkServerVersion({ ghes, as, version }: TestInstallation): Promise<void> {
  equal((await ghes.getMeta(as({ type: 'none' }))).installed_version, version);
}
