import type { LogInWays, Me } from '@vedette/contract';
import { useState } from 'react';
import { useLogInWays, useSetUp } from '../api/log-in.ts';
import { AccessFailure } from '../parts/access/access-failure.tsx';
import { AccountFields, isComplete } from '../parts/access/account-fields.tsx';
import { Door } from '../parts/access/door.tsx';
import { Answered } from '../parts/answered.tsx';
import { Link } from '../parts/link.tsx';
import { Form } from '../parts/ui/form.tsx';
import { Skeleton } from '../parts/ui/skeleton.tsx';
import { useLanguage } from '../state/language.ts';
import { access as words } from '../text.ts';
import '../styles/access.css';

interface Props {
  me: Me;
  onLater: () => void;
}

/** The first run: the first account, made by whoever came by the one-time link. */
export default function SetUp({ me, onLater }: Props) {
  const ways = useLogInWays();
  if (me.set_up) {
    return (
      <Door title={words.setUp.done} lead={words.setUp.doneLead}>
        <Link className="button primary wide" to="/">
          {words.invitation.toDashboard}
        </Link>
      </Door>
    );
  }
  return (
    <Door
      title={words.setUp.title}
      lead={
        <>
          <p>{words.setUp.lead}</p>
          <p>{words.setUp.link}</p>
        </>
      }
    >
      <Answered query={ways} loading={<Skeleton lines={6} />}>
        {(known) => <FirstAccount ways={known} onLater={onLater} />}
      </Answered>
    </Door>
  );
}

function FirstAccount({ ways, onLater }: { ways: LogInWays; onLater: () => void }) {
  const [draft, setDraft] = useState({ email: '', name: '', password: '' });
  const [tried, setTried] = useState(false);
  const setUp = useSetUp();
  const locale = useLanguage();
  const least = ways.password.min_length;
  const submit = () => {
    setTried(true);
    if (!isComplete(draft, least) || setUp.isPending) return;
    setUp.mutate({ ...draft, email: draft.email.trim(), name: draft.name.trim(), locale });
  };
  return (
    <Form
      className="door-form"
      onSubmit={submit}
      busy={setUp.isPending}
      foot={
        <>
          <button type="submit" className="button primary wide" disabled={setUp.isPending}>
            {words.setUp.action}
          </button>
          <button type="button" className="link as-text" onClick={onLater}>
            {words.setUp.later}
          </button>
        </>
      }
    >
      <AccountFields draft={draft} least={least} tried={tried} emailHelp={words.setUp.emailHelp} onChange={setDraft} />
      <AccessFailure error={setUp.error} />
    </Form>
  );
}
