import { z } from 'zod';
import { doc } from './fields.js';
import { timestamp } from './timestamp.js';

const probeNames = [
  'name-resolution',
  'connection',
  'proxy',
  'tls',
  'certificate',
  'client-certificate',
  'ca-bundle',
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
    name: z.enum(probeNames).meta(doc('Name of the probe')),
    state: z.enum(probeStates).meta(doc('`skipped`: a probe before it failed')),
    evidence: z.string().meta(doc('What was found', 'The certificate of the server is valid for 82 days.')),
    remedy: z.string().nullable().meta(doc('What to do; null if there is nothing to do', 'Renew the certificate.')),
  })
  .meta({ id: 'Probe', description: 'An independent check of a connection' });
export type Probe = z.output<typeof probeSchema>;

/** The last self-test of a connection. */
export const selfTestSchema = z
  .object({
    state: z.enum(['untested', 'ok', 'warning', 'failed']).meta(doc('The worst state of a probe')),
    testedAt: timestamp.nullable().meta(doc('When the self-test ended; null before the first one')),
    failingSince: timestamp.nullable().meta(doc('When a probe first failed, if one has failed since')),
    serverVersion: z
      .string()
      .nullable()
      .meta(doc('Release of the server; null if the server did not return it', '3.19.2')),
    certificateExpiresAt: timestamp.nullable().meta(doc('When the certificate of the server expires')),
    probes: z.array(probeSchema).meta(doc('Results of the probes, in their order')),
  })
  .meta({ id: 'SelfTest', description: 'The last self-test of a connection' });
export type SelfTest = z.output<typeof selfTestSchema>;
