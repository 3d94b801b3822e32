import type { KeyboardEvent } from 'react';
import { NavLink, useLocation } from 'react-router';

export interface Tab {
  readonly title: string;
  readonly to: string;
}

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/**
 * Arrow keys move between tabs; Home and End select the first and last one
 * (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/).
 */
function moveFocus(event: KeyboardEvent<HTMLElement>) {
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')];
  const at = tabs.findIndex((tab) => tab === document.activeElement);
  const step = steps[event.key];
  const target =
    event.key === 'Home' ? tabs[0] : event.key === 'End' ? tabs.at(-1) : step && tabs.at((at + step) % tabs.length);
  if (!target) return;
  event.preventDefault();
  target.focus();
}

/** Tabs with a URL each, so that they can be linked. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  const { pathname } = useLocation();
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={moveFocus}>
      {tabs.map((tab) => (
        <NavLink
          key={tab.to}
          to={tab.to}
          end
          role="tab"
          id={tabId(tab.to)}
          aria-selected={pathname === tab.to}
          aria-controls="tab-panel"
          tabIndex={pathname === tab.to ? 0 : -1}
        >
          {tab.title}
        </NavLink>
      ))}
    </div>
  );
}

export function tabId(path: string): string {
  return `tab-${path.replaceAll(/\W/g, '-')}`;
}
