import { pino } from 'pino';
import { readConfig, type Config } from './config.js';
import { GitMissingError } from './git/git-missing.error.js';
import { SeedError } from './seed/seed.error.js';
import { createSimulator, type SimulatorOptions } from './simulator.js';

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function explain(error: unknown, port: number): string {
  if (error instanceof GitMissingError || error instanceof SeedError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `Port ${port} is in use. Choose another with --port.`;
  if (code === 'EACCES') return `The simulator may not listen on port ${port} or write its data folder.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function tlsOf({ TLS, TLS_CERT: certFile, TLS_KEY: keyFile }: Config): SimulatorOptions['tls'] {
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile !== undefined || keyFile !== undefined) fail('--tls-cert and --tls-key belong together.');
  return TLS;
}

function frontOf(config: Config): SimulatorOptions['front'] {
  const { MUTUAL_TLS: mutualTls, GATEWAY_HEADER: header, PROXY_PORT: port, PROXY_CREDENTIALS: credentials } = config;
  if (mutualTls && config.TLS !== 'private-ca') fail('--mutual-tls needs --tls private-ca.');
  const [name = '', value = ''] = header?.split(/: */) ?? [];
  return {
    mutualTls,
    gatewayHeader: header === undefined ? undefined : { name, value },
    proxy: port === undefined ? undefined : { port, credentials },
  };
}

const result = readConfig();
if (!result.ok) fail(`The simulator cannot start:\n${result.faults.map((item) => `  ${item}`).join('\n')}`);
const { config } = result;
const log = pino({ level: config.LOG_LEVEL, name: 'ghes-simulator' }, pino.destination(2));

try {
  const simulator = await createSimulator({
    port: config.PORT,
    host: config.HOST,
    dataFolder: config.DATA_FOLDER,
    publicUrl: config.PUBLIC_URL,
    version: config.GHES_VERSION,
    privateMode: config.PRIVATE_MODE,
    apiVersion: config.API_VERSION,
    conversionWebhookSecret: config.CONVERSION_WEBHOOK_SECRET,
    tls: tlsOf(config),
    front: frontOf(config),
    check: config.CHECK,
    treeEntryLimit: config.TREE_ENTRY_LIMIT,
    gitBinary: config.GIT_BINARY,
    searchPath: config.PATH,
    seedRepository: config.SEED,
    seedPassword: config.SEED_PASSWORD,
    log,
  });
  let stopping: Promise<void> | undefined;
  const stop = (signal: string) => {
    log.info({ signal }, 'stopping');
    stopping ??= simulator.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  console.log(JSON.stringify({ ready: true, url: simulator.url, proxyUrl: simulator.proxyUrl }));
} catch (error) {
  fail(explain(error, config.PORT));
}
