import { useEffect, useId, useRef } from 'react';

type Props = {
  question: string;
  detail: string;
  confirm: string;
  onCancel: () => void;
  onConfirm: () => void;
};

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({ question, detail, confirm, onCancel, onConfirm }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => dialog.current?.showModal(), []);

  function confirmed() {
    dialog.current?.close();
    onConfirm();
  }

  return (
    <dialog
      className="confirm"
      ref={dialog}
      aria-labelledby={`${id}-question`}
      aria-describedby={`${id}-detail`}
      onClose={onCancel}
    >
      <h2 id={`${id}-question`}>{question}</h2>
      <p id={`${id}-detail`} dir="auto">
        {detail}
      </p>
      <div className="confirm-buttons">
        <button className="button-secondary" type="button" onClick={() => dialog.current?.close()}>
          Keep it
        </button>
        <button className="button-danger" type="button" onClick={confirmed}>
          {confirm}
        </button>
      </div>
    </dialog>
  );
}
