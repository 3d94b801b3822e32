import type { FastifyInstance } from 'fastify';
import { signIn } from '../access/authenticate.js';
import { html, type Html } from './html.js';
import type { Site } from './site.js';

/** Accepts only paths of this server, to prevent open redirects. */
export function localPath(value: string | undefined): string {
  return value !== undefined && /^\/(?![/\\])/.test(value) && !/[\r\n]/.test(value) ? value : '/';
}

function signInForm(returnTo: string, fault?: string): Html {
  return html`<h1>Sign in</h1>
    ${fault === undefined ? '' : html`<p class="box fault" role="alert">${fault}</p>`}
    <form method="post" action="/login">
      <input type="hidden" name="return_to" value="${returnTo}" />
      <label for="login">Username</label>
      <input type="text" id="login" name="login" autocomplete="username" autofocus required />
      <label for="password">Password</label>
      <input type="password" id="password" name="password" autocomplete="current-password" required />
      <p><button class="go">Sign in</button></p>
    </form>
    <div class="box">
      <p>This is a simulator. Unless another password was configured, its users are:</p>
      <table>
        <tr>
          <th>Username</th>
          <th>Password</th>
          <th>Is</th>
        </tr>
        <tr>
          <td>octocat</td>
          <td>octocat-password</td>
          <td>owner of acme</td>
        </tr>
        <tr>
          <td>hubot</td>
          <td>hubot-password</td>
          <td>member of acme</td>
        </tr>
        <tr>
          <td>mallory</td>
          <td>mallory-password</td>
          <td>owner of globex, nothing in acme</td>
        </tr>
      </table>
    </div>`;
}

export function signInPages(app: FastifyInstance, site: Site): void {
  app.get<{ Querystring: { return_to?: string } }>('/login', (request, reply) =>
    site.send(request, reply, 'Sign in', signInForm(localPath(request.query.return_to))),
  );

  app.post<{ Body: URLSearchParams | undefined }>('/login', (request, reply) => {
    const form = request.body ?? new URLSearchParams();
    const returnTo = localPath(form.get('return_to') ?? undefined);
    const user = signIn(site.ghes, form.get('login') ?? '', form.get('password') ?? '');
    if (user) {
      site.sessions.start(reply, user);
      return reply.redirect(returnTo, 303);
    }
    void reply.code(401);
    return site.send(request, reply, 'Sign in', signInForm(returnTo, 'Incorrect username or password.'));
  });

  app.post('/logout', (request, reply) => {
    site.posted(request);
    site.sessions.end(request, reply);
    return reply.redirect('/', 303);
  });
}
