import { useInfiniteQuery } from '@tanstack/react-query';
import { Autocomplete } from 'react-aria-components/Autocomplete';
import { Input } from 'react-aria-components/Input';
import { Menu, MenuItem } from 'react-aria-components/Menu';
import { SearchField } from 'react-aria-components/SearchField';
import { useNavigate } from 'react-router';
import { queries } from '../../api/queries.js';
import { classNames } from '../../components/class-names.js';
import { Dialog } from '../../components/dialog.js';
import { may, useSession } from '../session-context.js';
import { commandsOf } from './commands.rules.js';
import styles from './commands.module.css';

interface CommandPaletteProps {
  readonly onClose: () => void;
  readonly onHelp: () => void;
}

const HELP = 'help';

/** Opens a page by a part of its name. */
export function CommandPalette({ onClose, onHelp }: CommandPaletteProps) {
  const projects = useInfiniteQuery(queries.projects());
  const navigate = useNavigate();
  const commands = commandsOf(projects.data?.items ?? [], may(useSession(), 'admin'));
  const run = (key: string) => {
    if (key === HELP) {
      onHelp();
      return;
    }
    onClose();
    void navigate(key);
  };
  return (
    <Dialog title="Go to" isOpen onClose={onClose}>
      <Autocomplete filter={(text, typed) => text.toLowerCase().includes(typed.toLowerCase())}>
        <SearchField aria-label="Search pages" autoFocus>
          <Input placeholder="A page or a project" />
        </SearchField>
        <Menu
          aria-label="Pages"
          className={classNames(styles.pages)}
          onAction={(key) => run(String(key))}
          renderEmptyState={() => <p className="quiet">No page matches.</p>}
        >
          {commands.map(({ title, to }) => (
            <MenuItem key={to} id={to} textValue={title} className={classNames(styles.page)}>
              {title}
            </MenuItem>
          ))}
          <MenuItem id={HELP} textValue="Keyboard shortcuts" className={classNames(styles.page)}>
            Keyboard shortcuts
          </MenuItem>
        </Menu>
      </Autocomplete>
    </Dialog>
  );
}
