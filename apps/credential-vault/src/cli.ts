import 'reflect-metadata';
import { runCommand } from './cli/run-command.js';
import { readCommandConfig } from './config.js';

const write = (line: string) => process.stdout.write(`${line}\n`);
process.exitCode = await runCommand(process.argv.slice(2), readCommandConfig, write);
