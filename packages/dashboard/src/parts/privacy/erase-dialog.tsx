import type { ErasureAnswer, PersonQuestion } from '@vedette/contract';
import { useErasePerson } from '../../api/privacy.ts';
import { privacy as words } from '../../text.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

interface Props {
  who: PersonQuestion;
  /** The id in words. */
  name: string;
  onErased: (answer: ErasureAnswer) => void;
  onClose: () => void;
}

/** Erases a person's data once a word was typed: it cannot be undone. */
export function EraseDialog({ who, name, onErased, onClose }: Props) {
  const erase = useErasePerson();
  const confirm = () =>
    erase.mutate(who, {
      onSuccess: (answer) => {
        onErased(answer);
        onClose();
      },
    });
  return (
    <ConfirmDialog
      title={words.erase.title}
      action={words.erase.action}
      word={words.erase.word}
      typeLabel={words.erase.type(words.erase.word)}
      mistyped={words.erase.mistyped(words.erase.word)}
      busy={erase.isPending}
      running={words.erase.running}
      error={erase.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <code className="break">{name}</code>
      <p>{words.erase.lead}</p>
      <p className="muted">{words.erase.later}</p>
    </ConfirmDialog>
  );
}
