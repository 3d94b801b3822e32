import { StandardSchemaValidationPipe } from '@nestjs/common';
import { InvalidInputError } from '@reunite/contracts';
import type { z } from 'zod';

type Issues = readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[];

const MAX_VIOLATIONS = 20;

/** Converts the issues of a schema to an error that names each field. */
export function invalidInput(issues: Issues): InvalidInputError {
  const violations = issues.slice(0, MAX_VIOLATIONS).map(({ message, path }) => ({ path: pathText(path), message }));
  const [first] = violations;
  const detail = first ? `${first.path === '' ? '' : `${first.path}: `}${first.message}` : 'The input is not valid.';
  return new InvalidInputError(detail, violations);
}

function pathText(path: readonly unknown[] = []): string {
  return path
    .map((part) => (typeof part === 'object' && part !== null && 'key' in part ? part.key : part))
    .map(String)
    .join('.');
}

/** Validates parameters with the schema of their `@Body`, `@Query` or `@Param`. */
export const validationPipe = () => new StandardSchemaValidationPipe({ exceptionFactory: invalidInput });

/** Validates any other input. @throws InvalidInputError */
export function validated<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw invalidInput(parsed.error.issues);
  return parsed.data;
}
