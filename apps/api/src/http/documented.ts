import { applyDecorators, SetMetadata } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiCookieAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { branchSchema, idPrefixes, logLineSchema } from '@reunite/contracts';
import type { IdKind } from '@reunite/contracts';
import { z } from 'zod';

/** A controller whose routes need a caller, authenticated by token or session cookie. */
export const Documented = (tag: string) => applyDecorators(ApiTags(tag), ApiBearerAuth(), ApiCookieAuth('session'));

type ResponseHeaders = NonNullable<NonNullable<Parameters<typeof ApiOkResponse>[0]>['headers']>;

export const OPERATION = Symbol('operation');

/**
 * @param name name of the operation, which is the name of its gRPC method
 * @param summary what it does, in a few words, as an imperative
 */
export const Operation = (name: string, summary: string, description?: string) =>
  applyDecorators(
    SetMetadata(OPERATION, name),
    ApiOperation({
      operationId: name.charAt(0).toLowerCase() + name.slice(1),
      summary,
      description: description ?? `${summary}.`,
    }),
  );

/** The id in the path, of an object of this kind. */
export const Identifies = (kind: IdKind, name = 'id') =>
  ApiParam({
    name,
    description: `Id of the ${kind}`,
    schema: { type: 'string', examples: [`${idPrefixes[kind]}_01h2xcejqtf2nbrexx3vqjhp41`] },
  });

/** The number of a pull request in the path. */
export const NumbersPullRequest = () =>
  ApiParam({
    name: 'number',
    description: 'Number of the pull request on the server',
    schema: { type: 'integer', examples: [42] },
  });

/** The operation accepts a key that makes its repetition return the first response. */
export const AcceptsIdempotencyKey = () =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'A unique text of the caller, 1 to 200 printable ASCII characters, stored for a day',
    schema: { type: 'string', maxLength: 200, examples: ['0196f3a2-5d1c-7c3e-8f1b-2a4d6e8f0a1b'] },
  });

/** The header of an answer whose object can be changed with `If-Match`. */
export const ETAG_HEADER = {
  ETag: { description: 'Version of the object, for `If-Match`', schema: { type: 'string', examples: ['"3"'] } },
};

/** The operation accepts the ETag of the object that the caller read. */
export const AcceptsIfMatch = (required: boolean) =>
  ApiHeader({
    name: 'If-Match',
    required,
    description:
      'The `ETag` of what the caller read, or `*` for any version. Nothing is changed if there is a newer one',
    schema: { type: 'string', maxLength: 100, examples: ['"3"'] },
  });

export const Answers = (schema: z.ZodType, headers: ResponseHeaders = {}) =>
  ApiOkResponse({ description: 'OK', standardSchema: schema, headers });
export const Creates = (schema: z.ZodType) => ApiCreatedResponse({ description: 'Created', standardSchema: schema });
export const Accepts = () => ApiAcceptedResponse({ description: 'Accepted; progress is published as live events.' });
export const AnswersNothing = () => ApiNoContentResponse({ description: 'Done' });

export const branchesSchema = z
  .object({ items: z.array(branchSchema).meta({ description: 'Branches, by name' }) })
  .meta({ id: 'Branches', description: 'All branches' });
export const logSchema = z
  .object({ items: z.array(logLineSchema).meta({ description: 'Lines, oldest first' }) })
  .meta({ id: 'Log', description: 'The lines of a build log' });
