import { useAccount } from '../api/account.ts';
import { DetailsPanel } from '../parts/account/details-panel.tsx';
import { EmailPanel } from '../parts/account/email-panel.tsx';
import { LanguagePanel } from '../parts/account/language-panel.tsx';
import { PasskeysPanel } from '../parts/account/passkeys-panel.tsx';
import { PasswordPanel } from '../parts/account/password-panel.tsx';
import { SessionsPanel } from '../parts/account/sessions-panel.tsx';
import { TwoFactorPanel } from '../parts/account/two-factor-panel.tsx';
import { Answered, NotAllowed } from '../parts/answered.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { Skeleton } from '../parts/ui/skeleton.tsx';
import { useView } from '../state/view-context.ts';
import { account as words } from '../text.ts';
import '../styles/access.css';
import '../styles/manage.css';

/** One's own account: name, e-mail address, password, second factors, passkeys, sessions. */
export default function Account() {
  const { me } = useView();
  return (
    <>
      <ScreenHead title={words.title} lead={words.lead} />
      {me.user === null ? <NotAllowed why={words.none} /> : <OwnAccount />}
    </>
  );
}

function OwnAccount() {
  const waiting = (
    <div className="panel">
      <Skeleton lines={6} />
    </div>
  );
  return (
    <Answered query={useAccount()} loading={waiting}>
      {(account) => (
        <>
          <div className="two-columns">
            <div className="column-stack">
              <DetailsPanel user={account.user} />
              <EmailPanel account={account} />
            </div>
            <div className="column-stack">
              <PasswordPanel account={account} />
              <LanguagePanel />
            </div>
          </div>
          <TwoFactorPanel account={account} />
          <PasskeysPanel />
          <SessionsPanel />
        </>
      )}
    </Answered>
  );
}
