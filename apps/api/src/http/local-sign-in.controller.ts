import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { localSignInSchema, localUsersSchema } from '@reunite/contracts';
import type { LocalSignIn as LocalSignInInput, LocalUsers } from '@reunite/contracts';
import { assertLoopbackHost, LocalSignIn } from '@reunite/local-sign-in';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import { Public } from '../auth/access.decorators.js';
import { sessionCookieName, sessionCookieOptions } from '../auth/session-cookie.js';
import { SETTINGS } from '../settings.js';
import type { ApiSettings } from '../settings.js';

/** The passwordless sign-in of the local stack; the module registers it with LOCAL_SIGN_IN only. */
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
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    assertLoopbackHost(request.headers.host);
    const { token, seconds } = await this.localSignIn.signIn(user);
    reply.setCookie(sessionCookieName(this.settings.publicUrl), token, {
      ...sessionCookieOptions(this.settings.publicUrl),
      maxAge: seconds,
    });
  }
}
