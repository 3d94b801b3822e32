import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import styles from './action-menu.module.css';
import { classNames } from './class-names.js';
import { Icon } from './icon.js';

interface MenuAction {
  readonly text: string;
  readonly isDanger?: boolean;
  readonly run: () => void;
}

interface ActionMenuProps {
  readonly label: string;
  readonly isDisabled?: boolean;
  readonly actions: readonly MenuAction[];
}

/** A button that opens a menu of actions. */
export function ActionMenu({ label, isDisabled = false, actions }: ActionMenuProps) {
  return (
    <MenuTrigger>
      <Button className={classNames('button', styles.trigger)} isDisabled={isDisabled}>
        {label} <Icon name="arrow" />
      </Button>
      <Popover className={classNames(styles.popover)} placement="bottom end">
        <Menu className={classNames(styles.menu)} aria-label={label}>
          {actions.map(({ text, isDanger = false, run }) => (
            <MenuItem
              key={text}
              textValue={text}
              className={classNames(styles.item, isDanger && styles.danger)}
              onAction={run}
            >
              {text}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
