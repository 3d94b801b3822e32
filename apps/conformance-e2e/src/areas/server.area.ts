import { equal } from 'node:assert/strict';
import type { InstalledStage } from '../stage.js';

/** What the server says about itself. */
export async function meetServer({ ghes, as, version }: InstalledStage): Promise<void> {
  equal((await ghes.getMeta(as({ type: 'none' }))).installed_version, version);
}
