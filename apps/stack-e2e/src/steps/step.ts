import type { World } from '../world.js';

/** One thing that a person does or sees; a step may build on all before it. */
export interface Step {
  readonly title: string;
  run(world: World): Promise<void>;
}
