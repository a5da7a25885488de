import type { ApiKey, MadeKey } from '@vedette/contract';
import { useState } from 'react';
import { moment } from '../model/times.ts';
import { RevokeKey, RotateKey } from '../parts/keys/key-changes.tsx';
import { KeyTable, nameOf } from '../parts/keys/key-table.tsx';
import { MakeKey } from '../parts/keys/make-key.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { ShownOnce } from '../parts/shown-once.tsx';
import { Button } from '../parts/ui/button.tsx';
import { useView } from '../state/view-context.ts';
import { keys as words } from '../text.ts';
import '../styles/manage.css';

type Asking = { what: 'make' } | { what: 'rotate' | 'revoke'; key: ApiKey } | null;
type Made = MadeKey & { former?: ApiKey };

/** The keys by which programs send and ask: make, rotate, revoke. */
export default function Keys() {
  const { tenant } = useView();
  const [asking, setAsking] = useState<Asking>(null);
  const [made, setMade] = useState<Made | null>(null);
  const close = () => setAsking(null);
  const show = (key: Made) => {
    close();
    setMade(key);
  };
  const until = made?.former?.expires ?? null;
  return (
    <>
      <ScreenHead title={words.title} lead={words.lead(tenant.name || tenant.slug)}>
        <Button kind="primary" icon="plus" onClick={() => setAsking({ what: 'make' })}>
          {words.make.open}
        </Button>
      </ScreenHead>
      <KeyTable
        onRotate={(key) => setAsking({ what: 'rotate', key })}
        onRevoke={(key) => setAsking({ what: 'revoke', key })}
      />
      {asking?.what === 'make' && <MakeKey onMade={show} onClose={close} />}
      {asking?.what === 'rotate' && <RotateKey apiKey={asking.key} onRotated={show} onClose={close} />}
      {asking?.what === 'revoke' && <RevokeKey apiKey={asking.key} onClose={close} />}
      {made !== null && (
        <ShownOnce
          title={words.made.title(nameOf(made.key))}
          lead={words.made.lead}
          secret={made.token}
          {...(until !== null && { note: words.made.rotated(moment(Date.parse(until))) })}
          done={words.made.done}
          onClose={() => setMade(null)}
        />
      )}
    </>
  );
}
