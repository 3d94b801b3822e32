/** A browser without scripts: cookies, links and forms. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly server: string) {}

  async open(path: string, form?: Record<string, string | string[]>): Promise<Response> {
    const fields = Object.entries(form ?? {}).flatMap(([name, value]) =>
      [value].flat().map((item): [string, string] => [name, item]),
    );
    const response = await fetch(new URL(path, this.server), {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { body: new URLSearchParams(fields) } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
      this.cookies.set(name, value);
    }
    return response;
  }

  /** Follows redirects within this server. */
  async visit(path: string, form?: Record<string, string | string[]>): Promise<Response> {
    let response = await this.open(path, form);
    for (let target = localTarget(response, this.server); target; target = localTarget(response, this.server)) {
      response = await this.open(target);
    }
    return response;
  }

  async signIn(login: string): Promise<void> {
    await this.visit('/login', { login, password: `${login}-password`, return_to: '/' });
  }

  /** Submits a form of a page with its hidden fields and the given ones. */
  async submit(page: string, action: string, fields: Record<string, string | string[]> = {}): Promise<Response> {
    return this.visit(action, { ...hiddenFields(page), ...fields });
  }

  /** Posts a manifest and confirms it. @returns the redirect target */
  async createApp(org: string, manifest: Record<string, unknown>, state: string): Promise<URL> {
    const path = `/organizations/${org}/settings/apps`;
    const review = await this.visit(`${path}/new?state=${state}`, { manifest: JSON.stringify(manifest) });
    const done = await this.submit(await review.text(), path, { name: String(manifest['name']) });
    const target = done.headers.get('location');
    if (target === null) throw new Error(`no app was created: ${await done.text()}`);
    return new URL(target);
  }
}

function localTarget(response: Response, server: string): string | undefined {
  const location = response.headers.get('location');
  if (location === null) return undefined;
  const target = new URL(location, server);
  return target.origin === new URL(server).origin ? target.pathname + target.search : undefined;
}

function hiddenFields(page: string): Record<string, string> {
  const fields = [...page.matchAll(/<input\s+type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"/g)];
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]));
}
