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

  audit verify   follow every organization's chain; exit code 1 if one does not hold
                 --heads FILE   also compare with the heads that an earlier run printed
  audit list     records, newest first, one JSON object a line
                 --organization ID  --connection ID  --caller SERVICE  --since TIME  --until TIME  --limit N (100)
  kek status      the keys that data keys are wrapped by
  kek new-version adds a version to the key file; nothing is wrapped by it yet
  kek rotate      wraps every data key by the newest version while the vault works; goes on after an interruption
  kek destroy-version N
                  destroys version N of the key and all before it (key file, Transit), so that dumps of the database
                  from before the rotation cannot be read any more; refused while a credential is wrapped by one

DATABASE_URL and KEK_URL are those of the vault.`;

/** @returns the exit code: 0 done, 1 a fault was found or the command failed, 2 not a command */
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
    // What a person can act on is one line; anything else is shown with its stack.
    if (!isCoded(error) && !isParseError(error)) throw error;
    write(error.message);
    return 1;
  }
}

function isParseError(error: unknown): error is Error {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
}
