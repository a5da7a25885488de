import { useRef, useState } from 'react';
import { useCopy } from '../../state/copy.ts';
import { download } from '../../state/download.ts';
import { text, account as words } from '../../text.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Recovery codes, the only time they are shown: the dialog goes once the person says that they are kept. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const [kept, setKept] = useState(false);
  const list = useRef<HTMLPreElement>(null);
  const { state, copy } = useCopy(list);
  const all = codes.join('\n');
  const done = () => {
    if (kept) onClose();
  };
  return (
    <Dialog
      title={words.twoFactor.codesTitle}
      onSubmit={done}
      onClose={done}
      foot={
        <footer className="dialog-foot">
          <button type="submit" className="button primary" disabled={!kept}>
            {words.twoFactor.codesDone}
          </button>
        </footer>
      }
    >
      <p>{words.twoFactor.codesLead}</p>
      <pre ref={list} className="codes">
        {all}
      </pre>
      <div className="button-row">
        <Button icon={state === 'copied' ? 'check' : 'copy'} onClick={copy}>
          {state === 'idle' ? text.copy : text[state]}
        </Button>
        <Button
          icon="download"
          onClick={() => download(new Blob([`${all}\n`], { type: 'text/plain' }), words.twoFactor.codesFile)}
        >
          {words.twoFactor.codesDownload}
        </Button>
      </div>
      <Checkbox label={words.twoFactor.codesKept} checked={kept} onChange={setKept} />
    </Dialog>
  );
}
