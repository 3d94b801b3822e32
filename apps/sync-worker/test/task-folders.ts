import { tmpdir } from 'node:os';
import type { TaskFolders } from '../src/builds/isolation/permissions.js';

/** Tasks of tests have their folders below the folder for temporary files. */
export const TASK_FOLDERS: TaskFolders = { read: [], write: [tmpdir()] };
