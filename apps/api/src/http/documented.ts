import { applyDecorators, SetMetadata } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiCookieAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { branchSchema, checkSchema, logLineSchema } from '@reunite/contracts';
import { z } from 'zod';

/** A controller whose routes need a caller, authenticated by token or session cookie. */
export const Documented = (tag: string) => applyDecorators(ApiTags(tag), ApiBearerAuth(), ApiCookieAuth('session'));

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

export const Answers = (schema: z.ZodType) => ApiOkResponse({ description: 'OK', standardSchema: schema });
export const Creates = (schema: z.ZodType) => ApiCreatedResponse({ description: 'Created', standardSchema: schema });
export const Accepts = () => ApiAcceptedResponse({ description: 'Accepted; progress is published as live events.' });
export const AnswersNothing = () => ApiNoContentResponse({ description: 'Done' });

export const branchesSchema = z.object({ items: z.array(branchSchema) }).meta({ id: 'Branches' });
export const checksSchema = z.object({ items: z.array(checkSchema) }).meta({ id: 'Checks' });
export const logSchema = z.object({ items: z.array(logLineSchema) }).meta({ id: 'Log' });
