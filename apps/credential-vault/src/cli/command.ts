import type { DataSource } from 'typeorm';
import type { CommandConfig } from '../config.js';

export interface CommandContext {
  /** Arguments after the name of the command. */
  readonly args: readonly string[];
  readonly config: CommandConfig;
  readonly dataSource: DataSource;
  readonly write: (line: string) => void;
}

/** @returns the exit code */
export type Command = (context: CommandContext) => Promise<number>;
