import { z } from 'zod';
import type { Permissions } from '../state/model.js';
import { KNOWN_EVENTS, knownPermissions } from './known-permissions.js';

const webAddress = z.url({ protocol: /^https?$/, error: 'must be a web address (http or https)' });

const hookAttributes = z
  .object({
    url: webAddress,
    active: z.boolean().default(true),
    secret: z.never({ error: 'is not permitted: the webhook secret is set after the app is created' }).optional(),
  })
  .strict();

/** A GitHub App manifest, with the checks that precede the confirmation page. */
export const manifestSchema = z
  .object({
    name: z
      .string({ error: 'is required' })
      .trim()
      .min(1, 'is required')
      .max(34, 'is too long (maximum is 34 characters)')
      .regex(/[a-z0-9]/i, 'must hold a letter or a digit'),
    url: webAddress,
    hook_attributes: hookAttributes.optional(),
    redirect_url: webAddress,
    callback_urls: z.array(webAddress).max(10).default([]),
    setup_url: webAddress.nullish(),
    description: z.string().nullish(),
    public: z.boolean().default(false),
    default_events: z.array(z.string()).default([]),
    default_permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).default({}),
    request_oauth_on_install: z.boolean().default(false),
    setup_on_update: z.boolean().default(false),
  })
  .superRefine((manifest, context) => {
    for (const message of eventFaults(manifest.default_events, manifest.default_permissions)) {
      context.addIssue({ code: 'custom', path: ['default_events'], message });
    }
    for (const [name, level] of Object.entries(manifest.default_permissions)) {
      const levels = knownPermissions.get(name);
      const message = !levels ? `unknown permission "${name}"` : `"${name}" cannot be "${level}"`;
      if (!levels?.includes(level)) context.addIssue({ code: 'custom', path: ['default_permissions'], message });
    }
  });

export type Manifest = z.infer<typeof manifestSchema>;

function eventFaults(events: readonly string[], permissions: Permissions): string[] {
  return events.flatMap((event) => {
    if (event.startsWith('installation')) return [`"${event}" is not supported: every app receives it`];
    const needed = KNOWN_EVENTS.get(event);
    if (needed === undefined) return [`unknown event "${event}"`];
    const granted = needed === 'metadata' || needed in permissions;
    return granted ? [] : [`"${event}" needs the permission "${needed}"`];
  });
}

export type ManifestResult = { ok: true; manifest: Manifest } | { ok: false; faults: string[] };

export function parseManifest(text: string): ManifestResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, faults: ['The manifest is not valid JSON.'] };
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return { ok: true, manifest: parsed.data };
  return {
    ok: false,
    faults: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'manifest'} ${issue.message}`),
  };
}
