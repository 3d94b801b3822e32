/** Texts for the error codes that the API appends to the address after a visit to the server. */
const TEXTS: Readonly<Record<string, string>> = {
  'app-permission-missing': 'The GitHub App lacks a required permission.',
  'app-unknown-app': 'The server does not know this GitHub App.',
  'app-wrong-app': 'The credentials belong to another GitHub App.',
  'app-wrong-client-id': 'The client ID belongs to another GitHub App.',
  'app-wrong-host': 'The GitHub App belongs to another server.',
  'app-wrong-key': 'The private key belongs to another GitHub App.',
  'client-secret-rejected': 'The server rejected the client secret of the GitHub App.',
  'connection-pending': 'The provider is not connected yet. Connect it first.',
  forbidden: 'You do not have permission to do this.',
  'ghes-blocked-address': 'The address of the server is blocked.',
  'ghes-rate-limited': 'The server is rate limiting requests. Try again in a few minutes.',
  'ghes-suspended': 'The installation of the GitHub App is suspended.',
  'ghes-tls': 'The TLS certificate of the server is not trusted.',
  'ghes-unreachable': 'The server is unreachable.',
  'invalid-input': 'The server sent you back with an incomplete address. Start again.',
  'manifest-state-expired': 'The setup expired. Start again.',
  'manifest-state-foreign-owner': 'The GitHub App was created for another owner than the one you chose.',
  'manifest-state-foreign-subject': 'Another user started this setup.',
  'manifest-state-unknown': 'This setup was not started here, or it is already complete.',
  'manifest-state-unknown-code':
    'The server does not accept the code of this setup: codes work once, for one hour. Delete the GitHub App on the server, and start again.',
  'manifest-state-used': 'This setup is already complete.',
  'not-found': 'The provider does not exist.',
  'sign-in-rejected': 'You declined the authorization on the server.',
  'sign-in-state-ambiguous-callback': 'The callback address of the GitHub App is outdated. Ask an owner to update it.',
  'sign-in-state-expired': 'The verification expired. Start again.',
  'sign-in-state-foreign-connection': 'The response came from another server than the one you were sent to.',
  'sign-in-state-foreign-subject': 'Another user started this verification.',
  'sign-in-state-unknown': 'This verification was not started here, or it is already complete.',
  'sign-in-state-used': 'This verification is already complete.',
  'user-signed-out': 'You signed out on the server.',
  'vault-timeout': 'The request timed out. Try again.',
  'vault-unavailable': 'Credentials are temporarily unavailable. Try again.',
};

/**
 * The text for an error code from the address bar. Anyone can write a link to the console, so nothing of the address is
 * shown: an unknown code yields a generic text.
 */
export function callbackErrorText(code: string): string {
  return Object.hasOwn(TEXTS, code) ? (TEXTS[code] ?? '') : 'The request failed. Try again.';
}
