import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { classNames } from './class-names.js';
import styles from './dialog.module.css';

interface DialogProps {
  readonly title: ReactNode;
  /** Name of the dialog for screen readers. Default: its title. */
  readonly label?: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

/** A modal dialog. Its content is mounted while it is open; Escape closes it and returns the focus. */
export function Dialog({ title, label, isOpen, onClose, isWide = false, children }: DialogProps) {
  return (
    <ModalOverlay className={classNames(styles.overlay)} isOpen={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Modal className={classNames(styles.modal, isWide && styles.wide)}>
        <AriaDialog className={classNames(styles.dialog)} {...(label !== undefined && { 'aria-label': label })}>
          <Heading slot="title">{title}</Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
