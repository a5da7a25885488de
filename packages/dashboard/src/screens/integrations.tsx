import { useIntegrations } from '../api/integrations.ts';
import { Answered, NotAllowed } from '../parts/answered.tsx';
import { IntegrationCard } from '../parts/integrations/integration-card.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { Skeleton } from '../parts/ui/skeleton.tsx';
import { useView } from '../state/view-context.ts';
import { integrations as words } from '../text.ts';
import '../styles/integrations.css';

/** Other companies' analytics: off by default, with what leaves to whom. */
export default function Integrations() {
  const { may } = useView();
  const admin = may('settings');
  const waiting = (
    <div className="cards">
      {['ga4', 'clarity'].map((kind) => (
        <div key={kind} className="panel">
          <Skeleton lines={9} />
        </div>
      ))}
    </div>
  );
  return (
    <>
      <ScreenHead title={words.title} lead={words.lead} />
      {!admin && <NotAllowed why={words.readOnly} />}
      <Answered query={useIntegrations()} loading={waiting}>
        {({ integrations }) =>
          integrations.length === 0 ? (
            <p className="empty-note">{words.empty}</p>
          ) : (
            <div className="cards">
              {integrations.map((integration) => (
                <IntegrationCard key={integration.kind} integration={integration} admin={admin} />
              ))}
            </div>
          )
        }
      </Answered>
    </>
  );
}
