import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components/Tabs';
import { useLocation } from 'react-router';
import { classNames } from './class-names.js';
import styles from './tabs.module.css';

export interface TabLink {
  readonly title: string;
  readonly to: string;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly TabLink[];
  /** Content of the tab that the address names. */
  readonly children: ReactNode;
}

/** Tabs with a URL each, so that they can be linked. Arrow keys move the focus, Enter opens a tab. */
export function Tabs({ label, tabs, children }: TabsProps) {
  const { pathname } = useLocation();
  return (
    <AriaTabs selectedKey={pathname} keyboardActivation="manual">
      <TabList className={classNames(styles.tabs)} aria-label={label}>
        {tabs.map(({ title, to }) => (
          <Tab key={to} id={to} href={to}>
            {title}
          </Tab>
        ))}
      </TabList>
      <TabPanel id={pathname} className={classNames(styles.panel)}>
        {children}
      </TabPanel>
    </AriaTabs>
  );
}
