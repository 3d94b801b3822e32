import { z } from 'zod';
import { doc } from './fields.js';
import { timestamp } from './timestamp.js';

export const checkNames = ['lint', 'links'] as const;
export type CheckName = (typeof checkNames)[number];

/** States as in a commit status: `error` means that the check itself failed to run. */
export const checkStates = ['pending', 'success', 'failure', 'error'] as const;
export type CheckState = (typeof checkStates)[number];

const findingSchema = z.object({
  severity: z.enum(['error', 'warning']).meta(doc('Whether the check fails because of it')),
  rule: z.string().meta(doc('Rule that was violated', 'link-broken')),
  message: z.string().meta(doc('Explanation, in one sentence', 'The link leads to no page.')),
  file: z
    .string()
    .nullable()
    .meta(doc('Path below the root folder of the project; null if it concerns no file', 'guides/start.md')),
  line: z.number().nullable().meta(doc('Counted from 1', 12)),
  column: z.number().nullable().meta(doc('Counted from 1', 5)),
});
/** A finding, as a check reports it. */
export type Finding = z.output<typeof findingSchema>;

const comparedFindingSchema = findingSchema
  .extend({
    isNew: z
      .boolean()
      .nullable()
      .meta(
        doc('Whether production did not have it when the preview was checked; null if they were not compared', true),
      ),
  })
  .meta({ id: 'Finding', description: 'A diagnostic of a check' });
export type ComparedFinding = z.output<typeof comparedFindingSchema>;

const checkSchema = z
  .object({
    name: z.enum(checkNames).meta(doc('Name of the check')),
    state: z.enum(checkStates).meta(doc('As in a commit status: `error` means that the check itself failed to run')),
    summary: z.string().meta(doc('Result in a few words', '2 errors')),
    errors: z.number().meta(doc('Number of errors', 2)),
    warnings: z.number().meta(doc('Number of warnings', 0)),
    newErrors: z
      .number()
      .nullable()
      .meta(doc('Errors of a preview that production did not have; null if they were not compared', 1)),
    newWarnings: z
      .number()
      .nullable()
      .meta(doc('Warnings of a preview that production did not have; null if they were not compared', 0)),
    finishedAt: timestamp.nullable().meta(doc('When the check ended; null while it runs')),
    findings: z.array(comparedFindingSchema).meta(doc('The first 1,000. The counts include all.')),
  })
  .meta({ id: 'Check', description: 'The result of a check of a deployment' });
export type Check = z.output<typeof checkSchema>;

export const checksSchema = z
  .object({
    items: z.array(checkSchema).meta({ description: 'One for each check' }),
    checkRunProblem: z
      .string()
      .nullable()
      .meta(
        doc(
          'Why the server does not show the check run of the commit as it should; null if it does, or gets none',
          'The server rejected the check run: the app lacks the permission "Checks: write".',
        ),
      ),
  })
  .meta({ id: 'Checks', description: 'All checks of a deployment' });
export type Checks = z.output<typeof checksSchema>;
