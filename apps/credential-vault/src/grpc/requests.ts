import { connectionProfileSchema, InvalidInputError } from '@reunite/contracts';
import type { VaultMethod, VaultMethods } from '@reunite/contracts';
import { z } from 'zod';

// Like the API's: no control characters and no lone surrogates, which PostgreSQL rejects.
const line = z.string().regex(/^[^\p{Cc}\p{Cs}]+$/u);
const id = line.max(200);
/** Ids of the log of deliveries exceed the safe integers of JavaScript. */
const loggedId = z.string().regex(/^[0-9]{1,30}$/);
const serverId = z.int().positive();
const permissions = z.record(z.string().regex(/^[a-z_]{1,60}$/), z.enum(['read', 'write', 'admin']));
const secret = z.string().min(16).max(16_384);
const subject = id.or(z.literal('')).default('');
const connection = z.object({ organizationId: id, connectionId: id, subject });
const user = z.object({ organizationId: id, connectionId: id, subject: id });

const profile = connectionProfileSchema.nullish().transform((value) => value ?? null);

const rotation = (credential: z.ZodType<string>) => z.object({ ...user.shape, credential });

const schemas: { [Method in VaultMethod]: z.ZodType<VaultMethods[Method]['request']> } = {
  beginManifest: z.object({
    ...user.shape,
    origin: line.max(300),
    owner: line.max(100),
    profile,
  }),
  completeManifest: z.object({ organizationId: id, subject: id, state: id, code: id }),
  getApp: connection,
  listInstallations: connection,
  mintInstallationToken: z.object({
    ...connection.shape,
    installationId: serverId,
    repositoryIds: z.array(serverId).max(500),
    permissions: permissions.refine(
      (permissions) => Object.keys(permissions).length > 0,
      'Name the permissions that the call needs.',
    ),
  }),
  // A delivery names its connection only.
  getWebhookSecrets: z.object({ organizationId: z.literal(''), connectionId: id, subject: z.literal('').default('') }),
  registerApp: z.object({
    ...user.shape,
    origin: line.max(300),
    appId: serverId,
    clientId: line.max(100),
    clientSecret: secret,
    privateKey: secret,
    webhookSecret: secret.or(z.literal('')),
    requiredPermissions: permissions,
    profile,
  }),
  rotatePrivateKey: rotation(secret),
  rotateClientSecret: rotation(secret),
  rotateWebhookSecret: rotation(secret.or(z.literal(''))),
  forgetTokens: connection,
  beginUserSignIn: z.object({ ...user.shape, callbackUrl: z.url({ protocol: /^https?$/ }).max(300) }),
  completeUserSignIn: z.object({
    organizationId: id,
    subject: id,
    state: id,
    code: id,
    connectionId: id.or(z.literal('')),
    issuer: line.max(300).or(z.literal('')),
  }),
  confirmUserSignIn: z.object({ ...user.shape, login: line.max(100) }),
  getUserAccount: user,
  mintUserToken: user,
  endUserSignIn: user,
  replaceConnectionProfile: z.object({ ...user.shape, profile: connectionProfileSchema }),
  getConnectionProfile: connection,
  inspectServerCertificate: z.object({
    organizationId: id,
    subject: id,
    connectionId: id.or(z.literal('')),
    origin: line.max(300),
    profile,
  }),
  getWebhook: connection,
  pingWebhook: connection,
  listWebhookDeliveries: z.object({ ...connection.shape, cursor: line.max(500).or(z.literal('')) }),
  redeliverWebhooks: z.object({ ...connection.shape, deliveryIds: z.array(loggedId).min(1).max(25) }),
  readWebhookDelivery: z.object({ ...connection.shape, deliveryId: loggedId }),
  repairWebhook: z.object({ ...user.shape, url: z.url({ protocol: /^https?$/ }).max(300) }),
  listAuditRecords: z.object({ ...user.shape, limit: z.int().min(1).max(101), before: z.int().min(0) }),
  getTokenUsage: user,
  deleteConnection: user,
};

/** @throws InvalidInputError that names the fields, never their values */
export function parseRequest<Method extends VaultMethod>(
  method: Method,
  message: unknown,
): VaultMethods[Method]['request'] {
  const parsed = schemas[method].safeParse(message);
  if (parsed.success) return parsed.data;
  const violations = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new InvalidInputError(
    `Invalid ${method} request: ${violations.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
    violations,
  );
}
