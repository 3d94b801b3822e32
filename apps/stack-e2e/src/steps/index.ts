import { apartSteps } from './apart.steps.js';
import { badInputSteps } from './bad-input.steps.js';
import { connectSteps } from './connect.steps.js';
import { publishSteps } from './publish.steps.js';
import { pullRequestSteps } from './pull-request.steps.js';
import { restartSteps } from './restart.steps.js';
import type { Step } from './step.js';

/** The whole way, in order: from an empty folder to a preview, through bad input, and over a restart. */
export const journeySteps: readonly Step[] = [
  ...connectSteps,
  ...publishSteps,
  ...pullRequestSteps,
  ...badInputSteps,
  ...apartSteps,
  ...restartSteps,
];
