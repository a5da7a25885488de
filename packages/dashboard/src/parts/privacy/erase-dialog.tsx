import type { ErasureAnswer, PersonQuestion } from '@vedette/contract';
import { useState } from 'react';
import { describeError } from '../../api/client.ts';
import { useErasePerson } from '../../api/privacy.ts';
import { text } from '../../text.ts';
import { privacy as words } from '../../texts/privacy.ts';
import { TextField } from '../form-fields.tsx';
import { Modal } from '../modal.tsx';

interface Props {
  who: PersonQuestion;
  /** The id in words. */
  name: string;
  onErased: (answer: ErasureAnswer) => void;
  onClose: () => void;
}

/** Erases a person's data once a word was typed: it cannot be undone. */
export function EraseDialog({ who, name, onErased, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const erase = useErasePerson();
  const submit = () => {
    if (typed.trim() !== words.erase.word) return setWrong(true);
    erase.mutate(who, {
      onSuccess: (answer) => {
        onErased(answer);
        onClose();
      },
    });
  };
  const failure = erase.error === null ? null : describeError(erase.error);
  return (
    <Modal
      title={words.erase.title}
      busy={erase.isPending}
      onSubmit={submit}
      onClose={onClose}
      closeLabel={text.cancel}
      action={
        <button type="submit" className="button danger solid" disabled={erase.isPending}>
          {words.erase.action}
        </button>
      }
    >
      <code className="break">{name}</code>
      <p>{words.erase.lead}</p>
      <p className="muted">{words.erase.later}</p>
      <TextField
        label={words.erase.type(words.erase.word)}
        value={typed}
        wrong={wrong ? words.erase.mistyped(words.erase.word) : undefined}
        mono
        onChange={(value) => {
          setTyped(value);
          setWrong(false);
        }}
      />
      <p role="status" className="muted">
        {erase.isPending && words.erase.running}
      </p>
      {failure !== null && (
        <p className="form-error" role="alert">
          {failure.title} {failure.detail}
        </p>
      )}
    </Modal>
  );
}
