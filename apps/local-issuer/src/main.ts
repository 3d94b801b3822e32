import { runService } from '@reunite/platform';
import { readLocalIssuerConfig } from './config.js';
import { startLocalIssuer } from './start-local-issuer.js';

await runService('local-issuer', readLocalIssuerConfig, startLocalIssuer);
