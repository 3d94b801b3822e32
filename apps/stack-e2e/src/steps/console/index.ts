import type { Step } from '../step.js';
import { accessibilitySteps } from './accessibility.steps.js';
import { collaborationSteps } from './collaboration.steps.js';
import { prepare } from './console-data.js';
import { contentSteps } from './content.steps.js';
import { resilienceSteps } from './resilience.steps.js';
import { responsivenessSteps } from './responsiveness.steps.js';

/** Every page and dialog of the console, and what it does when something fails. They need a project of acme/docs. */
export const consoleSteps: readonly Step[] = [
  { title: 'a pull request with a broken link has its preview', run: prepare },
  ...accessibilitySteps,
  ...contentSteps,
  ...collaborationSteps,
  ...responsivenessSteps,
  ...resilienceSteps,
];
