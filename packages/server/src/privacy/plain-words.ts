import type { PrivacyPolicy } from '@vedette/contract';

/** What a policy says, in English. The one place of these sentences. */
export function inPlainWords(policy: PrivacyPolicy): string[] {
  const { retention_days: days, banner } = policy;
  return [
    banner.enabled
      ? `Visitors are asked whether they agree to ${purposesOf(banner.purposes)}; a choice holds for ${daysOf(banner.ask_again_days)}, then they are asked again.`
      : 'Visitors are not asked, and so nobody has granted anything.',
    `Of people who granted, whole requests are kept for ${daysOf(days.granted)}: with the random id of their browser${placeOf(policy)}${referrerOf(policy, true)}. What they do in pages is kept for ${daysOf(days.interactions)}, and their sessions for ${daysOf(days.sessions)}.`,
    policy.unknown === 'pseudonymous'
      ? `Of those who have not chosen, requests are kept for ${daysOf(days.unknown)} under a key that changes daily${placeOf(policy)}${referrerOf(policy, false)}; they cannot be recognised the day after.`
      : `Those who have not chosen are only counted; of bots, hosting networks and attacks among them, requests are kept for ${daysOf(days.unknown)} without city.`,
    `Those who refused are only counted${policy.honour_dnt ? ', and so are browsers that send Global Privacy Control or Do Not Track' : ', and so are browsers that send Global Privacy Control'}, unless they agree on the site itself. Of bots, hosting networks and attacks among them, requests are kept for ${daysOf(days.refused)} without city.`,
    `What somebody chose, and the words that were shown, is kept as evidence for ${daysOf(days.evidence)} after the last choice, without an address.`,
    `Figures that are shared or public show no group of fewer than ${policy.least_group} people.`,
    'No IP address is kept with a request; a key stands for it, which is destroyed after 30 days unless the operator has set another time.',
  ];
}

/** What another policy would change, in English; nothing where they say the same. */
export function changesInPlainWords(from: PrivacyPolicy, to: PrivacyPolicy): string[] {
  return [...retentionChanges(from, to), ...keepingChanges(from, to), ...bannerChanges(from, to)];
}

const RETAINED: Record<keyof PrivacyPolicy['retention_days'], string> = {
  granted: 'Requests of people who granted',
  unknown: 'Requests of those who have not chosen',
  refused: 'Requests of bots, hosting networks and attacks that refused',
  interactions: 'What people who granted do in pages',
  sessions: 'Sessions',
  evidence: 'Evidence of choices',
};

function retentionChanges(from: PrivacyPolicy, to: PrivacyPolicy): string[] {
  const names = Object.keys(RETAINED) as (keyof typeof RETAINED)[];
  const changed = names.filter((name) => from.retention_days[name] !== to.retention_days[name]);
  const lines = changed.map((name) => {
    const [before, after] = [from.retention_days[name], to.retention_days[name]];
    return `${RETAINED[name]} would be kept for ${daysOf(after)} instead of ${daysOf(before)}, which is ${after < before ? 'shorter' : 'longer'}.`;
  });
  if (changed.some((name) => ['granted', 'unknown', 'refused', 'interactions'].includes(name))) {
    lines.push('Rows that are there already go on the day they were given when they came.');
  }
  return lines;
}

function keepingChanges(from: PrivacyPolicy, to: PrivacyPolicy): string[] {
  const lines: string[] = [];
  if (from.unknown !== to.unknown) {
    lines.push(
      to.unknown === 'counted'
        ? 'Those who have not chosen would only be counted, but for bots, hosting networks and attacks.'
        : 'Of those who have not chosen, requests would be kept under a key that changes daily.',
    );
  }
  if (from.city !== to.city) lines.push(to.city ? 'Cities would be kept.' : 'Cities would no longer be kept.');
  if (from.referrer !== to.referrer) lines.push(`Of referrers, ${REFERRERS[to.referrer]} would be kept.`);
  if (from.honour_dnt !== to.honour_dnt) {
    lines.push(
      to.honour_dnt
        ? 'Browsers that send Do Not Track would count as having refused.'
        : 'Do Not Track would no longer count as a refusal; Global Privacy Control always does.',
    );
  }
  if (from.least_group !== to.least_group) {
    lines.push(`Shared figures would show groups from ${to.least_group} people on instead of ${from.least_group}.`);
  }
  return lines;
}

function bannerChanges({ banner: from }: PrivacyPolicy, { banner: to }: PrivacyPolicy): string[] {
  const lines: string[] = [];
  if (from.enabled !== to.enabled) {
    lines.push(to.enabled ? 'Visitors would be asked.' : 'Visitors would no longer be asked, and nobody could agree.');
  }
  if (from.purposes.join() !== to.purposes.join()) {
    lines.push(`Visitors would be asked about ${purposesOf(to.purposes)} instead of ${purposesOf(from.purposes)}.`);
  }
  if (from.ask_again_days !== to.ask_again_days) {
    lines.push(`A choice would hold for ${daysOf(to.ask_again_days)} instead of ${daysOf(from.ask_again_days)}.`);
  }
  if (from.policy_url !== to.policy_url) {
    lines.push(
      to.policy_url === null
        ? 'The banner would link to no privacy policy.'
        : `The banner would link to ${to.policy_url}.`,
    );
  }
  const languages = new Set([...Object.keys(from.texts), ...Object.keys(to.texts)]);
  const reworded = [...languages].filter((name) => canonical(from.texts[name]) !== canonical(to.texts[name])).sort();
  if (reworded.length > 0) {
    lines.push(
      `The banner would have other words in ${reworded.join(', ')}; choices are noted under a new version of the text.`,
    );
  }
  return lines;
}

const REFERRERS: Record<PrivacyPolicy['referrer'], string> = {
  full: 'the whole address without its secrets',
  host: 'only the host',
  none: 'nothing',
};

const PURPOSES = { analytical: 'being recognised for figures', marketing: 'other companies’ tags and advertising' };

function purposesOf(purposes: PrivacyPolicy['banner']['purposes']): string {
  return purposes.length === 0 ? 'nothing' : purposes.map((purpose) => PURPOSES[purpose]).join(' and ');
}

function placeOf({ city }: PrivacyPolicy): string {
  return city ? ', the city' : ', the country and region but not the city';
}

function referrerOf({ referrer }: PrivacyPolicy, granted: boolean): string {
  const most = granted || referrer !== 'full' ? referrer : 'host';
  return most === 'none'
    ? ', and no referrer'
    : most === 'host'
      ? ', and the host they came from'
      : ', and where they came from';
}

function daysOf(days: number): string {
  return days === 1 ? 'one day' : `${days} days`;
}

function canonical(words: Record<string, string | undefined> | undefined): string {
  return JSON.stringify(Object.entries(words ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}
