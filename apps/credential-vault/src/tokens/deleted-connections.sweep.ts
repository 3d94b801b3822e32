import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { Repeating } from '@reunite/concurrency';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { InstallationTokenService } from './installation-token.service.js';

export const SWEEP_MS = Symbol('interval between sweeps for deleted connections, in ms');

/** Revokes the tokens that this replica minted for connections that another replica deleted. */
@Injectable()
export class DeletedConnectionsSweep implements OnModuleInit, OnModuleDestroy {
  private readonly repeating: Repeating;

  constructor(tokens: InstallationTokenService, @Inject(SWEEP_MS) intervalMs: number, @Inject(LOGGER) logger: Logger) {
    this.repeating = new Repeating(() => tokens.revokeDeleted(), {
      intervalMs,
      onError: (error) => {
        logger.warn({ failure: String(error) }, 'sweep for deleted connections failed');
      },
    });
  }

  onModuleInit(): void {
    this.repeating.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.repeating.stop();
  }
}
