import type { ErrorCode } from './error-codes.js';

/** Explains an error to the caller of the API. */
export interface ErrorText {
  /** The event that causes the error. */
  readonly cause: string;
  /** The next step of the caller or the operator. */
  readonly remedy: string;
}

/** The texts of the pages that the `type` of a problem leads to, in Markdown. */
export const ERROR_TEXTS: Readonly<Record<ErrorCode, ErrorText>> = {
  'invalid-input': {
    cause: 'A field of the request is missing or invalid. `violations` lists the fields.',
    remedy: 'Correct the fields and send the request again.',
  },
  'bad-request': {
    cause: 'The request cannot be read: its JSON, a header or the method is wrong.',
    remedy: 'Correct the request. Bodies are JSON with `Content-Type: application/json`.',
  },
  unauthenticated: {
    cause: 'The token is missing, invalid or expired, or its session has ended.',
    remedy: 'Sign in again, or send a valid token as `Authorization: Bearer …`.',
  },
  forbidden: {
    cause: 'The caller lacks the role that the operation needs, or a browser sent the request from another site.',
    remedy: 'Ask an owner of the organization for the role that the message names.',
  },
  'not-found': {
    cause: 'The object does not exist in the organization of the caller.',
    remedy: 'Check the id. It may have been deleted, or belong to another organization.',
  },
  conflict: {
    cause: 'The state of the object does not allow the change.',
    remedy: 'Read the object again. The message names the reason.',
  },
  'commit-conflict': {
    cause: 'The branch has commits that the change is not based on. Nothing was written.',
    remedy: 'Look at the files in `violations`, then send the commit with `head` as `expectedHead`.',
  },
  'connection-pending': {
    cause: 'The app of the connection is not created yet.',
    remedy: 'Finish the setup of the connection, or delete it.',
  },
  'pull-requests-open': {
    cause: 'Open pull requests use the branch, and the server would close them.',
    remedy: 'Merge or close them first, or set `closePullRequests`.',
  },
  'precondition-failed': {
    cause: 'The object changed after it was read: `If-Match` names an older version.',
    remedy: 'Read the object again, apply the change to it, and send its new `ETag`.',
  },
  'precondition-required': {
    cause: 'The operation replaces the whole object, and the request has no `If-Match`.',
    remedy: 'Read the object, and send its `ETag` as `If-Match`.',
  },
  'quota-exceeded': {
    cause: 'The organization has reached its number of objects or its storage.',
    remedy: 'Delete what is no longer needed, or ask the operator for a higher limit.',
  },
  'body-too-large': {
    cause: 'The body of the request or the file is larger than the limit.',
    remedy: 'Send less. Upload large files first, or push them with git.',
  },
  'unsupported-media-type': {
    cause: 'The operation does not accept this content type.',
    remedy: 'Send the content type that the reference of the operation names.',
  },
  'rate-limited': {
    cause: 'The caller or its organization has sent too many requests in the last minute.',
    remedy: 'Wait for the seconds in `Retry-After`.',
  },
  internal: {
    cause: 'The service failed in an unexpected way. The log has the details, by the id of the request.',
    remedy: 'Try again later. If it persists, give the operator the request id.',
  },
  'sign-in-unavailable': {
    cause: 'The keys of the sign-in service cannot be read, so no token can be verified.',
    remedy: 'Try again in a moment. If it persists, the operator has to check `JWT_JWKS_URL`.',
  },
  'sign-in-rejected': {
    cause: 'The server did not complete the sign-in, for example because the user denied it.',
    remedy: 'Begin the sign-in again and authorize the app.',
  },
  'sign-in-state-unknown': {
    cause: 'The redirect of the server belongs to no sign-in that was begun here.',
    remedy: 'Begin the sign-in again.',
  },
  'sign-in-state-expired': {
    cause: 'The sign-in took too long.',
    remedy: 'Begin the sign-in again and finish it within a few minutes.',
  },
  'sign-in-state-used': {
    cause: 'The redirect of the server was opened a second time.',
    remedy: 'Nothing is needed if the account is shown as active. Otherwise begin the sign-in again.',
  },
  'sign-in-state-foreign-connection': {
    cause: 'The redirect came from another server than the one that the user was sent to.',
    remedy: 'Begin the sign-in again. If it happens again, tell the owner of the server.',
  },
  'sign-in-state-foreign-issuer': {
    cause: 'The server names another issuer than the one that the user was sent to (RFC 9207).',
    remedy: 'Begin the sign-in again. If it happens again, tell the owner of the server.',
  },
  'sign-in-state-ambiguous-callback': {
    cause: 'The callback URL of the app does not name its connection, and several connections could be meant.',
    remedy: 'Set the callback URL of the app to the one in its settings here.',
  },
  'sign-in-state-foreign-subject': {
    cause: 'Another user began the sign-in.',
    remedy: 'Begin the sign-in yourself.',
  },
  'user-signed-out': {
    cause: 'The change has to be made as the account of the user, who is not signed in on the server.',
    remedy: 'Sign in on the server.',
  },
  'user-account-unconfirmed': {
    cause: 'The account that the server returned is not confirmed yet.',
    remedy: 'Confirm the account.',
  },
  'user-account-broken': {
    cause: 'The server no longer accepts the account of the user.',
    remedy: 'Remove the account and sign in on the server again.',
  },
  'manifest-state-unknown': {
    cause: 'The redirect of the server belongs to no setup that was begun here.',
    remedy: 'Begin the setup of the connection again.',
  },
  'manifest-state-expired': {
    cause: 'The setup took too long.',
    remedy: 'Begin the setup again. An app that was created already can be deleted on the server.',
  },
  'manifest-state-used': {
    cause: 'The redirect of the server was opened a second time.',
    remedy: 'Nothing is needed if the connection is shown. Otherwise begin the setup again.',
  },
  'manifest-state-foreign-subject': {
    cause: 'Another user began the setup.',
    remedy: 'Begin the setup yourself.',
  },
  'manifest-state-foreign-owner': {
    cause: 'The app was created for another owner than the one of the connection.',
    remedy: 'Delete the app on the server, and begin the setup again with the right owner.',
  },
  'manifest-state-unknown-code': {
    cause: 'The server does not know the code of the new app. Codes expire after an hour.',
    remedy: 'Delete the app on the server, and begin the setup again.',
  },
  'app-unknown-app': {
    cause: 'The server does not know the app, or it was deleted.',
    remedy: 'Check the App ID. If the app was deleted, add the connection again.',
  },
  'app-wrong-app': {
    cause: 'The credentials belong to another app.',
    remedy: 'Enter App ID, Client ID and credentials from the settings of one app.',
  },
  'app-wrong-client-id': {
    cause: 'The Client ID belongs to another app.',
    remedy: 'Copy the Client ID from the settings of the app.',
  },
  'app-wrong-host': {
    cause: 'The app belongs to another server.',
    remedy: 'Check the URL of the server.',
  },
  'app-wrong-key': {
    cause: 'The private key belongs to another app.',
    remedy: 'Generate a private key in the settings of the app, and enter it.',
  },
  'app-permission-missing': {
    cause: 'The app lacks a permission that the operation needs.',
    remedy: 'Grant the permission on the server. An owner there has to approve it for each installation.',
  },
  'client-secret-rejected': {
    cause: 'The server rejected the client secret.',
    remedy: 'Generate a client secret in the settings of the app, and enter it.',
  },
  'invalid-private-key': {
    cause: 'The private key is no RSA key in PEM.',
    remedy: 'Paste the whole file, with its BEGIN and END lines.',
  },
  'server-url-not-a-url': {
    cause: 'The server URL cannot be read.',
    remedy: 'Enter it like `https://ghes.example.com`.',
  },
  'server-url-not-http': {
    cause: 'The server URL has another scheme than `https`.',
    remedy: 'Enter it like `https://ghes.example.com`.',
  },
  'server-url-insecure': {
    cause: 'The server URL begins with `http`, which sends credentials in plain text.',
    remedy: 'Use `https`. For tests, the operator can set `GHES_ALLOW_INSECURE_HTTP`.',
  },
  'server-url-has-credentials': {
    cause: 'The server URL has a user name or a password.',
    remedy: 'Leave them out.',
  },
  'server-url-has-path': {
    cause: 'The server URL has a path.',
    remedy: 'Enter the scheme and the host only.',
  },
  'server-url-is-github-com': {
    cause: 'The server URL is that of github.com, which is not a GitHub Enterprise Server.',
    remedy: 'Enter the URL of your own server.',
  },
  'server-url-is-ghe-com': {
    cause: 'The server URL is that of GitHub Enterprise Cloud, which is not a GitHub Enterprise Server.',
    remedy: 'Enter the URL of your own server.',
  },
  'vault-unavailable': {
    cause: 'The credential vault cannot be reached.',
    remedy: 'Try again in a moment. If it persists, the operator has to check the vault.',
  },
  'vault-timeout': {
    cause: 'The credential vault did not answer in time.',
    remedy: 'Try again in a moment.',
  },
  'vault-internal': {
    cause: 'The credential vault failed in an unexpected way.',
    remedy: 'Try again later. Its log has the details.',
  },
  'caller-limited': {
    cause: 'A service has asked the vault for too many credentials.',
    remedy: 'Try again in a moment. The operator sees the caller in the audit log.',
  },
  'caller-denied': {
    cause: 'The vault does not allow the calling service to use this credential.',
    remedy: 'The operator has to check the certificates of the services.',
  },
  'credential-undecryptable': {
    cause: 'A stored credential cannot be decrypted: it was changed, or its key is missing.',
    remedy: 'The operator has to restore the key or the backup, or an owner enters the credential again.',
  },
  'kek-unavailable': {
    cause: 'The key management service does not answer.',
    remedy: 'Try again in a moment. If it persists, the operator has to check it.',
  },
  'kek-unusable': {
    cause: 'The key encryption key exists, but the key management service does not let the vault use it.',
    remedy: 'The operator has to check the state and the policy of the key.',
  },
  'kek-wrong': {
    cause: 'The configured key encryption key is not the one that wrapped the stored keys.',
    remedy: 'The operator has to configure the right key.',
  },
  'schema-outdated': {
    cause: 'The database has not been migrated to the version of the service.',
    remedy: 'The operator has to run the migrations.',
  },
  'ghes-unreachable': {
    cause: 'The server does not answer: name resolution, connection or time limit failed.',
    remedy: 'Check that the server is up and can be reached from the bridge. The self-test shows which step fails.',
  },
  'ghes-tls': {
    cause: 'The certificate of the server is not trusted, has expired or names another host.',
    remedy: 'Add the certificate authority to the connection profile, or pin the certificate.',
  },
  'ghes-client-certificate': {
    cause: 'The server requires a client certificate, or rejects the one of the connection profile.',
    remedy: 'Enter a valid client certificate and its key in the connection profile.',
  },
  'ghes-proxy-unreachable': {
    cause: 'The proxy of the connection profile does not answer.',
    remedy: 'Check the address of the proxy and whether it is up.',
  },
  'ghes-proxy-rejected': {
    cause: 'The proxy of the connection profile rejects the connection.',
    remedy: 'Check its user name and password, and whether it allows the server.',
  },
  'ghes-wrong-host': {
    cause: 'The answer does not come from a GitHub Enterprise Server.',
    remedy: 'Check the URL of the server.',
  },
  'ghes-gateway': {
    cause: 'A gateway in front of the server rejects the request.',
    remedy: 'Enter the header that it requires in the connection profile, or allow the addresses of the bridge.',
  },
  'ghes-blocked-address': {
    cause: 'The host name leads to an address that the operator does not allow.',
    remedy: 'Check the URL. The operator can allow address ranges.',
  },
  'ghes-foreign-origin': {
    cause: 'The server referred to an address of another origin, which is not followed.',
    remedy: 'Check the host name in the settings of the server.',
  },
  'ghes-redirected': {
    cause: 'The server redirected the request to another address.',
    remedy: 'Use the URL that the server redirects to.',
  },
  'ghes-unauthorized': {
    cause: 'The server rejected the credentials of the app or of the user.',
    remedy: 'Replace the private key, or sign in on the server again. The self-test shows which.',
  },
  'ghes-suspended': {
    cause: 'The installation of the app is suspended.',
    remedy: 'An owner on the server has to end the suspension.',
  },
  'ghes-forbidden': {
    cause: 'The server denied the request, for example by a rule of the repository.',
    remedy: 'The message names the reason that the server gave. Ask the owner of the repository.',
  },
  'ghes-not-found': {
    cause: 'The server does not have the object, or hides it from the app.',
    remedy: 'Check that it exists and that the installation includes the repository.',
  },
  'ghes-conflict': {
    cause: 'The state on the server does not allow the change.',
    remedy: 'Read the object again. The message names the reason.',
  },
  'ghes-validation': {
    cause: 'The server rejected a value.',
    remedy: 'The message names the reason that the server gave.',
  },
  'ghes-rate-limited': {
    cause: 'The server limits the number of requests, and the limit is reached.',
    remedy: 'Wait. Background work continues by itself when the limit is reset.',
  },
  'ghes-response-too-large': {
    cause: 'The answer of the server is larger than the limit.',
    remedy: 'Ask for less, for example for a smaller page.',
  },
  'ghes-server-error': {
    cause: 'The server failed with a status of 500 or above.',
    remedy: 'Try again later. If it persists, ask the administrator of the server.',
  },
  'ghes-malformed-response': {
    cause: 'The answer of the server cannot be read; often it is the error page of a gateway.',
    remedy: 'Try again later. If it persists, run the self-test.',
  },
  'ghes-busy': {
    cause: 'Too many requests to the server are waiting.',
    remedy: 'Try again in a moment.',
  },
  'ghes-cancelled': {
    cause: 'The request to the server was cancelled because its time was over.',
    remedy: 'Try again.',
  },
  'ghes-unsupported-version': {
    cause: 'The release of the server cannot do this.',
    remedy: 'Update the server to the release that the message names.',
  },
  'remote-rejected': {
    cause: 'The git server rejected the request.',
    remedy: 'The message has the reason that the server gave.',
  },
  'remote-object-missing': {
    cause: 'The git server no longer has the commit.',
    remedy: 'Nothing is needed: the next sync reads the current commit.',
  },
  'object-format-unsupported': {
    cause: 'The repository was created with SHA-256 object ids.',
    remedy: 'Push its content to a repository with SHA-1 ids, and connect that one.',
  },
  'remote-failed': {
    cause: 'The git server failed while it sent content.',
    remedy: 'Nothing is needed: the sync is repeated.',
  },
  'remote-response-malformed': {
    cause: 'The answer of the git server cannot be read.',
    remedy: 'If it persists, run the self-test: a gateway may change git traffic.',
  },
  'pack-memory-busy': {
    cause: 'Other syncs use the memory for large packs.',
    remedy: 'Nothing is needed: the sync is repeated.',
  },
  'pack-too-large': {
    cause: 'The content of the repository is larger than the limit.',
    remedy: 'Remove large files from the branch, or ask the operator to raise `MAX_PACK_BYTES`.',
  },
  'object-too-large': {
    cause: 'A file is larger than the limit.',
    remedy: 'Remove the file from the branch, or ask the operator to raise `MAX_GIT_OBJECT_BYTES`.',
  },
  'inflated-too-large': {
    cause: 'The unpacked content is larger than the limit.',
    remedy: 'Remove large files from the branch, or ask the operator to raise `MAX_INFLATED_BYTES`.',
  },
  'too-many-objects': {
    cause: 'The repository has more objects than the limit.',
    remedy: 'Connect a smaller repository, or ask the operator to raise `MAX_GIT_OBJECTS`.',
  },
  'delta-chain-too-deep': {
    cause: 'A git object is packed in a chain of deltas that is longer than the limit.',
    remedy: 'Run `git gc` on the server, or ask its administrator.',
  },
  'tree-too-deep': {
    cause: 'Folders are nested more deeply than the limit.',
    remedy: 'Move the content to fewer levels of folders.',
  },
  'too-many-entries': {
    cause: 'A folder has more entries than the limit.',
    remedy: 'Divide the folder.',
  },
  'malformed-object': {
    cause: 'A git object is damaged.',
    remedy: 'Run `git fsck` in a clone, and ask the administrator of the server.',
  },
  'missing-delta-base': {
    cause: 'The git server sent a delta without its base.',
    remedy: 'Nothing is needed: the sync is repeated from the start.',
  },
  'tree-clash': {
    cause: 'A change would make a path both a file and a folder.',
    remedy: 'Delete the other one in the same commit, or use another path.',
  },
  'tree-mismatch': {
    cause: 'The server stored another tree than the one that was sent.',
    remedy: 'Try again. If it persists, ask the administrator of the server.',
  },
  'object-not-found': {
    cause: 'The content is not stored here yet, or was removed.',
    remedy: 'Sync the project, and try again.',
  },
  'store-busy': {
    cause: 'Other processes keep writing the content of the repository.',
    remedy: 'Try again in a moment.',
  },
  'corrupt-object': {
    cause: 'A stored object is damaged.',
    remedy: 'The operator has to check the storage. A sync stores the content again.',
  },
  'incomplete-snapshot': {
    cause: 'The git server left out objects of the commit.',
    remedy: 'Nothing is needed: the sync is repeated.',
  },
  'invalid-repository-id': {
    cause: 'A repository is stored under an invalid id.',
    remedy: 'This is an error of the bridge. Report it to the operator.',
  },
  'unsupported-storage-url': {
    cause: 'The URL of a storage has a scheme that is not supported.',
    remedy: 'The operator has to correct the configuration.',
  },
  'storage-access-denied': {
    cause: 'The storage of content denies access.',
    remedy: 'The operator has to check the credentials and the policy of the storage.',
  },
  'storage-unavailable': {
    cause: 'The storage of content does not answer.',
    remedy: 'Try again in a moment. If it persists, the operator has to check the storage.',
  },
  'server-not-answering': {
    cause: 'The server has not answered recently, so requests to it wait.',
    remedy: 'Try again in a few minutes. The page of the connection shows when it answers.',
  },
  'job-timeout': {
    cause: 'The work took longer than its time limit.',
    remedy: 'Try again. Large repositories may need a higher limit.',
  },
  'job-too-late': {
    cause: 'No worker was free in time. Nothing was done.',
    remedy: 'Try again.',
  },
  'outcome-unknown': {
    cause: 'A worker was lost while it made the change, so it is unknown whether it was made.',
    remedy: 'Look at the server before you try again.',
  },
  'origin-mismatch': {
    cause: 'The vault has another server for this connection.',
    remedy: 'Delete the connection and connect again.',
  },
  'too-many-starts': {
    cause: 'A build was started several times, and each time its worker died.',
    remedy: 'Deploy again when the workers are healthy.',
  },
  'unauthorized-job': {
    cause: 'A job has no record of the user who requested it.',
    remedy: 'This is an error of the bridge. Report it to the operator.',
  },
  'unknown-job': {
    cause: 'A worker does not know the job; its version is older than that of the API.',
    remedy: 'The operator has to update the workers.',
  },
  'invalid-payload': {
    cause: 'The payload of a job cannot be read.',
    remedy: 'The operator has to update all services to the same version.',
  },
  'missing-job-handler': {
    cause: 'A worker has no handler for a job.',
    remedy: 'This is an error of the bridge. Report it to the operator.',
  },
  'unsupported-queue-url': {
    cause: '`QUEUE_URL` has a scheme or an option that is not supported.',
    remedy: 'The operator has to correct the configuration.',
  },
  'build-timeout': {
    cause: 'The build took longer than the limit.',
    remedy: 'Connect a smaller folder, or ask the operator for a higher limit.',
  },
  'build-memory': {
    cause: 'The build used more memory than the limit.',
    remedy: 'Connect a smaller folder, or ask the operator for a higher limit.',
  },
  'build-ended': {
    cause: 'The build was stopped because its deployment was cancelled or superseded.',
    remedy: 'Nothing is needed. The newer deployment is built.',
  },
  'build-process-died': {
    cause: 'The process of the build ended unexpectedly.',
    remedy: 'Deploy again. If it persists, the operator has to look at the log.',
  },
  'content-removed': {
    cause:
      'The commit of a deployment was removed from the store, because nothing needed it, and the server no longer has it.',
    remedy: 'Deploy another commit.',
  },
  'folder-missing': {
    cause: 'The root folder of the project does not exist in the commit.',
    remedy: 'Add the folder, or change the root folder of the project.',
  },
  'encoding-unsupported': {
    cause: 'A file is not encoded in UTF-8.',
    remedy: 'Save the file as UTF-8.',
  },
  'front-matter-invalid': {
    cause: 'The front matter of a page is no valid YAML.',
    remedy: 'Correct it at the line that the log names.',
  },
  'openapi-invalid': {
    cause: 'An OpenAPI description cannot be read.',
    remedy: 'Correct the description at the line that the log names.',
  },
  'output-too-large': {
    cause: 'The built site is larger than the limit.',
    remedy: 'Remove large files from the folder of the project.',
  },
  'page-too-complex': {
    cause: 'A page takes too long to render.',
    remedy: 'Divide the page, or simplify its tables and lists.',
  },
  'page-too-large': {
    cause: 'A page is larger than the limit.',
    remedy: 'Divide the page.',
  },
  'sidebars-invalid': {
    cause: '`sidebars.yaml` is invalid.',
    remedy: 'Correct it at the line that the log names.',
  },
  'source-syntax': {
    cause: 'A file of the project has a syntax error.',
    remedy: 'Correct it at the line that the log names.',
  },
  'source-too-large': {
    cause: 'The files of the project are larger than the limit.',
    remedy: 'Remove large files from the folder of the project.',
  },
  'too-many-files': {
    cause: 'The folder of the project has more files than the limit.',
    remedy: 'Connect a smaller folder.',
  },
  'too-many-pages': {
    cause: 'The site has more pages than the limit.',
    remedy: 'Connect a smaller folder.',
  },
  'method-not-allowed': {
    cause: 'The webhook endpoint accepts `POST` only.',
    remedy: 'Send the delivery as `POST`.',
  },
  'invalid-headers': {
    cause: 'A webhook delivery lacks a header of GitHub, or has an invalid one.',
    remedy: 'Check that no proxy removes the `X-GitHub-…` and `X-Hub-…` headers.',
  },
  'invalid-signature': {
    cause: 'The signature of a webhook delivery does not fit its body.',
    remedy: 'Replace the webhook secret, or repair the webhook on the page of the connection.',
  },
  'unknown-connection': {
    cause: 'A webhook delivery belongs to no connection.',
    remedy: 'Delete the app on the server, or connect it.',
  },
  'malformed-json': {
    cause: 'The body of a webhook delivery is no JSON.',
    remedy: 'Set the content type of the webhook to `application/json`.',
  },
  'malformed-delivery': {
    cause: 'A webhook delivery lacks fields that GitHub sends.',
    remedy: 'Check whether a gateway changes the body.',
  },
  aborted: {
    cause: 'The sender closed the connection before the whole body arrived.',
    remedy: 'Send the request again.',
  },
  'body-too-slow': {
    cause: 'The body did not arrive in time.',
    remedy: 'Send the request again, over a faster connection.',
  },
  unavailable: {
    cause: 'The service cannot accept webhook deliveries at the moment.',
    remedy: 'Nothing is needed: missed deliveries are recovered.',
  },
  overloaded: {
    cause: 'The service has too many requests at the moment.',
    remedy: 'Try again in a moment. Missed deliveries are recovered.',
  },
  failed: {
    cause: 'The webhook delivery could not be stored.',
    remedy: 'Nothing is needed: missed deliveries are recovered.',
  },
  'inbox-unavailable': {
    cause: 'The storage of webhook deliveries does not answer.',
    remedy: 'Nothing is needed: missed deliveries are recovered.',
  },
  'bad-configuration': {
    cause: 'The configuration of a service is invalid.',
    remedy: 'The operator has to correct the variables that the log lists.',
  },
  'invalid-cidr': {
    cause: 'An address range of the configuration is invalid.',
    remedy: 'The operator has to write it like `10.1.2.0/24` or `fd12::/48`.',
  },
  'local-stack-cannot-run': {
    cause: 'The local stack cannot run on this machine.',
    remedy: 'Install what the message names.',
  },
};
