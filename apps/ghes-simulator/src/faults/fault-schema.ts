import { z } from 'zod';
import { routePattern } from '../route-pattern.js';

/** Faults that replace the route's answer. */
export const REPLACING_KINDS = [
  'primary-limit',
  'secondary-limit',
  'graphql-limit',
  'redirect',
  'html',
  'empty',
  'invalid-json',
] as const;

/** Faults that change the route's answer. */
export const CHANGING_KINDS = [
  'slow-body',
  'cut-body',
  'truncate',
  'truncated-tree',
  'wrong-date',
  'foreign-link',
  'wrong-type',
  'huge-headers',
  'changed-members',
] as const;

/** A fault that the next requests of a route meet. */
export const faultSchema = z.object({
  route: routePattern,
  count: z.int().min(1).default(1),
  /** Matching requests that pass untouched before. */
  after: z.int().min(0).default(0),
  /** Pause before the headers; with `slow-body` between the halves of the body. */
  delayMs: z.int().min(0).max(600_000).default(0),
  /** Cuts the connection without an answer. */
  close: z.boolean().default(false),
  /**
   * Pauses a request until `POST /_simulator/faults/resume`: `request` before the route handles it, `answer` after it
   * was handled and before it is answered.
   */
  pause: z.enum(['request', 'answer']).optional(),
  /** A predefined fault, instead of `status`, `headers` and `body`. */
  kind: z.enum([...REPLACING_KINDS, ...CHANGING_KINDS]).optional(),
  /** Rate limits: seconds until the reset. `wrong-date`: offset of the clock. */
  seconds: z.int().default(60),
  /** Sends rate limits without their headers. */
  bare: z.boolean().default(false),
  /** `redirect`, `foreign-link`: the other host. */
  to: z.url().default('https://elsewhere.example'),
  /** Answers instead of the route. Without it, `close` and `kind`, the route answers after the delay. */
  status: z.int().min(200).max(599).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  /** With `changed-members`: the members that replace those of the route's JSON answer. */
  body: z.unknown().optional(),
  /** `changed-members`: names of members that the answer lacks. */
  omit: z.array(z.string()).default([]),
});

export type Fault = z.infer<typeof faultSchema>;
