// The fault suite: `npm run faults -- --help` says how to call it, docs/faults.md what it promises.
import { parseArgs } from 'node:util';
import { runCampaign, type Totals } from './campaign.ts';
import { describeFault, MODES, type Mode, planRound } from './plan.ts';
import type { RoundResult } from './round.ts';

const USAGE = `Usage: npm run faults -- [options]

Runs a hub under load, breaks it in planned ways, and compares by id what was acknowledged with what is stored.
Exit code 0: nothing was lost, doubled or left unanswered. 1: something was. 2: wrong usage.

  --rounds N   rounds, 10 by default; each has the seed after the one before
  --seed S     seed of the first round, 1 by default; the plan follows from seed and mode alone
  --mode M     embedded (one process), split (engines of their own), kafka (roles around a broker)
  --plan       print the plans, and run nothing
  --keep       leave data and logs of a round that failed
  --json       one JSON object a line instead of text
`;

interface Options {
  rounds: number;
  seed: number;
  mode: Mode;
  plan: boolean;
  keep: boolean;
  json: boolean;
}

const options = readOptions();
if (typeof options === 'string') {
  process.stderr.write(`${options}\n\n${USAGE}`);
  process.exit(2);
} else if (options === null) process.stdout.write(USAGE);
else if (options.plan) printPlans(options);
else process.exitCode = await run(options);

/** null: help is asked for. A text: what is wrong. */
function readOptions(): Options | string | null {
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string', default: '10' },
        seed: { type: 'string', default: '1' },
        mode: { type: 'string', default: 'embedded' },
        plan: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return null;
    const mode = MODES.find((name) => name === values.mode);
    if (mode === undefined) return `--mode is one of ${MODES.join(', ')}, not "${values.mode}"`;
    const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
    if (!Number.isInteger(rounds) || rounds < 1) return `--rounds is a whole number from 1 on, not "${values.rounds}"`;
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) return `--seed is a whole number below 2^32`;
    return { ...values, mode, rounds, seed };
  } catch (error) {
    return (error as Error).message;
  }
}

function printPlans({ rounds, seed, mode, json }: Options): void {
  for (let round = 0; round < rounds; round += 1) {
    const plan = planRound(seed + round, mode);
    if (json) console.log(JSON.stringify(plan));
    else
      console.log(
        `seed ${plan.seed}  ${plan.deliveries.length} deliveries  ${plan.faults.map(describeFault).join('; ')}`,
      );
  }
}

async function run({ rounds, seed, mode, keep, json }: Options): Promise<number> {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      console.error('ending after this round');
      stopping.abort();
    });
  }
  const totals = await runCampaign({
    mode,
    rounds,
    seed,
    keep,
    signal: stopping.signal,
    onRound(result, late) {
      const { tenant: _, ledger: __, ...shown } = result;
      console.log(json ? JSON.stringify({ ...shown, late }) : textOf(result, late ? ' at the end' : ''));
    },
    onNote: (text) => console.error(text),
  });
  const replay = totals.failed.map((one) => `npm run faults -- --mode ${mode} --seed ${one} --rounds 1`);
  console.log(json ? JSON.stringify({ mode, ...totals, replay }) : totalText(mode, totals, replay));
  return totals.failed.length > 0 ? 1 : 0;
}

function textOf(result: RoundResult, when: string): string {
  const { seed, acknowledged, stored, lost, doubled, unanswered, seconds, faults, leftOut, wrong } = result;
  const figures = `acknowledged ${acknowledged}  stored ${stored}  lost ${lost}  doubled ${doubled}  ${seconds.toFixed(1)} s`;
  const lines = [`seed ${seed}${when}  ${figures}  ${faults.join('; ')}`];
  if (unanswered > 0) lines.push(`  ${unanswered} deliveries were never acknowledged`);
  if (leftOut.length > 0) lines.push(`  left out: ${leftOut.join('; ')}`);
  lines.push(...wrong.map((text) => `  ${text}`));
  return lines.join('\n');
}

function totalText(mode: Mode, total: Totals, replay: readonly string[]): string {
  const { rounds, acknowledged, stored, lost, doubled, seconds, crashes } = total;
  const figures = `${rounds} rounds (${mode}): acknowledged ${acknowledged}, stored ${stored}, ${lost} lost, ${doubled} doubled, ${seconds.toFixed(0)} s`;
  const ended = crashes === 0 ? [] : [`${crashes} times a program ended by itself and was started again`];
  return [figures, ...ended, ...(replay.length > 0 ? ['replay with:', ...replay.map((line) => `  ${line}`)] : [])].join(
    '\n',
  );
}
