import { Controller, Get, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { sessionSchema } from '@reunite/contracts';
import type { Session } from '@reunite/contracts';
import type { FastifyReply } from 'fastify';
import { SessionService } from '../application/session.service.js';
import { CurrentCaller, Public } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { sessionCookieName, sessionCookieOptions } from '../auth/session-cookie.js';
import { SETTINGS } from '../settings.js';
import type { ApiSettings } from '../settings.js';

@ApiTags('Session')
@Controller()
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get('v1/session')
  @ApiOkResponse({ standardSchema: sessionSchema })
  session(@CurrentCaller() caller: Caller): Session {
    return this.sessions.of(caller);
  }

  @Post('auth/sign-out')
  @Public()
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'The cookie is gone.' })
  signOut(@Res({ passthrough: true }) reply: FastifyReply): void {
    reply.clearCookie(sessionCookieName(this.settings.publicUrl), sessionCookieOptions(this.settings.publicUrl));
  }
}
