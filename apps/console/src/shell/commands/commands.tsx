import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { useShortcuts } from './use-shortcuts.js';

const CommandPalette = lazy(async () => ({ default: (await import('./command-palette.js')).CommandPalette }));
const ShortcutHelp = lazy(async () => ({ default: (await import('./shortcut-help.js')).ShortcutHelp }));

/** The command palette and the help of keyboard shortcuts, with the button that opens the palette. */
export function Commands() {
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  const navigate = useNavigate();
  useShortcuts((shortcut) => {
    if (shortcut.kind === 'go') void navigate(shortcut.to);
    else if (shortcut.kind !== 'prefix') setOpen(shortcut.kind);
  });
  const close = () => setOpen(null);
  return (
    <>
      <button type="button" className="button button-quiet" onClick={() => setOpen('palette')}>
        Go to… <kbd>Ctrl K</kbd>
      </button>
      <Suspense fallback={null}>
        {open === 'palette' && <CommandPalette onClose={close} onHelp={() => setOpen('help')} />}
        {open === 'help' && <ShortcutHelp onClose={close} />}
      </Suspense>
    </>
  );
}
