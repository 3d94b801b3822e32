import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components/Tabs';
import { useLocation } from 'react-router';
import { classNames } from './class-names.js';
import styles from './tabs.module.css';
import { useTitle } from './use-title.js';

export interface TabLink {
  readonly title: string;
  readonly to: string;
}

interface TabsProps {
  readonly label: string;
  /** Title of the page, for the title of the browser tab. */
  readonly title: string;
  readonly tabs: readonly TabLink[];
  /** Content of the tab that the address names. */
  readonly children: ReactNode;
}

/** Tabs with a URL each, so that they can be linked. Arrow keys move the focus, Enter opens a tab. */
export function Tabs({ label, title, tabs, children }: TabsProps) {
  const { pathname } = useLocation();
  const active = tabs.find(({ to }) => to === pathname);
  useTitle(active ? `${active.title} · ${title}` : title);
  return (
    <AriaTabs selectedKey={pathname} keyboardActivation="manual">
      <TabList className={classNames(styles.tabs)} aria-label={label}>
        {tabs.map(({ title: text, to }) => (
          <Tab key={to} id={to} href={to}>
            {text}
          </Tab>
        ))}
      </TabList>
      <TabPanel id={pathname} className={classNames(styles.panel)}>
        {children}
      </TabPanel>
    </AriaTabs>
  );
}
