import { useState } from 'react';
import { useQuota, useRenameOwn, useSetSecondFactor } from '../api/tenants.ts';
import { full } from '../model/format.ts';
import { moment } from '../model/times.ts';
import { Answered, NotAllowed } from '../parts/answered.tsx';
import { Failure } from '../parts/failure.tsx';
import { Link } from '../parts/link.tsx';
import { Panel } from '../parts/panel.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { Button } from '../parts/ui/button.tsx';
import { Form } from '../parts/ui/form.tsx';
import { Switch } from '../parts/ui/switch.tsx';
import { TextField } from '../parts/ui/text-field.tsx';
import { Usage } from '../parts/usage.tsx';
import { showToast } from '../state/toasts.ts';
import { useView } from '../state/view-context.ts';
import { settings as words } from '../text.ts';
import { isOpen } from './registry.ts';
import '../styles/manage.css';

/** The tenant's own settings: its name, what it may use, and where everything else is. */
export default function Settings() {
  const { tenant, may } = useView();
  return (
    <>
      <ScreenHead title={words.title} lead={words.lead(tenant.name || tenant.slug)} />
      {!may('settings') && <NotAllowed why={words.readOnly} />}
      <div className="two-columns">
        <NamePanel />
        <QuotaPanel />
      </div>
      <SecondFactorPanel />
      <Elsewhere />
    </>
  );
}

function NamePanel() {
  const { tenant, may } = useView();
  const [name, setName] = useState(tenant.name);
  const rename = useRenameOwn();
  const given = name.trim();
  const submit = async () => {
    if (given === '' || given === tenant.name) return;
    try {
      await rename.mutateAsync(given);
    } catch {
      // It is shown in the form.
      return;
    }
    const undo = async () => {
      await rename.mutateAsync(tenant.name);
      setName(tenant.name);
      showToast(words.name.undone(tenant.name));
    };
    showToast(words.name.done(given), { undo });
  };
  return (
    <Panel title={words.name.title}>
      <div className="panel-body">
        <Form
          onSubmit={() => void submit()}
          busy={rename.isPending}
          foot={
            may('settings') && (
              <Button type="submit" kind="primary" busy={rename.isPending} disabled={given === tenant.name}>
                {words.name.action}
              </Button>
            )
          }
        >
          <TextField
            label={words.name.label}
            value={name}
            maxLength={200}
            readOnly={!may('settings')}
            help={words.name.help}
            wrong={given === '' ? words.name.wrong : undefined}
            onChange={setName}
          />
          <p className="muted">{words.name.slug(tenant.slug)}</p>
          <Failure error={rename.error} />
        </Form>
      </div>
    </Panel>
  );
}

function SecondFactorPanel() {
  const { tenant, may } = useView();
  const set = useSetSecondFactor();
  const change = async (required: boolean) => {
    const rule = (on: boolean) => (on ? 'required' : 'optional');
    try {
      await set.mutateAsync(rule(required));
    } catch {
      // It is shown below.
      return;
    }
    const undo = async () => {
      await set.mutateAsync(rule(!required));
      showToast(required ? words.secondFactor.off : words.secondFactor.on);
    };
    showToast(required ? words.secondFactor.on : words.secondFactor.off, { undo });
  };
  return (
    <Panel title={words.secondFactor.title} of={words.secondFactor.of}>
      <div className="panel-body">
        <Switch
          label={words.secondFactor.label}
          help={words.secondFactor.help}
          on={tenant.second_factor === 'required'}
          disabled={!may('settings') || set.isPending}
          onChange={(on) => void change(on)}
        />
        <Failure error={set.error} />
      </div>
    </Panel>
  );
}

function QuotaPanel() {
  return (
    <Panel title={words.quota.title} of={words.quota.of}>
      <Answered query={useQuota()}>
        {({ requests_per_day: requests, users, retention_days: retention }) => (
          <div className="panel-body">
            <Usage
              label={words.quota.requests}
              used={requests.used}
              limit={requests.limit}
              note={words.quota.resets(moment(Date.parse(requests.resets)))}
            />
            <Usage label={words.quota.users} used={users.used} limit={users.limit} />
            <div className="usage-head">
              <span>{words.quota.retention}</span>
              <strong>
                {retention.limit === null ? words.quota.asPolicy : words.quota.days(full(retention.limit))}
              </strong>
            </div>
          </div>
        )}
      </Answered>
    </Panel>
  );
}

const PLACES = ['privacy', 'people', 'keys', 'domains', 'integrations', 'audit'] as const;

function Elsewhere() {
  const { linkTo, may } = useView();
  return (
    <Panel title={words.links.title}>
      <div className="panel-body">
        <ul className="link-list">
          {PLACES.filter((place) => isOpen(place, may)).map((place) => (
            <li key={place}>
              <Link to={linkTo(place)}>{words.links[place]}</Link>
            </li>
          ))}
        </ul>
        <p className="muted">{words.links.own}</p>
      </div>
    </Panel>
  );
}
