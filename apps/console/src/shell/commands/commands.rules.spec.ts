import { describe, expect, it } from '@jest/globals';
import { commandsOf, shortcutOf } from './commands.rules.js';

const none = { ctrlKey: false, metaKey: false, altKey: false };

describe('the command palette', () => {
  it('lists the pages, and the tabs of each project', () => {
    const commands = commandsOf([{ id: 'prj_1', name: 'Docs' }], false);
    expect(commands).toContainEqual({ title: 'Docs: Deployments', to: '/projects/prj_1/deployments' });
    expect(commands.map(({ to }) => to)).not.toContain('/activity');
    expect(commandsOf([], true).map(({ to }) => to)).toContain('/activity');
  });
});

describe('a keyboard shortcut', () => {
  it('opens the palette, also while typing', () => {
    expect(shortcutOf({ ...none, ctrlKey: true, key: 'k' }, true, false)).toEqual({ kind: 'palette' });
    expect(shortcutOf({ ...none, metaKey: true, key: 'K' }, false, false)).toEqual({ kind: 'palette' });
  });

  it('goes to a page with two keys', () => {
    expect(shortcutOf({ ...none, key: 'g' }, false, false)).toEqual({ kind: 'prefix' });
    expect(shortcutOf({ ...none, key: 'p' }, false, true)).toEqual({ kind: 'go', to: '/projects' });
    expect(shortcutOf({ ...none, key: 'p' }, false, false)).toBeNull();
  });

  it('does nothing while typing, or with a modifier', () => {
    expect(shortcutOf({ ...none, key: '?' }, true, false)).toBeNull();
    expect(shortcutOf({ ...none, altKey: true, key: 'g' }, false, false)).toBeNull();
    expect(shortcutOf({ ...none, key: '?' }, false, false)).toEqual({ kind: 'help' });
  });
});
