import { z } from 'zod';

/** Answers that take the place of the route's own. */
export const replacingKinds = [
  'primary-limit',
  'secondary-limit',
  'graphql-limit',
  'redirect',
  'html',
  'empty',
  'invalid-json',
] as const;

/** Changes to the route's own answer. */
export const changingKinds = [
  'slow-body',
  'cut-body',
  'truncate',
  'truncated-tree',
  'wrong-date',
  'foreign-link',
  'wrong-type',
  'huge-headers',
] as const;

/** What goes wrong with the next requests of a route. */
export const faultSchema = z.object({
  /** Method and path, `*` for any run of characters: `GET /api/v3/repos/*`, `* /acme/docs.git/*`. */
  route: z.string().regex(/^(\*|[A-Z]+) \/\S*$/, 'must be a method (or *), a space and a path'),
  count: z.int().min(1).default(1),
  /** How many matching requests pass untouched first. */
  after: z.int().min(0).default(0),
  /** Before the headers; with `slow-body` between the halves of the body. */
  delayMs: z.int().min(0).max(600_000).default(0),
  /** Cuts the connection without an answer. */
  close: z.boolean().default(false),
  /** A well-known fault, instead of `status`, `headers` and `body`. */
  kind: z.enum([...replacingKinds, ...changingKinds]).optional(),
  /** Limits: until when (`reset`, `retry-after`). `wrong-date`: how far off the clock is. */
  seconds: z.int().default(60),
  /** Limits without the headers that explain them. */
  bare: z.boolean().default(false),
  /** `redirect`, `foreign-link`: the other host. */
  to: z.url().default('https://elsewhere.example'),
  /** Answers instead of the route. Without it (and without `close` or `kind`) the request goes on after the delay. */
  status: z.int().min(200).max(599).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
});

export type Fault = z.infer<typeof faultSchema>;
