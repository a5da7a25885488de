import type { TotpSetUp } from '@vedette/contract';
import { useState } from 'react';
import { useBeginTotp, useConfirmTotp } from '../../api/account.ts';
import { text, account as words } from '../../text.ts';
import { Command } from '../command.tsx';
import { Failure } from '../failure.tsx';
import { CodeField } from '../ui/code-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ConfirmPassword } from './confirm-password.tsx';

interface Props {
  /** With the recovery codes that came with it; null where there were some already. */
  onDone: (codes: string[] | null) => void;
  onClose: () => void;
}

/** Sets an authenticator app up: the password, the QR code or the key to type, then a code that shows it works. */
export function SetUpTotp({ onDone, onClose }: Props) {
  const begin = useBeginTotp();
  const [secret, setSecret] = useState<TotpSetUp | null>(null);
  if (secret !== null) return <ConfirmTotp secret={secret} onDone={onDone} onClose={onClose} />;
  return (
    <ConfirmPassword
      title={words.twoFactor.setUpTitle}
      action={words.twoFactor.begin}
      busy={begin.isPending}
      error={begin.error}
      onConfirm={(confirmation) => begin.mutate(confirmation, { onSuccess: setSecret })}
      onClose={onClose}
    >
      <p>{words.twoFactor.totpOff}</p>
    </ConfirmPassword>
  );
}

function ConfirmTotp({ secret, onDone, onClose }: Props & { secret: TotpSetUp }) {
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const confirm = useConfirmTotp();
  const send = (typed: string) => {
    setTried(true);
    if (typed !== '') confirm.mutate(typed, { onSuccess: ({ recovery_codes: codes }) => onDone(codes) });
  };
  return (
    <Dialog
      title={words.twoFactor.setUpTitle}
      busy={confirm.isPending}
      onSubmit={() => send(code)}
      onClose={onClose}
      closeLabel={text.cancel}
      action={
        <button type="submit" className="button primary" disabled={confirm.isPending}>
          {words.twoFactor.confirm}
        </button>
      }
    >
      <p>{words.twoFactor.scan}</p>
      <QrCode svg={secret.qr_svg} />
      <p>{words.twoFactor.typed}</p>
      <Command line={secret.secret} />
      <CodeField
        label={words.twoFactor.code}
        value={code}
        wrong={tried && code === '' ? words.twoFactor.codeWrong : undefined}
        error={confirm.error}
        onComplete={send}
        onChange={setCode}
      />
      <Failure error={confirm.error} />
    </Dialog>
  );
}

/** The drawing as the hub made it: its shapes are taken over, nothing that could run. */
function QrCode({ svg }: { svg: string }) {
  const drawing = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  const box = drawing.getAttribute('viewBox') ?? '0 0 1 1';
  return (
    <svg className="qr-code" role="img" aria-label={words.twoFactor.qr} viewBox={box} shapeRendering="crispEdges">
      <rect width="100%" height="100%" fill="#fff" />
      {[...drawing.querySelectorAll('path')].map((path, index) => {
        const shape = path.getAttribute('d') ?? '';
        const drawn = {
          stroke: path.getAttribute('stroke') ?? undefined,
          fill: path.getAttribute('fill') ?? undefined,
        };
        // oxlint-disable-next-line react/no-array-index-key
        return <path key={index} d={shape} {...drawn} />;
      })}
    </svg>
  );
}
