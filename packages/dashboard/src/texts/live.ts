import { counted } from './language.ts';

/** The words of the live tail. */
export const live = {
  title: 'Live tail',
  lead: 'Requests as they come in, a second or two after the hub received them. Only those of which a row is kept: of people who refused none are shown, and no imported files.',
  watch: 'Watch live',
  watchHelp: 'Requests with these filters as they come in',
  explore: 'Explore these',
  exploreHelp: 'The last hour of requests with these filters',
  lastHour: 'in the last hour',

  who: 'Who is shown',
  everybody: 'Everybody',

  state: {
    label: 'Connection',
    connecting: 'Connecting…',
    live: 'Live',
    paused: 'Paused',
    unreadable: 'Waiting for the hub',
    unreadableHelp: 'The hub cannot read requests just now. They follow as soon as it can.',
    broken: 'Broken off',
    again: (seconds: number) => `trying again in ${seconds} s`,
    now: 'Try now',
    refused: 'Not shown',
  },

  pause: 'Pause',
  goOn: 'Go on',
  pauseHelp: 'Or press the space bar',
  clear: 'Clear',
  cleared: 'The list was cleared.',

  rate: {
    perSecond: (rate: string) => `${rate} a second`,
    came: (count: number, clock: string) => `${counted(count, 'request', 'requests')} since ${clock}`,
    leftOut: (count: string) => `${count} left out`,
    leftOutTitle: 'Left out',
    leftOutHelp:
      'More came in than is shown one by one: the latest 200 of a second, or fewer over a slow connection. The others are counted here, and the explorer has them all.',
    chart: (most: string) => `Requests a second over the last minute, ${most} at most`,
  },

  list: 'As they come in',
  kept: (count: string) => `the latest ${count} at most, the latest first`,
  fresh: (count: number) => counted(count, 'new request', 'new requests'),
  freshPaused: (count: number) => `${counted(count, 'request', 'requests')} meanwhile: go on`,
  gap: (from: string, to: string) =>
    `What came between ${from} and ${to} is missing here: this page was away for too long. The explorer has it.`,

  said: {
    came: (count: number, seconds: number) => `${counted(count, 'request', 'requests')} in the last ${seconds} seconds`,
  },

  empty: {
    nothing: 'Nothing has come in yet',
    nothingLead: 'Send a first request, and it appears here a second or two later.',
    firstSteps: 'First steps',
    byHand: 'One request, by hand',
    quiet: 'No request in the last hour',
    quietLead: 'The next one appears here by itself.',
    filtered: 'No such request in the last hour',
    filteredLead: 'The next one that these filters let through appears here by itself.',
    takeAway: 'Take the filters away',
    cleared: 'Cleared',
    clearedLead: 'The next request appears here by itself.',
  },
} as const;
