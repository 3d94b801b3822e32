import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { classNames } from '../components/class-names.js';
import styles from './rendering.module.css';

export type FileView = 'rendered' | 'source';

interface FileViewsProps {
  readonly view: FileView;
  readonly onChange: (view: FileView) => void;
}

/** Chooses between the rendered file and its text. */
export function FileViews({ view, onChange }: FileViewsProps) {
  return (
    <ToggleButtonGroup
      className={classNames(styles.views)}
      aria-label="View"
      disallowEmptySelection
      selectedKeys={[view]}
      onSelectionChange={([key]) => onChange(key === 'rendered' ? 'rendered' : 'source')}
    >
      <ToggleButton id="rendered">Rendered</ToggleButton>
      <ToggleButton id="source">Source</ToggleButton>
    </ToggleButtonGroup>
  );
}
