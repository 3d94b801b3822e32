import type { Project } from '@reunite/contracts';

/** A page that the command palette opens. */
export interface Command {
  readonly title: string;
  readonly to: string;
}

const PAGES: readonly Command[] = [
  { title: 'Home', to: '/' },
  { title: 'Projects', to: '/projects' },
  { title: 'Git providers', to: '/connections' },
  { title: 'Connect repository', to: '/projects/new' },
];

const TABS: readonly { readonly title: string; readonly path: string }[] = [
  { title: 'Overview', path: '' },
  { title: 'Content', path: '/content' },
  { title: 'Branches', path: '/branches' },
  { title: 'Deployments', path: '/deployments' },
  { title: 'Pull requests', path: '/pull-requests' },
  { title: 'Settings', path: '/settings' },
];

/** The pages of the console, and those of each project. */
export function commandsOf(projects: readonly Pick<Project, 'id' | 'name'>[], mayViewActivity: boolean): Command[] {
  const activity = mayViewActivity ? [{ title: 'Activity', to: '/activity' }] : [];
  const tabs = projects.flatMap(({ id, name }) =>
    TABS.map(({ title, path }) => ({ title: `${name}: ${title}`, to: `/projects/${id}${path}` })),
  );
  return [...PAGES, ...activity, ...tabs];
}

/** Keyboard shortcuts, as the help lists them. */
export const SHORTCUTS = [
  { keys: ['Ctrl', 'K'], text: 'Open the command palette (⌘ K on a Mac)' },
  { keys: ['?'], text: 'Show the keyboard shortcuts' },
  { keys: ['g', 'h'], text: 'Go to Home' },
  { keys: ['g', 'p'], text: 'Go to Projects' },
  { keys: ['g', 'c'], text: 'Go to Git providers' },
  { keys: ['Ctrl', 'F'], text: 'Search in the text that is edited' },
  { keys: ['Esc'], text: 'Close a dialog' },
] as const;

const GO_TO: Readonly<Record<string, string>> = { h: '/', p: '/projects', c: '/connections' };

export type Shortcut = { readonly kind: 'palette' | 'help' | 'prefix' } | { readonly kind: 'go'; readonly to: string };

interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * The shortcut of a key, or null. @param isTyping true if the focus is in a text field, where only Ctrl+K works
 * @param afterG true if the key before was `g`
 */
export function shortcutOf(event: PressedKey, isTyping: boolean, afterG: boolean): Shortcut | null {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') return { kind: 'palette' };
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return null;
  const to = afterG ? GO_TO[event.key] : undefined;
  if (to !== undefined) return { kind: 'go', to };
  if (event.key === '?') return { kind: 'help' };
  return event.key === 'g' ? { kind: 'prefix' } : null;
}
