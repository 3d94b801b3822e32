/** The browser of a signed-in user: keeps cookies, follows redirects on the server and submits forms. */
export class BrowserSession {
  private readonly cookies = new Map<string, string>();

  private constructor(private readonly server: string) {}

  static async signIn(server: string, login: string): Promise<BrowserSession> {
    const session = new BrowserSession(server);
    await session.send('/login', { login, password: `${login}-password`, return_to: '/' });
    return session;
  }

  /** Creates an app from a manifest. @returns the URL that the server redirects to, with a code */
  async createApp(organization: string, manifest: { name: string }, state: string): Promise<URL> {
    const path = `/organizations/${organization}/settings/apps`;
    const page = await this.send(`${path}/new?state=${state}`, { manifest: JSON.stringify(manifest) });
    return redirectTarget(await this.submit(page, path, { name: manifest.name }));
  }

  /** Authorizes an app. @returns the URL that the server redirects to, with a code */
  async authorize(url: string): Promise<URL> {
    const page = await this.send(url);
    return redirectTarget(await this.submit(page, '/login/oauth/authorize', { authorize: '1' }));
  }

  private async submit(page: Response, action: string, fields: Record<string, string>): Promise<Response> {
    const hidden = (await page.text()).matchAll(/<input\s+type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"/g);
    const given = Object.fromEntries([...hidden].map(([, name = '', value = '']) => [name, value]));
    return this.send(action, { ...given, ...fields });
  }

  private async send(path: string, form?: Record<string, string>): Promise<Response> {
    const answer = await fetch(new URL(path, this.server), {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';', 1)[0] ?? '').split('=');
      this.cookies.set(name, value);
    }
    const target = answer.headers.get('location');
    return target?.startsWith('/') === true ? this.send(target) : answer;
  }
}

function redirectTarget(answer: Response): URL {
  const target = answer.headers.get('location');
  if (target === null) throw new Error(`The form was answered with ${answer.status} and no redirect.`);
  return new URL(target);
}
