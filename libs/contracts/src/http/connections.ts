import { z } from 'zod';
import { connectionProfileSchema } from './connection-profile.js';
import { line } from './line.js';
import { timestamp } from './timestamp.js';

/** GitHub logins: letters, digits and single hyphens. */
const ownerLogin = z
  .string()
  .max(100)
  .regex(
    /^[a-z\d](?:[a-z\d]|[-_](?=[a-z\d])){0,99}$/i,
    'An organization login has letters, digits and single hyphens.',
  );

export const createConnectionSchema = z
  .object({
    name: line.trim().min(1, 'Give the provider a name.').max(80),
    serverUrl: z.string().trim().min(1, 'Enter the address of the server, e.g. https://ghes.example.com').max(300),
    owner: ownerLogin.meta({ description: 'Organization on the server that will own the app.' }),
    profile: connectionProfileSchema.nullish().meta({
      description: 'How the server is reached. Default: directly, and trusting the public certificate authorities',
    }),
  })
  .meta({ id: 'CreateConnection' });
export type CreateConnection = z.output<typeof createConnectionSchema>;

export const updateConnectionSchema = createConnectionSchema.pick({ name: true }).meta({ id: 'UpdateConnection' });
export type UpdateConnection = z.output<typeof updateConnectionSchema>;

export const takeOverSchema = z
  .object({
    from: z.string().max(100).meta({
      description:
        'Connection to the same server under its former host name. Its projects are moved, and it is deleted',
    }),
  })
  .meta({ id: 'TakeOver' });
export type TakeOver = z.output<typeof takeOverSchema>;

/** The form that the browser posts to the server: the field `manifest`, to the URL `action`. */
export const manifestFormSchema = z
  .object({ connectionId: z.string(), action: z.string(), manifest: z.string() })
  .meta({ id: 'ManifestForm' });
export type ManifestForm = z.output<typeof manifestFormSchema>;

export const connectionStatuses = ['pending', 'connected', 'broken'] as const;
export type ConnectionStatus = (typeof connectionStatuses)[number];

export const installationSchema = z
  .object({
    id: z.number(),
    owner: z.string(),
    repositorySelection: z.enum(['all', 'selected']),
    suspended: z.boolean(),
  })
  .meta({ id: 'Installation' });

export const installationRequestSchema = z
  .object({
    owner: z.string().meta({ description: 'Organization or enterprise on the server' }),
    requestedBy: z.string().meta({ description: 'Login of the member who requested the installation' }),
    requestedAt: timestamp,
  })
  .meta({
    id: 'InstallationRequest',
    description: 'A requested installation. It gives no access until an owner on the server approves it',
  });
export type InstallationRequest = z.output<typeof installationRequestSchema>;

export const connectionSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    serverUrl: z.string(),
    owner: z.string(),
    status: z.enum(connectionStatuses),
    statusReason: z.string().nullable().meta({
      description: 'Why it is pending or broken, or what keeps a connected app from working completely',
    }),
    app: z
      .object({
        id: z.number(),
        slug: z.string(),
        htmlUrl: z.string(),
        installUrl: z.string(),
        permissions: z.record(z.string(), z.string()),
        events: z.array(z.string()),
      })
      .nullable(),
    installations: z.array(installationSchema),
    installationRequests: z.array(installationRequestSchema),
    lastRefresh: z.object({ finishedAt: timestamp.nullable(), error: z.string().nullable() }).meta({
      id: 'ConnectionRefresh',
      description: 'The outcome of the last refresh; `error` also for a passing reason, such as an unreachable server',
    }),
    createdAt: timestamp,
  })
  .meta({ id: 'Connection' });
export type Connection = z.output<typeof connectionSchema>;

/** A repository that an installation can access. */
export const repositorySchema = z
  .object({
    id: z.string(),
    connectionId: z.string(),
    owner: z.string(),
    name: z.string(),
    defaultBranch: z.string(),
    private: z.boolean(),
    available: z.boolean(),
  })
  .meta({ id: 'Repository' });
export type Repository = z.output<typeof repositorySchema>;

export const branchSchema = z.object({ name: z.string(), commit: z.string() }).meta({ id: 'Branch' });
export type Branch = z.output<typeof branchSchema>;
