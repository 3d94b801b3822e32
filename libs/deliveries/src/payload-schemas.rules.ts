import { z } from 'zod';

/*
 * The fields that we use of GitHub's webhook payloads, under GitHub's own names; everything else is dropped. A delivery
 * only determines what to read from the server, so that a field that is not needed for that may be null or missing,
 * whatever the descriptions say: payloads of old releases and of other programs have fewer.
 * https://docs.github.com/enterprise-server/webhooks/webhook-events-and-payloads
 */

const serverId = z.int().positive();
const commitId = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'is not a commit id');
/** Owners of repositories have a `name` instead of a `login` in old pushes, and are null for enterprises. */
const owner = z.object({ login: z.string().nullish(), name: z.string().nullish() });

const repository = z.object({
  id: serverId,
  name: z.string().nullish().catch(null),
  owner: owner.nullish().catch(null),
});

/** Present in the app's own deliveries only, not in those of a repository's webhook. */
const installation = z.object({ id: serverId }).nullish().catch(null);
const shared = { repository, installation };

export const pushSchema = z.object({ ...shared, ref: z.string(), before: commitId, after: commitId });

/** `ref` is the short name here, not `refs/…` as in a push. */
export const refEventSchema = z.object({ ...shared, ref: z.string(), ref_type: z.enum(['branch', 'tag']) });

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

export const pullRequestSchema = z
  .object({
    ...shared,
    number: z.int().positive().nullish(),
    pull_request: z.object({
      number: z.int().positive().nullish(),
      title: z.string(),
      state: z.enum(['open', 'closed']),
      merged: z.boolean().nullish(),
      merged_at: z.string().nullish(),
      draft: flag,
      /** Null where the account is gone. */
      user: z.object({ login: z.string() }).nullish().catch(null),
      html_url: z.string(),
      updated_at: z.iso.datetime({ offset: true }),
      /** `repo` is null where the fork is gone. */
      head: z.object({ ref: z.string(), sha: commitId, repo: z.object({ id: serverId }).nullish() }),
      base: z.object({ ref: z.string() }),
    }),
  })
  .transform(({ number, pull_request: pull, ...rest }, context) => {
    const pullNumber = number ?? pull.number;
    if (pullNumber === null || pullNumber === undefined) {
      context.addIssue({ code: 'custom', path: ['number'], message: 'is missing' });
      return z.NEVER;
    }
    const { merged, merged_at: mergedAt, user, head, ...described } = pull;
    const pullRequest = {
      ...described,
      merged: merged ?? typeof mergedAt === 'string',
      user: user ?? null,
      head: { ...head, repo: head.repo ?? null },
    };
    return { ...rest, number: pullNumber, pull_request: pullRequest };
  });

/** Events after which everything is read again: nothing in them is used. */
export const anythingSchema = z.object({});
