import type { RepositoryState } from '@reunite/contracts';

/** Why no installation reaches a repository. */
export type UnavailableCause = 'suspended' | 'not-installed' | 'not-included' | 'moved-away' | 'not-found';

/** The columns that the state follows from. */
export interface StateRows {
  readonly repository: {
    readonly owner: string;
    readonly name: string;
    readonly available: boolean;
    readonly unavailableCause: UnavailableCause | null;
    readonly archived: boolean;
  };
  readonly connection: { readonly status: string; readonly statusReason: string | null };
}

/** Describes for users what keeps the bridge from a repository: the cause, and the remedy. */
export function repositoryState({ repository, connection }: StateRows): RepositoryState {
  const { owner, name, available, archived } = repository;
  const fullName = `${owner}/${name}`;
  if (connection.status === 'broken') {
    return state('connection-broken', connection.statusReason ?? 'The server rejects the app.', 'Open the provider.');
  }
  if (!available) return unavailable(repository.unavailableCause ?? 'not-included', owner, fullName);
  if (archived) {
    return state(
      'archived',
      `${fullName} is archived on the server, so it is read-only.`,
      'Unarchive it there to commit, merge and report statuses again.',
    );
  }
  return { state: 'available', cause: null, remedy: null };
}

/** Cause and remedy in one text; empty if the repository is available. */
export function stateText({ cause, remedy }: RepositoryState): string {
  return [cause, remedy].filter((sentence) => sentence !== null).join(' ');
}

function unavailable(cause: UnavailableCause, owner: string, fullName: string): RepositoryState {
  switch (cause) {
    case 'suspended':
      return state(
        cause,
        `The installation of the app on ${owner} is suspended.`,
        `An owner of ${owner} unsuspends it in the settings of the installation.`,
      );
    case 'not-installed':
      return state(cause, `The app is not installed on ${owner}.`, `An owner of ${owner} installs the app again.`);
    case 'not-included':
      return state(
        cause,
        `The installation of the app on ${owner} does not include ${fullName}.`,
        `An owner of ${owner} adds the repository to the installation.`,
      );
    case 'moved-away':
      return state(
        cause,
        `The repository was transferred to ${fullName}, which the app cannot access.`,
        `An owner of ${owner} installs the app and includes the repository.`,
      );
    case 'not-found':
      return state(
        cause,
        `The server no longer shows ${fullName} to the app: it was deleted, or transferred to an owner without the app.`,
        'If it was transferred, install the app on its new owner. If it was deleted, connect another repository.',
      );
  }
}

function state(name: RepositoryState['state'], cause: string, remedy: string): RepositoryState {
  return { state: name, cause, remedy };
}
