import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll } from '@jest/globals';
import { ensurePrerequisites, workspaceRoot } from '@reunite/local-stack';
import { describeSteps } from './describe-steps.js';
import { journeySteps } from './steps/index.js';
import { TestStack } from './test-stack.js';

const INSTALL_MS = 120_000;

/** Installs Node.js from npm. @returns its executable */
function installNode(version: string): string {
  const script = join(workspaceRoot, 'tools/supply-chain/install-node.mjs');
  return execFileSync(process.execPath, [script, version], { encoding: 'utf8' }).trim();
}

let node: string;

beforeAll(async () => {
  await ensurePrerequisites(['git', 'redis-server', 'chromium']);
  node = installNode('24');
}, INSTALL_MS);

describeSteps('the journey, with jobs on postgres', () => TestStack.create('postgres'), journeySteps);
describeSteps('the journey, with jobs on redis, on Node 24', () => TestStack.create('redis', { node }), journeySteps);
