import { applyDecorators } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiCookieAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import { branchSchema, checkSchema, logLineSchema } from '@reunite/contracts';
import { z } from 'zod';

/** A controller whose routes need a caller, authenticated by token or session cookie. */
export const Documented = (tag: string) => applyDecorators(ApiTags(tag), ApiBearerAuth(), ApiCookieAuth('session'));

export const Answers = (schema: z.ZodType) => ApiOkResponse({ description: 'OK', standardSchema: schema });
export const Creates = (schema: z.ZodType) => ApiCreatedResponse({ description: 'Created', standardSchema: schema });
export const Accepts = () => ApiAcceptedResponse({ description: 'Accepted; progress is published as live events.' });
export const AnswersNothing = () => ApiNoContentResponse({ description: 'Done' });

export const branchesSchema = z.object({ items: z.array(branchSchema) }).meta({ id: 'Branches' });
export const checksSchema = z.object({ items: z.array(checkSchema) }).meta({ id: 'Checks' });
export const logSchema = z.object({ items: z.array(logLineSchema) }).meta({ id: 'Log' });
