import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse } from '@nestjs/swagger';
import { sessionSchema, signInAddressSchema } from '@reunite/contracts';
import type { Session, SignInAddress } from '@reunite/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionService } from '../application/accounts/session.service.js';
import { CurrentCaller, Public } from '../auth/access.decorators.js';
import { CallerAdmission } from '../auth/caller-admission.js';
import { tokenOf } from '../auth/credentials.rules.js';
import { LiveEventHub } from '../live/live-event-hub.js';
import type { Caller } from '../auth/caller.js';
import { sessionCookieName, sessionCookieOptions } from '../auth/session-cookie.js';
import { SETTINGS } from '../settings.js';
import type { ApiSettings } from '../settings.js';
import { Answers, Documented, Operation } from './documented.js';

@Documented('Session')
@Controller()
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly admission: CallerAdmission,
    private readonly hub: LiveEventHub,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get('v1/session')
  @Operation('GetSession', 'Get the session', 'Returns the caller, from its token.')
  @Answers(sessionSchema)
  session(@CurrentCaller() caller: Caller): Session {
    return this.sessions.of(caller);
  }

  @Get('auth/sign-in')
  @Operation('GetSignInAddress', 'Get the sign-in page', 'Returns the URL of the page at which users sign in.')
  @Public()
  @Answers(signInAddressSchema)
  signInAddress(): SignInAddress {
    return { url: this.settings.signInUrl };
  }

  @Post('auth/sign-out')
  @Operation('SignOut', 'Sign out', 'Ends the session and removes its cookie. The token is no longer accepted.')
  @Public()
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'The session ended; its token is no longer accepted.' })
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = tokenOf(request, this.settings.publicUrl);
    const caller = token === undefined ? null : await this.admission.endSession(token);
    if (caller !== null) this.hub.endSession(caller);
    reply.clearCookie(sessionCookieName(this.settings.publicUrl), sessionCookieOptions(this.settings.publicUrl));
  }
}
