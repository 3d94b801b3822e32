import { z } from 'zod';
import { timestamp } from './timestamp.js';

export const checkNames = ['lint', 'links'] as const;
export type CheckName = (typeof checkNames)[number];

/** States as in a commit status: `error` means that the check itself failed to run. */
export const checkStates = ['pending', 'success', 'failure', 'error'] as const;
export type CheckState = (typeof checkStates)[number];

const findingSchema = z
  .object({
    severity: z.enum(['error', 'warning']),
    rule: z.string(),
    message: z.string(),
    file: z.string().nullable(),
    line: z.number().nullable().meta({ description: 'Counted from 1.' }),
    column: z.number().nullable().meta({ description: 'Counted from 1.' }),
  })
  .meta({ id: 'Finding' });
export type Finding = z.output<typeof findingSchema>;

export const checkSchema = z
  .object({
    name: z.enum(checkNames),
    state: z.enum(checkStates),
    summary: z.string(),
    errors: z.number(),
    warnings: z.number(),
    finishedAt: timestamp.nullable(),
    findings: z.array(findingSchema).meta({ description: 'The first 1,000. The counts include all.' }),
  })
  .meta({ id: 'Check' });
export type Check = z.output<typeof checkSchema>;
