import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { InstallationTokenService } from './installation-token.service.js';

export const SWEEP_MS = Symbol('how often deleted connections are looked for, in ms');

/** Looks from time to time whether another replica has deleted a connection that this one gave out tokens of. */
@Injectable()
export class DeletedConnectionsSweep implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tokens: InstallationTokenService,
    @Inject(SWEEP_MS) private readonly intervalMs: number,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      this.tokens.revokeDeleted().catch((error: unknown) => {
        this.logger.warn({ failure: String(error) }, 'deleted connections could not be looked for');
      });
    }, this.intervalMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}
