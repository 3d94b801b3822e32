import { z } from 'zod';
import { timestamp } from './timestamp.js';

const probeNames = [
  'name-resolution',
  'connection',
  'proxy',
  'tls',
  'certificate',
  'gateway',
  'clock',
  'version',
  'app',
  'permissions',
  'events',
  'installations',
  'rulesets',
  'webhook-url',
  'webhook-content-type',
  'webhook-ping',
  'webhook-deliveries',
  'delivery-lag',
] as const;
export type ProbeName = (typeof probeNames)[number];

const probeStates = ['ok', 'warning', 'failed', 'skipped'] as const;
export type ProbeState = (typeof probeStates)[number];

/** One independent check of a connection. */
const probeSchema = z
  .object({
    name: z.enum(probeNames),
    state: z.enum(probeStates),
    evidence: z.string().meta({ description: 'What was found' }),
    remedy: z.string().nullable().meta({ description: 'What to do; null if there is nothing to do' }),
  })
  .meta({ id: 'Probe' });
export type Probe = z.output<typeof probeSchema>;

/** The last self-test of a connection. */
export const selfTestSchema = z
  .object({
    state: z.enum(['untested', 'ok', 'warning', 'failed']).meta({ description: 'The worst state of a probe' }),
    testedAt: timestamp.nullable(),
    failingSince: timestamp.nullable().meta({ description: 'When a probe first failed, if one has failed since' }),
    serverVersion: z.string().nullable().meta({ description: 'E.g. 3.19.2; null if the server did not return it' }),
    certificateExpiresAt: timestamp.nullable().meta({ description: 'When the certificate of the server expires' }),
    probes: z.array(probeSchema),
  })
  .meta({ id: 'SelfTest' });
export type SelfTest = z.output<typeof selfTestSchema>;
