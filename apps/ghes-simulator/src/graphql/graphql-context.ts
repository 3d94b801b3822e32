import type { Actor } from '../access/actor.js';
import type { Ghes } from '../ghes.js';

/** The context of all resolvers. */
export interface GraphqlContext {
  readonly ghes: Ghes;
  readonly actor: Actor;
}
