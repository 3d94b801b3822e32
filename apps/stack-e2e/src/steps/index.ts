import { apartSteps } from './apart.steps.js';
import { badInputSteps } from './bad-input.steps.js';
import { checkSteps } from './checks.steps.js';
import { connectSteps } from './connect.steps.js';
import { editorAsOneselfSteps, editorSteps } from './editor.steps.js';
import { existingAppSteps } from './existing-app.steps.js';
import { identitySteps } from './identity.steps.js';
import { publishSteps } from './publish.steps.js';
import { deploymentSteps } from './deployment.steps.js';
import { pullRequestReviewSteps } from './pull-request-review.steps.js';
import { pullRequestSteps } from './pull-request.steps.js';
import { restartSteps } from './restart.steps.js';
import { rotationSteps } from './rotation.steps.js';
import type { Step } from './step.js';
import { thievesSteps } from './thieves.steps.js';

/** The whole way, in order: from an empty folder to a preview, through bad input, and over a restart. */
export const journeySteps: readonly Step[] = [
  ...connectSteps,
  ...publishSteps,
  ...deploymentSteps,
  ...checkSteps,
  ...pullRequestSteps,
  ...pullRequestReviewSteps,
  ...editorSteps,
  ...badInputSteps,
  ...apartSteps,
  ...identitySteps,
  ...editorAsOneselfSteps,
  ...rotationSteps,
  ...existingAppSteps,
  ...restartSteps,
  ...thievesSteps,
];
