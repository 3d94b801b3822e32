import { StandardSchemaValidationPipe } from '@nestjs/common';
import { InvalidInputError } from '@reunite/contracts';
import type { z } from 'zod';

type Issues = readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[];

const MAX_FAULTS = 20;

/** The faults of an input, each with the path of its field. */
export function invalidInput(issues: Issues): InvalidInputError {
  const faults = issues.slice(0, MAX_FAULTS).map(({ message, path }) => ({ path: pathText(path), message }));
  const [first] = faults;
  const detail = first ? `${first.path === '' ? '' : `${first.path}: `}${first.message}` : 'The input is not valid.';
  return new InvalidInputError(detail, faults);
}

function pathText(path: readonly unknown[] = []): string {
  return path
    .map((part) => (typeof part === 'object' && part !== null && 'key' in part ? part.key : part))
    .map(String)
    .join('.');
}

/** Validates what `@Body`, `@Query` and `@Param` declare a schema for. */
export const validationPipe = () => new StandardSchemaValidationPipe({ exceptionFactory: invalidInput });

/** The same for inputs that come another way. @throws InvalidInputError */
export function validated<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw invalidInput(parsed.error.issues);
  return parsed.data;
}
