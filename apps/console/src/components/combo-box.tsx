import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { ComboBox as AriaComboBox } from 'react-aria-components/ComboBox';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Text } from 'react-aria-components/Text';
import { classNames } from './class-names.js';
import styles from './combo-box.module.css';
import { Icon } from './icon.js';

export interface Option {
  readonly value: string;
  readonly text: string;
}

interface ComboBoxProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly violation?: string | undefined;
  /** The chosen value; the empty string if nothing is chosen. */
  readonly value: string;
  readonly options: readonly Option[];
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  /** Shown if no option matches. */
  readonly empty?: string;
  /** Searches at the server. Without it, the options are filtered by their text. */
  readonly onSearch?: (text: string) => void;
  readonly onChange: (value: string) => void;
}

/** Options that the list shows at once. More take long to draw; typing reduces them. */
const SHOWN = 200;

/** A choice from many options, with search. */
export function ComboBox({
  label,
  hint,
  violation,
  value,
  options,
  empty,
  onSearch,
  onChange,
  ...look
}: ComboBoxProps) {
  return (
    <AriaComboBox
      className={violation === undefined ? 'field' : 'field field-wrong'}
      value={value === '' ? null : value}
      onChange={(key) => key !== null && onChange(String(key))}
      defaultFilter={onSearch ? () => true : contains}
      {...(onSearch && { onInputChange: onSearch })}
      isDisabled={look.isDisabled ?? false}
      isInvalid={violation !== undefined}
      menuTrigger="focus"
      allowsEmptyCollection
      defaultItems={options.slice(0, SHOWN)}
    >
      <Label>{label}</Label>
      {hint !== undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <div className={styles.control}>
        <Input placeholder={look.placeholder ?? ''} autoCapitalize="none" spellCheck="false" />
        <Button className={classNames(styles.toggle)}>
          <Icon name="arrow" />
        </Button>
      </div>
      <FieldError className="violation">{violation}</FieldError>
      <Popover className={classNames(styles.popover)}>
        <ListBox<Option>
          className={classNames(styles.list)}
          renderEmptyState={() => <p className={styles.empty}>{empty ?? 'Nothing matches.'}</p>}
        >
          {(option) => (
            <ListBoxItem id={option.value} textValue={option.text} className={classNames(styles.option)}>
              {option.text}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}

function contains(text: string, typed: string): boolean {
  return text.toLowerCase().includes(typed.toLowerCase());
}
