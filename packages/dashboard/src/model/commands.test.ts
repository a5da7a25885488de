import { describe, expect, it } from 'vitest';
import { type Command, findCommands } from './commands.ts';

const make = (group: Command['group'], label: string, more: Partial<Command> = {}): Command => ({
  id: `${group}:${label}`,
  group,
  label,
  run: () => undefined,
  ...more,
});

const COMMANDS = [
  make('screens', 'Overview'),
  make('screens', 'Audit log'),
  make('screens', 'Sources'),
  make('actions', 'Log out'),
  make('actions', 'Language: Deutsch', { note: 'German' }),
  ...Array.from({ length: 9 }, (_, index) => make('tenants', `Shop ${index}`)),
];
const names = (typed: string, recent: string[] = []) =>
  findCommands(COMMANDS, typed, recent).map(({ group, commands }) => [group, ...commands.map(({ label }) => label)]);

describe('the commands that fit', () => {
  it('are all, in their order, where nothing is typed; of the tenants some', () => {
    expect(names('')).toEqual([
      ['screens', 'Overview', 'Audit log', 'Sources'],
      ['actions', 'Log out', 'Language: Deutsch'],
      ['tenants', 'Shop 0', 'Shop 1', 'Shop 2', 'Shop 3'],
    ]);
  });

  it('those used lately stand first, once, and no more of them than help; what is gone is left out', () => {
    const recent = [
      'tenants:Shop 8',
      'screens:Sources',
      'screens:gone',
      'actions:Log out',
      'tenants:Shop 1',
      'tenants:Shop 2',
    ];
    expect(names('', recent)).toEqual([
      ['recent', 'Shop 8', 'Sources', 'Log out', 'Shop 1'],
      ['screens', 'Overview', 'Audit log'],
      ['actions', 'Language: Deutsch'],
      ['tenants', 'Shop 0', 'Shop 2', 'Shop 3', 'Shop 4'],
    ]);
  });

  it('stand in the order of how well they fit, whatever their group', () => {
    expect(names('log')).toEqual([
      ['actions', 'Log out'],
      ['screens', 'Audit log'],
    ]);
    expect(names('audit')).toEqual([['screens', 'Audit log']]);
    expect(names('shop 7')).toEqual([['tenants', 'Shop 7']]);
    expect(names('nothing of the kind')).toEqual([]);
  });

  it('of those that fit alike, what was used lately is first', () => {
    expect(names('shop')[0]?.slice(0, 2)).toEqual(['tenants', 'Shop 0']);
    expect(names('shop', ['tenants:Shop 5'])[0]?.slice(0, 2)).toEqual(['tenants', 'Shop 5']);
  });

  it('are found by what is said beside them, too', () => {
    expect(names('german')).toEqual([['actions', 'Language: Deutsch']]);
  });

  it('what was made of the words themselves is there whatever they are', () => {
    const filter = make('filters', 'Country is Germany', { typed: true });
    expect(findCommands([...COMMANDS, filter], 'country=DE', [])[0]?.commands).toEqual([filter]);
  });
});
