import { z } from 'zod';
import { commitField, doc } from './fields.js';

/** Body of every HTTP error: `application/problem+json` (RFC 9457). `code` is stable, `detail` is for users. */
export const problemSchema = z
  .object({
    type: z
      .string()
      .meta(doc('URL of the page that explains the code', 'https://reunite.example.com/docs/errors/not-found')),
    title: z.string().meta(doc('Text of the HTTP status', 'Not Found')),
    status: z.int().meta(doc('HTTP status', 404)),
    code: z.string().meta(doc('Stable code of the error, in kebab-case', 'not-found')),
    detail: z.string().meta(doc('Explanation for users', 'There is no such project.')),
    violations: z
      .array(
        z.object({
          path: z.string().meta(doc('Path of the field, or of the file of a commit', 'name')),
          message: z.string().meta(doc('What is wrong with it', 'Give the project a name.')),
        }),
      )
      .optional()
      .meta(doc('Invalid fields, or files of a commit')),
    head: commitField
      .optional()
      .meta(doc('Head of the branch, for `commit-conflict`; `violations` name the files that differ there')),
  })
  .meta({ id: 'Problem', description: 'Details of an error (RFC 9457)' });
export type Problem = z.output<typeof problemSchema>;
