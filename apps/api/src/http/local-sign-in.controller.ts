import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { Inject } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { localSignInSchema, localUsersSchema } from '@reunite/contracts';
import type { LocalSignIn as LocalSignInInput, LocalUsers } from '@reunite/contracts';
import type { FastifyReply } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import { Public } from '../auth/access.decorators.js';
import { SESSION_COOKIE, sessionCookieOptions } from '../auth/session-cookie.js';
import { LocalSignIn } from '../local-sign-in/local-sign-in.js';
import { SETTINGS } from '../settings.js';
import type { ApiSettings } from '../settings.js';

/** The sign-in of the local stack; the module leaves it out everywhere else. */
@ApiTags('Local sign-in')
@Public()
@Controller('auth/local')
export class LocalSignInController {
  constructor(
    private readonly localSignIn: LocalSignIn,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get('users')
  @ApiOkResponse({ standardSchema: localUsersSchema })
  users(): LocalUsers {
    return this.localSignIn.users();
  }

  @Get('jwks.json')
  jwks(): JSONWebKeySet {
    return this.localSignIn.jwks();
  }

  @Post('sign-in')
  @HttpCode(204)
  async signIn(
    @Body({ schema: localSignInSchema }) { user }: LocalSignInInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { token, seconds } = await this.localSignIn.signIn(user);
    reply.setCookie(SESSION_COOKIE, token, { ...sessionCookieOptions(this.settings.publicUrl), maxAge: seconds });
  }
}
