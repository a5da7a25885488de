import type { FunnelStep } from '@vedette/contract';
import { type FormEvent, useId, useState } from 'react';
import {
  BLANK,
  blankSteps,
  type Funnel,
  LEAST_STEPS,
  MOST_STEPS,
  STEP_KINDS,
  WITHIN,
  withFunnel,
} from '../../model/funnel.ts';
import { pathOf } from '../../model/place.ts';
import { goTo, useScreenSearch, useSearch } from '../../state/location.ts';
import { interactions as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { Panel } from '../panel.tsx';
import { FunnelResult } from './funnel-result.tsx';

/** Builds a funnel, which is kept in the address, and shows how far people came. */
export function FunnelPanel() {
  const search = useSearch();
  const { funnel: asked } = useScreenSearch('interactions');
  const written = JSON.stringify(asked);
  const [seen, setSeen] = useState(written);
  const [draft, setDraft] = useState<Funnel>(asked ?? BLANK);
  const [wrong, setWrong] = useState<number | null>(null);
  // The back button, or a link: what the address says is what is built.
  if (seen !== written) {
    setSeen(written);
    setDraft(asked ?? BLANK);
    setWrong(null);
  }
  const show = (funnel: Funnel | null) => goTo(pathOf('interactions') + withFunnel(search, funnel));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [blank] = blankSteps(draft);
    setWrong(blank ?? null);
    if (blank === undefined) show(draft);
  };
  return (
    <Panel title={words.funnel.title} of={words.funnel.of} className="funnel">
      <div className="funnel-parts">
        <form onSubmit={submit} className="funnel-form">
          <p className="muted">{words.funnel.lead}</p>
          <Steps funnel={draft} wrong={wrong} onChange={setDraft} />
          <WithinSelect value={draft.within} onChange={(within) => setDraft({ ...draft, within })} />
          {wrong !== null && (
            <p className="form-error" role="alert">
              {words.funnel.blank(wrong + 1)}
            </p>
          )}
          <div className="button-row">
            <button type="submit" className="button primary">
              {words.funnel.show}
            </button>
            {asked !== null && (
              <button type="button" className="button" onClick={() => show(null)}>
                {words.funnel.clear}
              </button>
            )}
          </div>
        </form>
        {asked !== null && <FunnelResult funnel={asked} />}
      </div>
    </Panel>
  );
}

interface StepsProps {
  funnel: Funnel;
  /** The step that says nothing to look for, from 0. */
  wrong: number | null;
  onChange: (funnel: Funnel) => void;
}

function Steps({ funnel, wrong, onChange }: StepsProps) {
  const { steps } = funnel;
  const set = (changed: readonly FunnelStep[]) => onChange({ ...funnel, steps: changed });
  const swap = (index: number) => {
    const [above, here] = [steps[index - 1], steps[index]];
    if (above !== undefined && here !== undefined) set(steps.with(index - 1, here).with(index, above));
  };
  return (
    <>
      <ol className="funnel-steps">
        {steps.map((step, index) => (
          // Steps have no other name than their place.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>
            <StepFields
              step={step}
              number={index + 1}
              wrong={wrong === index}
              onChange={(changed) => set(steps.with(index, changed))}
            />
            <button
              type="button"
              className="icon-button small"
              disabled={index === 0}
              title={words.funnel.up(index + 1)}
              aria-label={words.funnel.up(index + 1)}
              onClick={() => swap(index)}
            >
              <Icon name="up" />
            </button>
            <button
              type="button"
              className="icon-button small"
              disabled={steps.length <= LEAST_STEPS}
              title={words.funnel.remove(index + 1)}
              aria-label={words.funnel.remove(index + 1)}
              onClick={() => set(steps.filter((_, place) => place !== index))}
            >
              <Icon name="cross" />
            </button>
          </li>
        ))}
      </ol>
      {steps.length < MOST_STEPS && (
        <button
          type="button"
          className="button ghost"
          onClick={() => set([...steps, { kind: 'page_view', match: '' }])}
        >
          <Icon name="plus" />
          {words.funnel.add}
        </button>
      )}
    </>
  );
}

interface StepProps {
  step: FunnelStep;
  /** From 1. */
  number: number;
  wrong: boolean;
  onChange: (step: FunnelStep) => void;
}

function StepFields({ step, number, wrong, onChange }: StepProps) {
  return (
    <>
      <span className="funnel-number" aria-hidden="true">
        {number}
      </span>
      <span className="select">
        <select
          value={step.kind}
          aria-label={words.funnel.kind(number)}
          onChange={(event) => onChange({ ...step, kind: event.target.value as FunnelStep['kind'] })}
        >
          {STEP_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {words.funnel.kinds[kind]}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </span>
      <input
        type="text"
        className="text-field"
        value={step.match}
        maxLength={500}
        placeholder={words.funnel.placeholders[step.kind]}
        aria-label={words.funnel.match(number)}
        aria-invalid={wrong}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange({ ...step, match: event.target.value })}
      />
    </>
  );
}

function WithinSelect({ value, onChange }: { value: number; onChange: (within: number) => void }) {
  const id = useId();
  const choices: readonly number[] = WITHIN;
  const all = choices.includes(value) ? choices : [value, ...choices].toSorted((a, b) => a - b);
  return (
    <div className="funnel-within">
      <label htmlFor={id}>{words.funnel.within}</label>
      <span className="select">
        <select id={id} value={value} onChange={(event) => onChange(Number(event.target.value))}>
          {all.map((minutes) => (
            <option key={minutes} value={minutes}>
              {words.funnel.minutes(minutes)}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </span>
    </div>
  );
}
