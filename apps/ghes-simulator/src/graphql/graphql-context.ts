import type { Actor } from '../access/actor.js';
import type { Ghes } from '../ghes.js';

/** What every resolver gets. */
export interface GraphqlContext {
  readonly ghes: Ghes;
  readonly actor: Actor;
}
