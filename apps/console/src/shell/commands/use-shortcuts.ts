import { useEffect, useEffectEvent, useRef } from 'react';
import { shortcutOf } from './commands.rules.js';
import type { Shortcut } from './commands.rules.js';

/** Time between the two keys of a shortcut. */
const SEQUENCE_MS = 1_000;

/** The field that has the focus, also inside of an editor's shadow root. */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Calls `run` for keyboard shortcuts. */
export function useShortcuts(run: (shortcut: Shortcut) => void): void {
  const prefixAt = useRef(Number.NEGATIVE_INFINITY);
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const afterG = event.timeStamp - prefixAt.current < SEQUENCE_MS;
    const shortcut = shortcutOf(event, isTyping(event), afterG);
    prefixAt.current = shortcut?.kind === 'prefix' ? event.timeStamp : Number.NEGATIVE_INFINITY;
    if (shortcut === null || shortcut.kind === 'prefix') return;
    event.preventDefault();
    run(shortcut);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
