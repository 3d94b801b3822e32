import { z } from 'zod';
import { branchField, commitField, doc, idField, loginField } from './fields.js';
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
    name: line
      .trim()
      .min(1, 'Give the provider a name.')
      .max(80)
      .meta(doc('Name of the connection, unique in the organization', 'Engineering')),
    serverUrl: z
      .string()
      .trim()
      .min(1, 'Enter the address of the server, e.g. https://ghes.example.com')
      .max(300)
      .meta(doc('URL of the server', 'https://ghes.example.com')),
    owner: ownerLogin.meta(doc('Organization on the server that will own the app', 'acme')),
    profile: connectionProfileSchema.nullish().meta({
      description: 'How the server is reached. Default: directly, and trusting the public certificate authorities',
    }),
  })
  .meta({ id: 'CreateConnection', description: 'A server to connect' });
export type CreateConnection = z.output<typeof createConnectionSchema>;

export const updateConnectionSchema = createConnectionSchema
  .pick({ name: true })
  .meta({ id: 'UpdateConnection', description: 'Changes of a connection' });
export type UpdateConnection = z.output<typeof updateConnectionSchema>;

export const takeOverSchema = z
  .object({
    from: z
      .string()
      .max(100)
      .meta(
        doc(
          'Connection to the same server under its former host name. Its projects are moved, and it is deleted',
          'con_01h2xcejqtf2nbrexx3vqjhp42',
        ),
      ),
  })
  .meta({ id: 'TakeOver', description: 'The connection whose projects are moved' });
export type TakeOver = z.output<typeof takeOverSchema>;

/** The form that the browser posts to the server: the field `manifest`, to the URL `action`. */
export const manifestFormSchema = z
  .object({
    connectionId: idField('connection', 'Id of the connection'),
    action: z
      .string()
      .meta(
        doc('URL to which the form is posted', 'https://ghes.example.com/organizations/acme/settings/apps/new?state=x'),
      ),
    manifest: z.string().meta(doc('Value of the field `manifest`, in JSON', '{"name":"Reunite"}')),
  })
  .meta({ id: 'ManifestForm', description: 'The form that the browser posts to the server, which creates the app' });
export type ManifestForm = z.output<typeof manifestFormSchema>;

export const connectionStatuses = ['pending', 'connected', 'broken'] as const;
export type ConnectionStatus = (typeof connectionStatuses)[number];

export const installationSchema = z
  .object({
    id: z.number().meta(doc('Id of the installation on the server', 42)),
    owner: z.string().meta(doc('Organization or user on the server', 'acme')),
    repositorySelection: z
      .enum(['all', 'selected'])
      .meta(doc('Whether the installation includes all repositories of the owner')),
    suspended: z.boolean().meta(doc('True if an owner on the server suspended it')),
  })
  .meta({ id: 'Installation', description: 'An installation of the app, which gives access to repositories' });

export const installationRequestSchema = z
  .object({
    owner: z.string().meta(doc('Organization or enterprise on the server', 'acme')),
    requestedBy: loginField.meta(doc('Login of the member who requested the installation')),
    requestedAt: timestamp.meta(doc('When it was requested')),
  })
  .meta({
    id: 'InstallationRequest',
    description: 'A requested installation. It gives no access until an owner on the server approves it',
  });
export type InstallationRequest = z.output<typeof installationRequestSchema>;

export const connectionSchema = z
  .object({
    id: idField('connection', 'Id of the connection'),
    name: z.string().meta(doc('Name of the connection', 'Engineering')),
    serverUrl: z.string().meta(doc('Origin of the server', 'https://ghes.example.com')),
    owner: z.string().meta(doc('Organization on the server that owns the app', 'acme')),
    status: z
      .enum(connectionStatuses)
      .meta(doc('`pending`: the app is not created yet. `broken`: the server rejects the app')),
    statusReason: z
      .string()
      .nullable()
      .meta(
        doc(
          'Why it is pending or broken, or what keeps a connected app from working completely',
          'The server rejected the private key.',
        ),
      ),
    app: z
      .object({
        id: z.number().meta(doc('App ID on the server', 17)),
        slug: z.string().meta(doc('Name of the app in URLs', 'reunite-acme')),
        htmlUrl: z.string().meta(doc('Page of the app', 'https://ghes.example.com/github-apps/reunite-acme')),
        installUrl: z
          .string()
          .meta(
            doc(
              'Page on which the app is installed',
              'https://ghes.example.com/github-apps/reunite-acme/installations/new',
            ),
          ),
        callbackUrl: z
          .string()
          .meta(
            doc(
              'Callback URL of this connection. An app that was created by hand needs it, or the shared one',
              'https://reunite.example.com/callback/oauth2/con_01h2xcejqtf2nbrexx3vqjhp42',
            ),
          ),
        permissions: z.record(z.string(), z.string()).meta(doc('Permissions that the app has', { contents: 'write' })),
        events: z.array(z.string()).meta(doc('Webhook events that the app receives', ['push', 'pull_request'])),
      })
      .nullable()
      .meta(doc('The GitHub App; null while the connection is pending')),
    installations: z.array(installationSchema).meta(doc('Installations of the app')),
    installationRequests: z
      .array(installationRequestSchema)
      .meta(doc('Requested installations that no owner has approved yet')),
    lastRefresh: z
      .object({
        finishedAt: timestamp.nullable().meta(doc('When it ended; null before the first one ended')),
        error: z.string().nullable().meta(doc('Why it failed; null if it succeeded', 'The server does not answer.')),
      })
      .meta({
        id: 'ConnectionRefresh',
        description:
          'The outcome of the last refresh; `error` also for a passing reason, such as an unreachable server',
      }),
    createdAt: timestamp.meta(doc('When the connection was created')),
  })
  .meta({ id: 'Connection', description: 'A GitHub Enterprise Server that is connected by a GitHub App' });
export type Connection = z.output<typeof connectionSchema>;

/** A repository that an installation can access. */
export const repositorySchema = z
  .object({
    id: idField('repository', 'Id of the repository'),
    connectionId: idField('connection', 'Connection that it belongs to'),
    owner: z.string().meta(doc('Owner on the server', 'acme')),
    name: z.string().meta(doc('Name on the server', 'handbook')),
    defaultBranch: branchField.meta(doc('Default branch on the server', 'main')),
    private: z.boolean().meta(doc('False if every user of the server can read it')),
    available: z.boolean().meta(doc('True if an installation gives access to it')),
  })
  .meta({ id: 'Repository', description: 'A repository that an installation can access' });
export type Repository = z.output<typeof repositorySchema>;

export const branchSchema = z
  .object({ name: branchField, commit: commitField.meta(doc('Head of the branch')) })
  .meta({ id: 'Branch', description: 'A branch of a repository' });
export type Branch = z.output<typeof branchSchema>;

export const serverBranchSchema = z
  .object({
    name: branchField,
    commit: commitField.meta(doc('Head of the branch on the server')),
    syncedCommit: commitField.nullable().meta(doc('Commit whose content is synced; null if the branch is not synced')),
    ahead: z.number().nullable().meta(doc('Commits that the production branch lacks; null if they are unknown', 2)),
    behind: z.number().nullable().meta(doc('Commits of the production branch that this one lacks', 5)),
  })
  .meta({ id: 'ServerBranch', description: 'A branch on the server, compared with the production branch' });
export type ServerBranch = z.output<typeof serverBranchSchema>;
