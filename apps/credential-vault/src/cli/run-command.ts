import { isCoded } from '@reunite/contracts';
import type { CommandConfig } from '../config.js';
import { openVaultDatabase } from '../vault-database.js';
import { listAudit, verifyAuditCommand } from './audit.commands.js';
import { destroyKekVersion, kekStatus, newKekVersion, rotateKekCommand } from './kek.commands.js';
import type { Command } from './command.js';

const commands: Readonly<Record<string, Command>> = {
  'audit verify': verifyAuditCommand,
  'audit list': listAudit,
  'kek new-version': newKekVersion,
  'kek rotate': rotateKekCommand,
  'kek status': kekStatus,
  'kek destroy-version': destroyKekVersion,
};

const usage = `Usage: npm run vault -- <command>

  audit verify   verifies every organization's chain; exit code 1 if one is not intact
                 --heads FILE   also compares with the output of an earlier run
  audit list     prints records, newest first, one JSON object per line
                 --organization ID  --connection ID  --caller SERVICE  --since TIME  --until TIME  --limit N (100)
  kek status      prints the keys that data keys are wrapped by
  kek new-version adds a version to the key file; nothing is wrapped by it yet
  kek rotate      wraps every data key by the newest version while the vault runs; continues after an interruption
  kek destroy-version N
                  destroys version N of the key and all before it (key file, Transit), which makes database dumps from
                  before the rotation unreadable; fails while a credential is wrapped by one of them

DATABASE_URL and KEK_URL are the vault's.`;

/** @returns the exit code: 0 for success, 1 for a violation or a failure, 2 for an unknown command */
export async function runCommand(
  args: readonly string[],
  readConfig: () => CommandConfig,
  write: (line: string) => void,
): Promise<number> {
  const command = commands[args.slice(0, 2).join(' ')];
  if (!command) {
    write(usage);
    return 2;
  }
  try {
    const config = readConfig();
    const dataSource = await openVaultDatabase(config.DATABASE_URL);
    try {
      return await command({ args: args.slice(2), config, dataSource, write });
    } finally {
      await dataSource.destroy();
    }
  } catch (error) {
    // Errors with a remedy are one line; anything else is printed with its stack.
    if (!isCoded(error) && !isParseError(error)) throw error;
    write(error.message);
    return 1;
  }
}

function isParseError(error: unknown): error is Error {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
}
