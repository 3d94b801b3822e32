import { isolationSteps } from './isolation.steps.js';
import { badInputSteps } from './bad-input.steps.js';
import { checkSteps } from './checks.steps.js';
import { connectSteps } from './connect.steps.js';
import { editorAsUserSteps, editorSteps } from './editor.steps.js';
import { existingAppSteps } from './existing-app.steps.js';
import { identitySteps } from './identity.steps.js';
import { privateNetworkSteps } from './private-network.steps.js';
import { publishSteps } from './publish.steps.js';
import { deploymentSteps } from './deployment.steps.js';
import { pullRequestReviewSteps } from './pull-request-review.steps.js';
import { pullRequestSteps } from './pull-request.steps.js';
import { restartSteps } from './restart.steps.js';
import { rotationSteps } from './rotation.steps.js';
import { selfTestSteps } from './self-test.steps.js';
import type { Step } from './step.js';
import { exfiltrationSteps } from './exfiltration.steps.js';

/** All steps in order: from an empty folder to a preview, invalid input, and a restart. */
export const journeySteps: readonly Step[] = [
  ...connectSteps,
  ...publishSteps,
  ...deploymentSteps,
  ...checkSteps,
  ...pullRequestSteps,
  ...pullRequestReviewSteps,
  ...editorSteps,
  ...badInputSteps,
  ...isolationSteps,
  ...identitySteps,
  ...privateNetworkSteps,
  ...editorAsUserSteps,
  ...rotationSteps,
  ...selfTestSteps,
  ...existingAppSteps,
  ...[...restartSteps, ...exfiltrationSteps].map((step): Step => ({ ...step, needs: 'processes' })),
];
