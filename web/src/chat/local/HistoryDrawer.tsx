import { type ReactNode, useEffect, useRef } from 'react';
import { Icon } from '../../app/Icon';

type Props = { open: boolean; onClose: () => void; children: ReactNode };

/** The history on a narrow screen: a dialog that slides in, keeps the focus and gives it back. */
export function HistoryDrawer({ open, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);

  return (
    <dialog
      className="drawer"
      ref={dialog}
      aria-label="Conversations"
      closedby="any"
      onClose={onClose}
    >
      <button
        className="button-icon drawer-close"
        type="button"
        aria-label="Close"
        onClick={onClose}
      >
        <Icon name="close" />
      </button>
      {open && children}
    </dialog>
  );
}
